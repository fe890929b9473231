package tryton

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"waybill/connectors/remote"
)

// request has these three keys and no other: with one more, as JSON-RPC 2.0 has it, Tryton answers in another form.
type request struct {
	ID     int    `json:"id"`
	Method string `json:"method"`
	Params []any  `json:"params"`
}

// answer has a result or an error, both with the status 200.
type answer struct {
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// ask is a question: whatever fails of it, nothing was done.
func (e *ERP) ask(ctx context.Context, method string, into any, params ...any) ([]byte, error) {
	said, err := e.do(ctx, method, into, params...)
	return said, harmless(err)
}

// do makes a call in the session.
func (e *ERP) do(ctx context.Context, method string, into any, params ...any) ([]byte, error) {
	return e.doWith(ctx, nil, method, into, params...)
}

// doWith is do with more in the context of the call. It renews the session once if Tryton has forgotten it: what is refused at the door
// was not done.
func (e *ERP) doWith(ctx context.Context, more map[string]any, method string, into any, params ...any) ([]byte, error) {
	s, err := e.enter(ctx, nil)
	for again := true; err == nil; again = false {
		its := maps.Clone(s.context)
		maps.Copy(its, more)
		var said []byte
		said, err = e.exchange(context.WithValue(ctx, inSession{}, s), method, into, append(slices.Clone(params), its)...)
		var f *remote.Failure
		if !again || !errors.As(err, &f) || f.Status != http.StatusUnauthorized {
			return said, err
		}
		s, err = e.enter(ctx, s)
	}
	return nil, err
}

// exchange is one request and its answer.
func (e *ERP) exchange(ctx context.Context, method string, into any, params ...any) ([]byte, error) {
	select {
	case e.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, late()
	}
	defer func() { <-e.slots }()
	var a answer
	said, err := e.client.Post(ctx, "/", request{Method: method, Params: params}, &a)
	switch {
	case err != nil:
		return nil, err
	case len(a.Error) > 0:
		return nil, refusal(a.Error)
	case a.Result == nil:
		return nil, unreadable("it has neither a result nor an error")
	}
	if into == nil {
		return said, nil
	}
	if json.Unmarshal(a.Result, into) != nil {
		return nil, unreadable("its result is not what " + method + " answers")
	}
	return said, nil
}

// refusal reads what Tryton says is wrong: the name of one of its own exceptions (trytond/exceptions.py) and what it says to people,
// or the text and the traceback of any other. Each ends the transaction, but one that is not its own may be of ending it.
func refusal(raw json.RawMessage) *remote.Failure {
	var name string
	var rest json.RawMessage
	if json.Unmarshal(raw, &[]any{&name, &rest}) != nil {
		return unreadable("its error is none of Tryton's")
	}
	var told []any
	_ = json.Unmarshal(rest, &told)
	text := func(i int) string {
		if i < len(told) {
			s, _ := told[i].(string)
			return s
		}
		return ""
	}
	f := &remote.Failure{Code: name}
	switch name {
	case "UserError":
		f.Class, f.Reason = remote.Business, strings.TrimSpace(text(0)+" "+text(1))
	case "UserWarning":
		f.Class, f.Reason = remote.Business, "Tryton asks a person: "+strings.TrimSpace(text(1)+" "+text(2))
	case "ConcurrencyException":
		f.Class, f.Reason = remote.Transient, "somebody else has changed the record in the meantime"
	case "LoginException":
		f.Class, f.Reason = remote.Authentication, "Tryton asks the user for more than a password: give Waybill a user that needs no second factor"
	default:
		first, _, _ := strings.Cut(name, "\n")
		f.Class, f.Code, f.Perhaps, f.Reason = remote.Transient, "exception", true, "Tryton failed by itself, and its log says where: "+first
	}
	return f
}

// unreadable is an answer of something else, or of another version.
func unreadable(why string) *remote.Failure {
	return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "the answer can not be read: " + why, Perhaps: true}
}

// late is a call whose time was over before it was sent.
func late() *remote.Failure {
	return &remote.Failure{Class: remote.Transient, Code: "timeout", Reason: "the time of the call was over before it was its turn"}
}

// harmless is a failure of what does nothing, or nothing that counts.
func harmless(err error) error {
	var f *remote.Failure
	if errors.As(err, &f) {
		f.Perhaps = false
	}
	return err
}
