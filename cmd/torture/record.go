package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// record is one record of a topic, as a read_committed reader finds it.
type record struct {
	topics.Event        // its Value is nil if it has none
	bytes        []byte // the value as it lies on the topic
}

// position is where the record stands.
func (r *record) position() string { return r.Event.Position() }

func (r *record) header(name string) string { return topics.Find(r.Headers, name) }

// order is the id of the order that a record is about.
func (r *record) order() string {
	switch r.Topic {
	case topics.OrdersRaw, topics.StepNormalize, topics.TableNormalize, topics.OrdersNormalized:
		return r.Key
	}
	return r.header(topics.HeaderOrderID)
}

// line is what the record says to the audit; told is false for one that says nothing there. Of those without a value a wake-up does.
func (r *record) line() (line topics.Line, told bool) {
	if !r.Topic.Lands {
		return topics.Line{}, false
	}
	if r.Value != nil {
		return r.Topic.Line(r.Value), true
	}
	party, _, _ := schemas.SplitOrderID(r.Key)
	return topics.Line{OrderID: r.Key, Party: party, Kind: "woken", Summary: "what it waited for has come"}, r.Topic == topics.StepNormalize
}

// errUnreadable says that a value can not be read, which nothing that was fed can be the cause of.
var errUnreadable = errors.New("unreadable")

// understood decodes a record.
func understood(ctx context.Context, registry *schemas.Registry, r *kgo.Record) (*record, error) {
	headers := make([]topics.Header, len(r.Headers))
	for i, h := range r.Headers {
		headers[i] = topics.Header{Key: h.Key, Value: h.Value}
	}
	event := topics.Event{
		Topic: topics.Named(r.Topic), Partition: r.Partition, Offset: r.Offset, Key: string(r.Key),
		At: schemas.At(r.Timestamp), Headers: headers,
	}
	if len(r.Value) > 0 {
		event.Value = event.Topic.Schema.New()
		if err := registry.Decode(ctx, event.Topic.Schema, r.Value, event.Value); err != nil {
			return nil, fmt.Errorf("%s: %w: %w", event.Position(), errUnreadable, err)
		}
	}
	return &record{Event: event, bytes: r.Value}, nil
}

// heldAgain is the record that waited in a row.
func heldAgain(ctx context.Context, registry *schemas.Registry, key string, m *schemas.Held) (*record, error) {
	r := &kgo.Record{
		Topic: m.Topic, Partition: m.Partition, Offset: m.Offset, Timestamp: m.At.Time(), Key: []byte(key), Value: m.Value.Bytes,
	}
	for _, h := range m.Headers {
		r.Headers = append(r.Headers, kgo.RecordHeader{Key: h.Name, Value: []byte(h.Value)})
	}
	return understood(ctx, registry, r)
}
