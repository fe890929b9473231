package processors

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// Channel puts what a channel sent into our words. It is pure: the same bytes give the same order.
type Channel interface {
	// Mapping names the version of the mapping: "allegro/1".
	Mapping() string
	// Normalize answers an order whose identity, change and mapping are still to be set, or schemas.Faults with all that is
	// wrong with it.
	Normalize(raw *schemas.RawOrder) (*schemas.Order, error)
}

// Normalize says every raw order in our words, once a version: a repeat of what is known leads to nothing. It asks for the
// channel of a party by name.
func Normalize(channels map[string]Channel) Processor {
	return Step(Processor{
		Name:     "normalize",
		Reads:    []*topics.Topic{topics.OrdersRaw},
		Back:     topics.StepNormalize,
		Table:    topics.TableNormalize,
		Writes:   []*topics.Topic{topics.OrdersNormalized},
		State:    schemas.OrderVersionsSchema,
		Snapshot: true,
	}, func(event *topics.Event, raw *schemas.RawOrder, known *schemas.OrderVersions) (Result, error) {
		channel := channels[raw.Party]
		if channel == nil {
			return Result{}, Dead(schemas.ClassUnknownParty, fmt.Errorf("no party %q is configured here", raw.Party))
		}
		return normalize(channel, raw, known)
	})
}

func normalize(channel Channel, raw *schemas.RawOrder, known *schemas.OrderVersions) (Result, error) {
	order, err := channel.Normalize(raw)
	if err != nil {
		return refuse(raw, known, err)
	}
	order.OrderID, order.Party, order.Seller, order.Channel, order.Ref = raw.OrderID, raw.Party, raw.Seller, raw.Channel, raw.Ref
	hash, err := contentHash(order)
	if err != nil {
		return Result{}, Dead(schemas.ClassInvalid, err)
	}
	if repeats(order, hash, known) {
		known.Duplicates++
		return Result{Repeat: true}, nil
	}
	order.Change, order.Mapping = changeOf(order, known), channel.Mapping()
	remember(order, hash, known)
	return Result{Messages: []topics.Message{{
		Topic:   topics.OrdersNormalized,
		Key:     order.OrderID,
		Value:   order,
		Headers: []topics.Header{{Key: topics.HeaderMapping, Value: []byte(order.Mapping)}},
	}}}, nil
}

// refuse sends a payload to the trash once; the same bytes again are a repeat.
func refuse(raw *schemas.RawOrder, known *schemas.OrderVersions, err error) (Result, error) {
	hash := sha256.Sum256(raw.Body.Bytes)
	if slices.ContainsFunc(known.Failed, func(h []byte) bool { return bytes.Equal(h, hash[:hashBytes]) }) {
		known.Duplicates++
		return Result{Repeat: true}, nil
	}
	known.Failed = keepLast(append(known.Failed, hash[:hashBytes]))
	return Result{}, Dead(schemas.ClassInvalid, err)
}

const (
	hashBytes       = 16
	versionsKeptMax = 16 // earlier revisions and failed bodies remembered of one order
)

// contentHash is of all that the order says, which the channel's own bytes are not: those change with the order of their fields.
func contentHash(order *schemas.Order) ([]byte, error) {
	b, err := schemas.OrderSchema.Append(make([]byte, 0, 1024), order)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return sum[:hashBytes], nil
}

// repeats tells a delivery that says nothing new, or something older than what is known, from an amendment. Content alone does
// not make a repeat: an address that goes A → B → A is three events, because revision or time of change move on with it.
func repeats(order *schemas.Order, hash []byte, known *schemas.OrderVersions) bool {
	if bytes.Equal(hash, known.Hash) {
		return true
	}
	if order.UpdatedAt != nil && known.UpdatedAt != nil && *order.UpdatedAt != *known.UpdatedAt {
		return *order.UpdatedAt < *known.UpdatedAt
	}
	if order.Status == schemas.StatusPending && known.Status != "" && known.Status != schemas.StatusPending {
		return true // a late word about an order that has moved on
	}
	return order.Revision != "" && order.Revision != known.Revision && slices.Contains(known.Revisions, order.Revision)
}

func changeOf(order *schemas.Order, known *schemas.OrderVersions) string {
	switch {
	case order.Status == schemas.StatusCancelled:
		return schemas.ChangeCancelled
	case known.Events == 0:
		return schemas.ChangeReceived
	}
	return schemas.ChangeAmended
}

func remember(order *schemas.Order, hash []byte, known *schemas.OrderVersions) {
	if known.Events > 0 && known.Revision != order.Revision {
		known.Revisions = keepLast(append(known.Revisions, known.Revision))
	}
	known.Hash, known.Revision, known.Status = hash, order.Revision, order.Status
	if order.UpdatedAt != nil {
		known.UpdatedAt = order.UpdatedAt
	}
	known.Events++
}

func keepLast[T any](all []T) []T { return all[max(0, len(all)-versionsKeptMax):] }
