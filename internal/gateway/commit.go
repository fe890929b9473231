package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/table"
	"waybill/schemas"
	"waybill/topics"
)

// commit writes all that changed in one transaction (invariants 2 and 4). How far the outbox was read is said behind it.
func (t *tenure) commit(ctx context.Context, n *turn) error {
	if len(n.steps) > 0 || len(n.receipts) > 0 || n.status != nil {
		if err := t.write(ctx, n); err != nil {
			return err
		}
	}
	if n.read != nil {
		t.progress.next.Store(n.read.Offset + 1)
	}
	return nil
}

func (t *tenure) write(ctx context.Context, n *turn) error {
	records := make([]*kgo.Record, 0, 2*len(n.steps))
	changes := make([]table.Change, len(n.steps))
	for i := range n.steps {
		c := &n.steps[i]
		row, err := t.record(ctx, t.ledger, c.key, &c.row, c, 0)
		if err != nil {
			return err
		}
		records = append(records, row)
		changes[i] = table.Change{Key: row.Key, Value: row.Value, Now: noteOf(&c.row)}
		if c.task != nil && t.desk.tasks[c.key] != nil {
			changes[i].Was = noteOf(&c.task.row)
		}
		for j := range c.messages {
			m := &c.messages[j]
			record, err := t.record(ctx, m.Topic, m.Key, m.Value, c, j+1)
			if err != nil {
				return err
			}
			record.Headers = append(record.Headers, headersOf(m)...)
			records = append(records, record)
		}
	}
	for i := range n.receipts {
		record, err := t.receiptRecord(ctx, &n.receipts[i])
		if err != nil {
			return err
		}
		records = append(records, record)
	}
	if n.status != nil {
		b, err := t.registry.Encode(ctx, nil, topics.Gateways.Subject(), topics.Gateways.Schema, n.status)
		if err != nil {
			return fmt.Errorf("encode how far %s is: %w", t.config.Name, err)
		}
		records = append(records, &kgo.Record{Topic: topics.Gateways.Name, Key: []byte(t.config.Name), Value: b, Headers: []kgo.RecordHeader{{Key: topics.HeaderRunID, Value: t.runID}}})
	}
	defer context.AfterFunc(ctx, t.producer.Close)() // a record that may be on its way does not end with its context
	if err := t.producer.BeginTransaction(); err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	if err := t.producer.ProduceSync(ctx, records...).FirstErr(); err != nil {
		return fmt.Errorf("write the ledger of %s: %w", t.config.Name, err)
	}
	if err := t.producer.EndTransaction(ctx, kgo.TryCommit); err != nil {
		return fmt.Errorf("commit the ledger of %s: %w", t.config.Name, err)
	}
	if len(changes) == 0 {
		return nil
	}
	last := int64(0)
	for _, r := range records {
		if r.Topic == t.ledger.Name {
			last = max(last, r.Offset)
		}
	}
	return t.store.Apply(0, last+1, changes)
}

// record is a value on its way. The id of what follows from a task is the task's and an index: neither clock nor chance makes it.
func (t *tenure) record(ctx context.Context, topic *topics.Topic, key string, value any, c *change, index int) (*kgo.Record, error) {
	r := &kgo.Record{Topic: topic.Name, Key: []byte(key)}
	if value != nil {
		b, err := t.registry.Encode(ctx, nil, topic.Subject(), topic.Schema, value)
		if err != nil {
			return nil, fmt.Errorf("encode what follows from task %s for %s: %w", c.key, topic.Name, err)
		}
		r.Value = b
	}
	id := c.key + "#" + c.row.State
	if c.row.State == schemas.TaskStanding { // nobody asked for it: each of its answers begins something
		sum := sha256.Sum256(c.row.Task.Payload.Bytes) // which may be long
		id += "#" + hex.EncodeToString(sum[:16])
	} else {
		r.Headers = append(r.Headers, kgo.RecordHeader{Key: topics.HeaderCause, Value: []byte(schemas.Position(t.outbox.Name, 0, c.row.Offset))})
	}
	r.Headers = append(r.Headers,
		kgo.RecordHeader{Key: topics.HeaderEventID, Value: []byte(id + "#" + strconv.Itoa(index))},
		kgo.RecordHeader{Key: topics.HeaderRunID, Value: t.runID},
		kgo.RecordHeader{Key: topics.HeaderMode, Value: []byte(topics.ModeLive)})
	if of := c.row.Task.OrderID; of != "" { // a task of no order leaves it to what follows to say whose it is
		r.Headers = append(r.Headers, kgo.RecordHeader{Key: topics.HeaderOrderID, Value: []byte(of)})
	}
	return r, nil
}

func headersOf(m *topics.Message) []kgo.RecordHeader {
	headers := make([]kgo.RecordHeader, len(m.Headers))
	for i, h := range m.Headers {
		headers[i] = kgo.RecordHeader{Key: h.Key, Value: h.Value}
	}
	return headers
}
