package processors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"waybill/schemas"
	"waybill/topics"
)

// Not every delivery is a whole order: one may be a part, a change, or the mere word that something happened. Each is made a whole
// here, with what is known.

// document is all that is known of the order with this delivery, as its channel writes it.
func (n *normalizing) document() ([]byte, error) {
	again, err := n.admit()
	switch {
	case err != nil:
		return nil, err
	case again && n.known.Document != nil:
		return n.known.Document.Bytes, nil // what it changed was changed then, and more since
	case n.reread && n.known.Document != nil:
		return n.known.Document.Bytes, nil
	case n.reread && len(n.known.Parts) > 0:
		n.parts = n.known.Parts
		return together(n.parts), nil
	case n.raw.Form == schemas.FormPart:
		n.parts = n.withPart(schemas.Part{Part: n.raw.Part, Body: n.raw.Body})
		return joined(n.parts), nil
	case n.raw.Form == schemas.FormPatch:
		return n.patched()
	}
	return n.raw.Body.Bytes, nil
}

// requestsKeptMax bounds the requests remembered of one order; orders.keys has them all.
const requestsKeptMax = 64

// admit lets a request through once; again is true of one that was admitted before. The same key with another body came at the same
// moment by another door: the first stands.
func (n *normalizing) admit() (again bool, err error) {
	if n.raw.IdempotencyKey == "" {
		return false, nil
	}
	sum := sha256.Sum256(n.raw.Body.Bytes)
	i := slices.IndexFunc(n.known.Requests, func(r schemas.Request) bool { return r.Key == n.raw.IdempotencyKey })
	switch {
	case i < 0:
		n.request = &schemas.Request{Key: n.raw.IdempotencyKey, SHA256: sum[:]}
		return false, nil
	case !bytes.Equal(n.known.Requests[i].SHA256, sum[:]):
		return true, Dead(schemas.ClassConflict, fmt.Errorf("its idempotency key came first with another body, of sha256 %x", n.known.Requests[i].SHA256))
	}
	return true, nil
}

// admitted remembers a request when the channel has understood it: what goes to the trash may come back mended.
func (n *normalizing) admitted() {
	if n.request != nil {
		n.known.Requests = append(n.known.Requests, *n.request)
		n.known.Requests = n.known.Requests[max(0, len(n.known.Requests)-requestsKeptMax):]
	}
}

// requestMessages tell the doors that the request was carried out.
func (n *normalizing) requestMessages() []topics.Message {
	if n.raw.IdempotencyKey == "" {
		return nil
	}
	sum := sha256.Sum256(n.raw.Body.Bytes)
	return []topics.Message{{
		Topic: topics.OrdersKeys, Key: schemas.RequestID(n.raw.Party, n.raw.IdempotencyKey),
		Value: &schemas.RequestKey{
			Party: n.raw.Party, Key: n.raw.IdempotencyKey, OrderID: n.raw.OrderID, SHA256: hex.EncodeToString(sum[:]), At: n.raw.ReceivedAt,
		},
	}}
}

// withPart is the parts with that one in place of the one of its name, in the order in which they first came; one that is older than
// what is known changes nothing.
func (n *normalizing) withPart(part schemas.Part) []schemas.Part {
	parts := slices.Clone(n.known.Parts)
	i := slices.IndexFunc(parts, func(p schemas.Part) bool { return p.Part == part.Part })
	if i < 0 {
		return append(parts, part)
	}
	if joiner, joins := n.channel.(Joiner); !joins || !joiner.Older(part.Body.Bytes, parts[i].Body.Bytes) {
		parts[i] = part
	}
	return parts
}

// together is what came whole, if nothing came since, else the parts joined.
func together(parts []schemas.Part) []byte {
	if len(parts) == 1 && parts[0].Part == "" {
		return parts[0].Body.Bytes
	}
	return joined(parts)
}

// joined is the document that the parts make together: {"parts": {"items": …}}.
func joined(parts []schemas.Part) []byte {
	b := []byte(`{"parts":{`)
	for i, p := range parts {
		if i > 0 {
			b = append(b, ',')
		}
		name, _ := json.Marshal(p.Part) // a text
		b = append(append(append(b, name...), ':'), p.Body.Bytes...)
	}
	return append(b, '}', '}')
}

func (n *normalizing) patched() ([]byte, error) {
	if n.known.Document == nil {
		return nil, Dead(schemas.ClassInvalid, fmt.Errorf("a change to order %s, which is not known here: send the whole order first", n.raw.OrderID))
	}
	merged, err := merge(n.known.Document.Bytes, n.raw.Body.Bytes, patchDepthMax)
	if err != nil {
		return nil, Dead(schemas.ClassInvalid, fmt.Errorf("merge the change into the order: %w", err))
	}
	return merged, nil
}

// patchDepthMax is how deep a change may reach into an order.
const patchDepthMax = 16

// merge applies a JSON merge patch (RFC 7396 §2). Its fields come out sorted, so the same two give the same bytes.
func merge(document, patch json.RawMessage, depth int) (json.RawMessage, error) {
	if !isObject(patch) {
		return patch, nil
	}
	if depth == 0 {
		return nil, fmt.Errorf("it reaches deeper than %d objects", patchDepthMax)
	}
	var into, from map[string]json.RawMessage
	if isObject(document) {
		if err := json.Unmarshal(document, &into); err != nil {
			return nil, err
		}
	}
	if err := json.Unmarshal(patch, &from); err != nil {
		return nil, err
	}
	if into == nil {
		into = map[string]json.RawMessage{}
	}
	for name, value := range from {
		if string(value) == "null" {
			delete(into, name)
			continue
		}
		merged, err := merge(into[name], value, depth-1)
		if err != nil {
			return nil, err
		}
		into[name] = merged
	}
	return json.Marshal(into)
}

func isObject(value json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimSpace(value), []byte("{"))
}

// Joiner is a channel that sends some orders whole and then parts of them again: those go into what came whole, which is the part
// without a name.
type Joiner interface {
	// Older tells whether a part says what was before what is known of it: deliveries come in any order.
	Older(part, known []byte) bool
}

// keep remembers the documents that later parts and patches belong to.
func (n *normalizing) keep(body []byte) {
	_, joins := n.channel.(Joiner)
	switch {
	case n.parts != nil:
		n.known.Parts = n.parts
	case n.raw.Form == schemas.FormWhole && joins:
		n.known.Parts = []schemas.Part{{Body: n.raw.Body}}
	}
	if n.terms.Patches && n.raw.Form != schemas.FormPart {
		n.known.Document = &schemas.Body{Bytes: body}
	}
}

// unitPrefix begins the reference of a notice about a piece, whose order only the channel knows.
const unitPrefix = "unit:"

// notice makes of a delivery that only says that something happened a task to ask what, and asks if the channel can be asked.
func notice(raw *schemas.RawOrder, known *schemas.OrderVersions, called bool) (Result, error) {
	id := raw.DeliveryID
	if id == "" {
		sum := sha256.Sum256(raw.Body.Bytes)
		id = hex.EncodeToString(sum[:hashBytes])
	}
	if strings.HasPrefix(raw.Ref, schemas.Unidentified) {
		return Result{Partial: true}, nil // of something else than an order, as returns: it lies on orders.raw
	}
	if slices.Contains(known.Notices, id) {
		known.Duplicates++
		return Result{Repeat: true}, nil
	}
	known.Notices = keepLast(append(known.Notices, id))
	known.ToFetch++
	result := Result{Messages: []topics.Message{fetchTask(raw, known, schemas.FetchOpen)}, Partial: true}
	if !called {
		return result, nil
	}
	kind, ref := fetched(raw)
	call, err := FetchCall(raw.Party, schemas.Fetching{Kind: kind, Ref: ref}, raw.OrderID, id)
	if err != nil {
		return Result{}, err
	}
	result.Messages = append(result.Messages, call)
	return result, nil
}

// fetched is what a notice names.
func fetched(raw *schemas.RawOrder) (kind, ref string) {
	if unit, is := strings.CutPrefix(raw.Ref, unitPrefix); is {
		return schemas.FetchUnit, unit
	}
	return schemas.FetchOrder, raw.Ref
}

func fetchTask(raw *schemas.RawOrder, known *schemas.OrderVersions, state string) topics.Message {
	kind, ref := fetched(raw)
	return topics.Message{Topic: topics.OrdersFetch, Key: raw.OrderID, Value: &schemas.FetchTask{
		TaskID: raw.OrderID, Party: raw.Party, Seller: raw.Seller, Channel: raw.Channel, Kind: kind, Ref: ref, State: state,
		Notices: known.ToFetch, NoticedAt: raw.ReceivedAt,
	}}
}
