package party

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
)

// BodyBytesMax bounds the body of a request.
const BodyBytesMax = 256 << 10

// Desk is where a party is spoken with.
type Desk struct {
	party  Party
	chance *fault.Chance
	books  *ledger.Ledger
	later  *Later
	mux    *http.ServeMux
}

// NewDesk opens a desk for the party, below /NAME.
func NewDesk(p Party, chance *fault.Chance, books *ledger.Ledger, later *Later) *Desk {
	d := &Desk{party: p, chance: chance, books: books, later: later, mux: http.NewServeMux()}
	sharing := map[string][]Operation{}
	for _, o := range p.Operations() {
		sharing[o.Pattern] = append(sharing[o.Pattern], o)
	}
	for pattern, operations := range sharing {
		method, path, _ := strings.Cut(pattern, " ")
		d.mux.HandleFunc(method+" /"+p.Name()+path, func(w http.ResponseWriter, r *http.Request) { d.serve(w, r, operations) })
	}
	return d
}

// meant is which of the operations with one pattern a body asks for; if none says so, the last.
func meant(operations []Operation, body []byte) Operation {
	at := slices.IndexFunc(operations, func(o Operation) bool { return o.Means == nil || o.Means(body) })
	if at < 0 {
		at = len(operations) - 1
	}
	return operations[at]
}

// ServeHTTP answers one request. A slash at the end of a path says nothing.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	plain := r.Clone(r.Context())
	plain.URL.Path, plain.URL.RawPath = strings.TrimSuffix(r.URL.Path, "/"), strings.TrimSuffix(r.URL.RawPath, "/")
	if _, pattern := d.mux.Handler(plain); pattern == "" {
		d.books.Asked("unknown", strconv.Itoa(http.StatusNotFound))
		write(w, d.party.Refuse(http.StatusNotFound, "there is no such endpoint", 0))
		return
	}
	d.mux.ServeHTTP(w, plain)
}

func (d *Desk) serve(w http.ResponseWriter, r *http.Request, operations []Operation) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, BodyBytesMax))
	o := meant(operations, body)
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		d.answer(w, o, o.refuse(d.party, http.StatusRequestEntityTooLarge, "the body is larger than "+strconv.FormatInt(tooLarge.Limit, 10)+" bytes", 0))
		return
	} else if err != nil {
		d.cut(o, "cut off")
	}
	call := &Call{Request: r, Body: body, operation: o.Name, told: ledger.Answered, books: d.books}
	if refused := d.party.Admit(call); refused != nil {
		d.answer(w, o, *refused)
		return
	}
	blow := d.chance.Next(d.party.Name(), o.Name, o.Ability())
	if !d.later.Wait(blow.Wait) {
		d.cut(o, "stopped")
	}
	d.strike(w, o, call, blow)
}

// strike does what was asked, as the fault wants it.
func (d *Desk) strike(w http.ResponseWriter, o Operation, call *Call, blow fault.Blow) {
	switch blow.Kind {
	case fault.Storm:
		d.answer(w, o, o.refuse(d.party, http.StatusTooManyRequests, "too many requests", max(blow.For, time.Second)))
	case fault.Down:
		status := []int{http.StatusInternalServerError, http.StatusServiceUnavailable}[blow.Dice.Below(2)]
		d.answer(w, o, o.refuse(d.party, status, "something is broken here", 0))
	case fault.Gateway:
		call.told = ledger.Garbled
		o.Do(call)
		status := []int{http.StatusBadGateway, http.StatusGatewayTimeout}[blow.Dice.Below(2)]
		d.answer(w, o, o.refuse(d.party, status, "the server behind this one did not answer in time", 0))
	case fault.Drop:
		call.told = ledger.Dropped
		o.Do(call)
		d.cut(o, string(fault.Drop))
	case fault.Late:
		call.told = ledger.Late
		d.later.After(blow.For, func() { o.Do(call) })
		d.cut(o, string(fault.Late))
	case fault.Wrong:
		call.told = ledger.Garbled
		o.Do(call).garble(w, blow.Dice)
		d.books.Asked(o.Name, string(fault.Wrong))
	case fault.Ignore:
		call.told = ledger.Ignored
		d.answer(w, o, o.Do(call))
	default:
		d.answer(w, o, o.Do(call))
	}
}

func (d *Desk) answer(w http.ResponseWriter, o Operation, r Reply) {
	d.books.Asked(o.Name, strconv.Itoa(r.Status))
	write(w, r)
}

// cut closes the connection without an answer.
func (d *Desk) cut(o Operation, outcome string) {
	d.books.Asked(o.Name, outcome)
	panic(http.ErrAbortHandler)
}

func write(w http.ResponseWriter, r Reply) {
	if r.After > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(r.After.Seconds()))))
	}
	maps.Copy(w.Header(), r.Header)
	w.Header().Set("Cache-Control", "no-store")
	if len(r.Body) > 0 {
		w.Header().Set("Content-Type", cmp.Or(r.Type, "application/json"))
	}
	w.WriteHeader(r.Status)
	_, _ = w.Write(r.Body) // who hung up needs no answer
}
