package odoo

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"waybill/connectors/remote"
)

// request is one of JSON-RPC 2.0; Odoo looks at its params only.
type request struct {
	Version string `json:"jsonrpc"`
	Method  string `json:"method"`
	ID      int    `json:"id"`
	Params  params `json:"params"`
}

type params struct {
	Service string `json:"service"`
	Method  string `json:"method"`
	Args    []any  `json:"args"`
}

// answer has a result or an error, both with the status 200.
type answer struct {
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code int `json:"code"`
		Data struct {
			Name    string `json:"name"`
			Message string `json:"message"`
		} `json:"data"` // also a traceback, which may say anything about anyone
	} `json:"error"`
}

// named are the arguments of a method that have names.
type named map[string]any

// ask is a question: whatever fails of it, nothing was done.
func (e *ERP) ask(ctx context.Context, into any, model, method string, with named, args ...any) ([]byte, error) {
	said, err := e.do(ctx, into, model, method, with, args...)
	return said, harmless(err)
}

// list is the records that a condition holds for, the oldest first.
func (e *ERP) list(ctx context.Context, into any, model string, max int, where domain, fields ...string) ([]byte, error) {
	with := named{"fields": fields, "order": "id"}
	if max > 0 {
		with["limit"] = max
	}
	return e.ask(ctx, into, model, "search_read", with, where)
}

// do calls a method of a model.
func (e *ERP) do(ctx context.Context, into any, model, method string, with named, args ...any) ([]byte, error) {
	uid, err := e.enter(ctx)
	if err != nil {
		return nil, err
	}
	if args == nil {
		args = []any{}
	}
	if with == nil {
		with = named{}
	}
	said, err := e.exchange(ctx, into, "object", "execute_kw", e.database, uid, e.key, model, method, args, with)
	var f *remote.Failure
	if errors.As(err, &f) && f.Code == codeDenied {
		e.leave(ctx, uid)
	}
	return said, err
}

// create makes one record.
func (e *ERP) create(ctx context.Context, model string, record map[string]any) (ref string, said []byte, err error) {
	var made json.Number
	if said, err = e.do(ctx, &made, model, "create", nil, record); err != nil {
		return "", nil, err
	}
	if made == "" {
		return "", nil, unreadable("it does not say what was made")
	}
	return made.String(), said, nil
}

// exchange is one request and its answer.
func (e *ERP) exchange(ctx context.Context, into any, service, method string, args ...any) ([]byte, error) {
	select {
	case e.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, late()
	}
	defer func() { <-e.slots }()
	var a answer
	said, err := e.client.Post(ctx, "/jsonrpc", request{"2.0", "call", 1, params{service, method, args}}, &a)
	switch {
	case err != nil:
		return nil, elsewhere(err)
	case a.Error != nil:
		return nil, refusal(a.Error.Data.Name, a.Error.Data.Message)
	case a.Result == nil:
		return nil, unreadable("it has neither a result nor an error")
	}
	if into != nil && json.Unmarshal(a.Result, into) != nil {
		return nil, unreadable("its result is not what " + method + " answers")
	}
	return said, nil
}

// elsewhere is a failure before Odoo. Where there is no /jsonrpc, there is none of it for any call.
func elsewhere(err error) error {
	var f *remote.Failure
	if errors.As(err, &f) && f.Status == http.StatusNotFound {
		f.Class, f.Code, f.Reason = remote.Authentication, "no_odoo", "there is no Odoo at that address, or it offers no /jsonrpc: look at erp.url"
	}
	return err
}

const codeDenied = "AccessDenied"

// refusal sorts an exception by its name (odoo/exceptions.py, odoo/http.py: serialize_exception). Odoo's own are raised before its
// transaction ends, and undo it; any other may be of ending it. Collisions are told once Odoo has tried five times, and nothing was done.
func refusal(name, message string) *remote.Failure {
	f := &remote.Failure{Code: name[strings.LastIndex(name, ".")+1:], Reason: strings.Join(strings.Fields(message), " ")}
	switch {
	case f.Code == codeDenied:
		f.Class, f.Reason = remote.Authentication, "Odoo refuses the user or the API key: look at erp.user and erp.token_file"
	case strings.HasPrefix(name, "odoo.exceptions."): // UserError, ValidationError, AccessError, MissingError, RedirectWarning
		f.Class = remote.Business
	case strings.HasPrefix(name, "psycopg2.") && strings.Contains(message, "does not exist") && strings.Contains(message, "database"):
		f.Class, f.Code, f.Reason = remote.Authentication, "unknown_database", "Odoo has no database of that name: look at the end of erp.url"
	case f.Code == "SerializationFailure", f.Code == "LockNotAvailable", f.Code == "DeadlockDetected":
		f.Class, f.Reason = remote.Transient, "somebody else has changed the record in the meantime"
	case name == "builtins.ValueError" && strings.HasPrefix(message, "Invalid field"):
		f.Class, f.Code = remote.Permanent, "unknown_field"
		f.Reason += ": this is no Odoo 17 with the modules sale_management, sale_stock and stock_delivery"
	default: // what it says may be of anything
		f.Class, f.Perhaps, f.Reason = remote.Transient, true, "Odoo failed by itself, and its log says where: "+name
		f.Code = "exception"
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
