package connectors

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// OrdersPath is where the order API is; behind it and a slash stands the reference of one order.
const OrdersPath = "/orders"

// ChannelDirect is the channel of those parties who send their orders to the order API.
const ChannelDirect = "direct"

// Normalizer is a channel that can say whether it understands an order; its error is schemas.Faults.
type Normalizer interface {
	Normalize(raw *schemas.RawOrder) (*schemas.Order, error)
}

// Keys knows the requests that were carried out, by their idempotency keys: the hash of the body (hexadecimal SHA-256) and the order
// of each. An error means that it can not tell.
type Keys interface {
	Lookup(ctx context.Context, party, key string) (sha256, orderID string, found bool, err error)
}

// Orders is the door for those who have no channel: POST /orders with one order, PATCH /orders/{ref} with a change to it, a JSON
// merge patch (RFC 7396). The party is that of ?party=, or the only one there is. An order that is not understood is refused with all
// that is wrong with it.
//
// Each request has an Idempotency-Key, under which it is carried out once: the same again is answered the same, another is refused.
// Two instances that take one key at the same moment do not know of each other; whoever reads the topic keeps the first.
type Orders struct {
	guarded
	keys     Keys
	requests map[string]*deeds[receipt] // by party
	only     string                     // the party, if there is one
}

// receipt is what came of a request. Who carried it out elsewhere left no method.
type receipt struct{ method, orderID, sha256 string }

// NewOrders is the order API of those parties whose channel is direct.
func NewOrders(parties map[string]Party, store Store, keys Keys, limits Limits, metrics *Metrics) *Orders {
	direct, requests, only := map[string]Party{}, map[string]*deeds[receipt]{}, ""
	for name, party := range parties {
		if party.Channel == ChannelDirect {
			direct[name], requests[name], only = party, newDeeds[receipt](), name
		}
	}
	if len(direct) > 1 {
		only = ""
	}
	o := &Orders{guarded: guarded{door: newDoor("orders", direct, store, limits, metrics)}, keys: keys, requests: requests, only: only}
	o.unknown = "name with ?party= one of the parties whose channel is " + ChannelDirect
	return o
}

// ServeHTTP answers one request.
func (o *Orders) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	party := o.only
	if named := r.URL.Query(); named.Has("party") {
		party = named.Get("party")
	}
	if ref := strings.TrimPrefix(r.URL.EscapedPath(), OrdersPath); ref != "" && ref != "/" {
		o.serve(w, r, party, map[string]work{http.MethodPatch: o.take(patched)})
		return
	}
	o.serve(w, r, party, map[string]work{http.MethodPost: o.take(created)})
}

// take carries out a request that was read in that way.
func (o *Orders) take(read reader) work {
	return func(v *visit) (answer, error) {
		if err := o.enter(v); err != nil {
			return answer{}, err
		}
		key, err := idempotencyKey(v.r.Header)
		if err != nil {
			return answer{}, err
		}
		leave, err := o.admit(v)
		if err != nil {
			return answer{}, err
		}
		defer leave()
		body, err := readBody(v.w, v.r, min(o.limits.RequestBytesMax, o.limits.BodyBytesMax))
		if err != nil {
			return answer{}, err
		}
		o.holdsOnly(v, len(body))
		raw, err := read(v, body)
		if err != nil {
			return answer{}, err
		}
		raw.Body.Bytes, raw.IdempotencyKey = body, key
		return o.once(v, o.delivery(v, schemas.OriginAPI).message(raw))
	}
}

// once carries a request out, unless that was done.
func (o *Orders) once(v *visit, order topics.Message) (answer, error) {
	raw := order.Value.(*schemas.RawOrder)
	wanted := receipt{v.r.Method, raw.OrderID, hexSum(raw.Body.Bytes)}
	content := digestOf([]byte(wanted.method), []byte(wanted.orderID), []byte(wanted.sha256))
	stored := false
	got, _, err := o.requests[v.party.Name].once(v.at, digestOf([]byte(raw.IdempotencyKey)), content, func() (receipt, error) {
		if known, found, err := o.known(v, raw.IdempotencyKey); err != nil || found {
			return known, err
		}
		if err := check(v.party, raw); err != nil {
			return receipt{}, err
		}
		err := o.keep(v, []topics.Message{order})
		stored = err == nil
		return wanted, err
	})
	switch {
	case err != nil:
		return answer{}, err
	case got.sha256 != wanted.sha256 || got.orderID != wanted.orderID || (got.method != "" && got.method != wanted.method):
		return answer{}, otherRequest(got)
	}
	one := 1
	a := answer{status: http.StatusAccepted, outcome: outcomeRepeated, OrderID: got.orderID, Accepted: &one, SHA256: got.sha256}
	if stored {
		a.outcome = outcomeAccepted
	}
	return a, nil
}

// lookupWait bounds one question for a key.
const lookupWait = 5 * time.Second

// known is what came of the request with that key at whatever instance. Where nobody can tell, nothing is done: a guess could order
// twice.
func (o *Orders) known(v *visit, key string) (r receipt, found bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.r.Context()), lookupWait)
	defer cancel()
	r.sha256, r.orderID, found, err = o.keys.Lookup(ctx, v.party.Name, key)
	if err == nil {
		return r, found, nil
	}
	o.Log.Warn("a request was not carried out, because nobody knows yet whether it was before", "door", o.name, "party", v.party.Name, "error", err)
	return r, false, refuse(http.StatusServiceUnavailable, outcomeKeysUnknown, "the keys of earlier requests are not ready: come again").after(time.Second)
}

func otherRequest(first receipt) answer {
	a := refuse(http.StatusConflict, outcomeOtherRequest, fmt.Sprintf(
		"the idempotency key was used before, for another request about order %q whose body has the SHA-256 %s: take a new key for what is new", first.orderID, first.sha256))
	a.SHA256 = first.sha256
	return a
}
