// Package topics holds the roads of Waybill: one file a topic, one catalogue, all of it data. What anyone must know to write
// to a topic or to read one stands here; nothing here does anything.
package topics

import (
	"time"

	"waybill/schemas"
)

// Topic is one road: what lies on it, how long, and what it says to an audit.
type Topic struct {
	Name         string
	Doc          string
	Schema       schemas.Any
	Key          string        // what the key is, in words
	Retention    time.Duration // of a topic that is not compacted
	Compacted    bool
	Partitions   int // 0: as many as are configured
	MessageBytes int // longest record, in bytes
	Lands        bool
	// Removed is what stands for the value of a tombstone where it lands, for who took the key away, when and why; nil: nothing does.
	Removed func(tombstone *Event) any
	// Line says what one value means to its order's timeline; only a topic that lands has one. It holds no personal data.
	Line func(value any) Line
}

// Line is one event in the life of an order, as the audit shows it.
type Line struct {
	OrderID string
	Party   string
	Seller  string
	Kind    string // one word: received, amended, trashed
	Summary string
	ShipBy  *schemas.Millis // when the order has to have left, where the value says so
}

// Table is the name of the topic's table in ClickHouse: orders_normalized.
func (t *Topic) Table() string { return tableName(t.Name) }

// Subject is the name under which the values' schema is registered.
func (t *Topic) Subject() string { return schemas.Subject(t.Name) }

func tableName(topic string) string {
	b := []byte(topic)
	for i, c := range b {
		if c == '.' || c == '-' {
			b[i] = '_'
		}
	}
	return string(b)
}

// Message is an event on its way to a topic.
type Message struct {
	Topic   *Topic
	Key     string
	Value   any // pointer to the topic's type; nil is a tombstone
	Headers []Header
}

// Event is a record that was read.
type Event struct {
	Topic     *Topic
	Partition int32
	Offset    int64
	Key       string
	Value     any // pointer to the topic's type
	At        schemas.Millis
	Headers   []Header
}

// Position is where the event stands: topic/partition/offset.
func (e *Event) Position() string { return schemas.Position(e.Topic.Name, e.Partition, e.Offset) }

const (
	day = 24 * time.Hour
	kib = 1 << 10
	mib = 1 << 20
)
