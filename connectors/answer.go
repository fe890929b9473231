package connectors

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// answer is what a sender is told.
type answer struct {
	status  int
	outcome string
	wait    time.Duration // before it makes sense to come again
	allow   string        // the methods, where another was used
	scheme  string        // how to prove who one is, where that is missing
	text    string        // what to answer instead of JSON of ours
	media   string        // of what kind that text is, where it is neither JSON nor plain
	bare    bool          // without a body

	OrderID  string   `json:"order_id,omitempty"`
	Accepted *int     `json:"accepted,omitempty"` // orders
	Orders   []string `json:"orders,omitempty"`   // ids of the first of them
	SHA256   string   `json:"sha256,omitempty"`   // of the body that was accepted
	Reason   string   `json:"error,omitempty"`
	Document int      `json:"document,omitempty"` // counted from 1
	Line     int      `json:"line,omitempty"`     // of the body, counted from 1
	Column   int      `json:"column,omitempty"`   // in characters, counted from 1
	Offset   *int     `json:"offset,omitempty"`   // bytes of the body before the fault
	Faults   []fault  `json:"faults,omitempty"`   // of an order
}

// fault is one thing that is wrong with an order.
type fault struct {
	Code string `json:"code"`
	Path string `json:"path"`
	Text string `json:"text"`
}

// What became of a request, as the metric says it.
const (
	outcomeAccepted     = "accepted"
	outcomeUnknownParty = "unknown_party"
	outcomeWrongMethod  = "wrong_method"
	outcomeTooLarge     = "too_large"
	outcomeNotJSON      = "not_json"
	outcomeEncoding     = "wrong_encoding"
	outcomeBroken       = "broken_off"
	outcomeSlow         = "too_slow"
	outcomeRateLimited  = "rate_limited"
	outcomeBusy         = "busy"
	outcomeFull         = "full"
	outcomeNotStored    = "not_stored"

	outcomeRepeated       = "repeated" // accepted, because it was before
	outcomeUnsigned       = "unsigned"
	outcomeWrongSignature = "wrong_signature"
	outcomeStaleSignature = "stale_signature"
	outcomeUnchecked      = "unchecked_signature"
	outcomeNoSecret       = "no_secret"
	outcomeNoToken        = "no_token"
	outcomeWrongToken     = "wrong_token"
	outcomeNoKey          = "no_key"
	outcomeOtherRequest   = "other_request" // under a key that was used before
	outcomeKeysUnknown    = "keys_unknown"
	outcomeWrongType      = "wrong_type"
	outcomeWrongReference = "wrong_reference"
	outcomeFaulty         = "faulty"
	outcomeChallenged     = "challenged"
	outcomeNoChallenge    = "no_challenge"
)

// ordersToldMax bounds how many order ids an answer repeats.
const ordersToldMax = 20

func accepted(messages []topics.Message) answer {
	n := len(messages)
	a := answer{status: http.StatusAccepted, outcome: outcomeAccepted, Accepted: &n}
	for i := range min(n, ordersToldMax) {
		a.Orders = append(a.Orders, messages[i].Key)
	}
	return a
}

func refuse(status int, outcome, reason string) answer {
	return answer{status: status, outcome: outcome, Reason: reason}
}

// Error makes a refusal an error, which ends the work on a request.
func (a answer) Error() string { return a.Reason }

func (a answer) after(wait time.Duration) answer {
	a.wait = wait
	return a
}

// documentError says which document of a request is at fault.
type documentError struct {
	Document, Line int
	err            error
}

func (e *documentError) Error() string { return fmt.Sprintf("document %d, %v", e.Document, e.err) }
func (e *documentError) Unwrap() error { return e.err }

// wrongMethod names the methods that there are.
func wrongMethod(methods map[string]work) answer {
	allowed := strings.Join(slices.Sorted(maps.Keys(methods)), ", ")
	a := refuse(http.StatusMethodNotAllowed, outcomeWrongMethod, "this door takes "+allowed)
	a.allow = allowed
	return a
}

// refusalOf is the answer to a request that ended with the error: a refusal, or what is wrong with its body.
func refusalOf(err error) answer {
	var refusal answer
	if errors.As(err, &refusal) {
		return refusal
	}
	var tooMuch *tooMuchError
	var broken *brokenError
	a := refuse(http.StatusUnprocessableEntity, outcomeNotJSON, err.Error())
	switch {
	case errors.As(err, &tooMuch):
		a.status, a.outcome = http.StatusRequestEntityTooLarge, outcomeTooLarge
	case errors.As(err, &broken):
		a.status, a.outcome = http.StatusBadRequest, outcomeBroken
	case errors.Is(err, errSlow):
		a.status, a.outcome = http.StatusRequestTimeout, outcomeSlow
	case errors.Is(err, errEncoding):
		a.status, a.outcome = http.StatusUnsupportedMediaType, outcomeEncoding
	}
	return a.at(err)
}

// faulty is the answer to an order with all that is wrong with it.
func faulty(faults schemas.Faults) answer {
	a := refuse(http.StatusUnprocessableEntity, outcomeFaulty, fmt.Sprintf("the order can not be taken as it is: %d faults", len(faults)))
	for _, f := range faults {
		a.Faults = append(a.Faults, fault(f))
	}
	return a
}

// malformed is the answer to what is not the document that it should be.
func malformed(err error) error {
	a := refusalOf(err)
	if a.outcome == outcomeNotJSON {
		a.status = http.StatusBadRequest
	}
	return a
}

// at adds where in the body the fault is.
func (a answer) at(err error) answer {
	if document := (*documentError)(nil); errors.As(err, &document) {
		a.Document, a.Line = document.Document, document.Line
	}
	if syntax := (*schemas.SyntaxError)(nil); errors.As(err, &syntax) {
		a.Line, a.Column, a.Offset = syntax.Line, syntax.Column, &syntax.Offset
	}
	return a
}

func (a answer) write(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if a.allow != "" {
		header.Set("Allow", a.allow)
	}
	if a.scheme != "" {
		header.Set("WWW-Authenticate", a.scheme)
	}
	if a.wait > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(a.wait.Seconds()))))
	}
	text := []byte(a.text)
	switch {
	case a.bare:
		header.Del("Content-Type")
	case a.media != "":
		header.Set("Content-Type", a.media)
	case a.text == "":
		text = a.json()
	case !json.Valid(text) || text[0] != '{':
		header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(text) // a sender who is gone asks again
}

func (a answer) json() []byte {
	text, err := json.Marshal(a)
	if err != nil {
		panic(fmt.Sprintf("connectors: an answer that is no JSON: %v", err)) // ours: it holds texts and numbers
	}
	return append(text, '\n')
}
