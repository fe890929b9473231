// Package party is what all parties of the sandbox have in common as HTTP servers: a request is read within limits, let in or not,
// struck by a fault or not, and entered in the books when something was really done. It knows no party.
package party

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
)

// Party is one that Waybill speaks with.
type Party interface {
	// Name is its path, and its name in rules and books.
	Name() string
	// Operations are all that can be asked of it.
	Operations() []Operation
	// Admit answers who may not come in, or not now; nil lets the call in.
	Admit(*Call) *Reply
	// Refuse says in the party's own form what went wrong on the way. After is when to come again; 0: not said.
	Refuse(status int, message string, after time.Duration) Reply
	// Close ends what it does by itself.
	Close()
}

// Operation is one thing that can be asked of a party.
type Operation struct {
	Name    string // in rules and books, never changed
	Pattern string // of http.ServeMux, below the party's own path, without a slash at the end
	Acts    bool   // something is another thing afterwards
	Commits bool   // and it is so before success is answered: a success is never a lie
	Do      func(*Call) Reply

	// Refuse says what went wrong on the way in a form that this operation alone has; nil: in the party's.
	Refuse func(status int, message string, after time.Duration) Reply

	// Means tells, of several operations with one pattern, whether a body asks for this one; the first that says so is meant. nil: any.
	Means func(body []byte) bool
}

func (o Operation) refuse(p Party, status int, message string, after time.Duration) Reply {
	if o.Refuse != nil {
		return o.Refuse(status, message, after)
	}
	return p.Refuse(status, message, after)
}

// Ability says which faults can strike it.
func (o Operation) Ability() fault.Ability {
	switch {
	case o.Acts && o.Commits:
		return fault.Committing
	case o.Acts:
		return fault.Acting
	}
	return fault.Reading
}

// Reply is an answer, before it is sent.
type Reply struct {
	Status int
	After  time.Duration // for the header Retry-After, in whole seconds, rounded up; 0: none
	Body   []byte        // JSON; empty: none
	Header http.Header   // of the party's own, in canonical form; nil: none
	Type   string        // what the party calls the form of the body; empty: application/json
}

// JSON is the reply with a value.
func JSON(status int, value any) Reply {
	body, err := json.Marshal(value)
	if err != nil {
		panic("write an answer of the sandbox: " + err.Error()) // only texts, numbers, lists and maps: cannot fail
	}
	return Reply{Status: status, Body: body}
}

// Call is one request, read whole.
type Call struct {
	*http.Request
	Body []byte

	operation string
	told      ledger.Told
	books     *ledger.Ledger
}

// Address is the whole URI that was asked for, as its caller wrote it.
func (c *Call) Address() string { return c.origin() + c.RequestURI }

// Base is the URL of the party of that name, as its caller wrote it: everything up to a path below it.
func (c *Call) Base(name string) string { return c.origin() + "/" + name }

func (c *Call) origin() string {
	if c.TLS != nil {
		return "https://" + c.Host
	}
	return "http://" + c.Host
}

// Pretend is true when the party is to say that it was done and do nothing. Ask it when all is checked, before anything is changed.
func (c *Call) Pretend(subject string) bool {
	if c.told != ledger.Ignored {
		return false
	}
	c.books.Enter(c.operation, subject, "", ledger.Ignored)
	return true
}

// Done enters in the books what has just been done. Call it where the change is made, under the same lock.
func (c *Call) Done(subject, result string) { c.books.Enter(c.operation, subject, result, c.told) }

// Read decodes a body that must be one JSON object with no other fields than those of the value.
func (c *Call) Read(into any) error {
	d := json.NewDecoder(bytes.NewReader(c.Body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the JSON object")
	}
	return nil
}
