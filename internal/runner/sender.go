package runner

import (
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// begin makes an event the cause of what is sent until the next one begins. The id of each message is the cause's position and
// an index: neither clock, chance nor content makes it (invariant 4).
func (w *worker) begin(cause *topics.Event) {
	w.cause, w.position, w.index = cause, cause.Position(), 0
}

func (w *worker) send(m *topics.Message) error {
	if !w.mayWrite(m.Topic) {
		return fmt.Errorf("step %s may not write to %s: it does not declare it (invariant 6)", w.step.Name, m.Topic.Name)
	}
	record := kgo.Record{Topic: m.Topic.Name, Key: []byte(m.Key), Headers: w.headers(m), Partition: w.part.number}
	if m.Value != nil {
		value, err := w.encode(m.Topic.Subject(), m.Topic.Schema, m.Value)
		if err != nil {
			return err
		}
		record.Value = value
	}
	w.out = append(w.out, record)
	return nil
}

func (w *worker) mayWrite(t *topics.Topic) bool {
	if t == w.step.Back || t == topics.Trash {
		return true
	}
	for _, declared := range w.step.Writes {
		if t == declared {
			return true
		}
	}
	return false
}

// headers are those every record carries, without any work in the processor.
func (w *worker) headers(m *topics.Message) []kgo.RecordHeader {
	id := make([]byte, 0, len(w.position)+4)
	id = strconv.AppendInt(append(append(id, w.position...), '#'), int64(w.index), 10)
	w.index++
	headers := make([]kgo.RecordHeader, 0, 6+len(m.Headers))
	headers = append(headers,
		kgo.RecordHeader{Key: topics.HeaderEventID, Value: id},
		kgo.RecordHeader{Key: topics.HeaderCause, Value: id[:len(w.position):len(w.position)]},
		kgo.RecordHeader{Key: topics.HeaderOrderID, Value: []byte(orderID(w.cause))},
		kgo.RecordHeader{Key: topics.HeaderRunID, Value: []byte(w.runID)},
		kgo.RecordHeader{Key: topics.HeaderMode, Value: []byte(topics.ModeLive)},
	)
	for _, h := range w.cause.Headers {
		if h.Key == topics.HeaderOrigin || h.Key == topics.HeaderTraceparent {
			headers = append(headers, kgo.RecordHeader{Key: h.Key, Value: h.Value})
		}
	}
	for _, h := range m.Headers {
		headers = append(headers, kgo.RecordHeader{Key: h.Key, Value: h.Value})
	}
	return headers
}

// arenaBytes is the size of the pieces of memory that values are encoded into.
const arenaBytes = 256 << 10

func (w *worker) encode(subject string, schema schemas.Any, value any) ([]byte, error) {
	if cap(w.arena)-len(w.arena) < 4<<10 {
		w.arena = make([]byte, 0, arenaBytes)
	}
	from := len(w.arena)
	b, err := w.registry.Encode(w.ctx, w.arena, subject, schema, value)
	if err != nil {
		return nil, err
	}
	w.arena = b
	return b[from:len(b):len(b)], nil
}

// writeRows writes the row of every key that was touched to the step's table.
func (w *worker) writeRows() error {
	w.rowsFrom = len(w.out)
	for _, e := range w.order {
		if !e.changed {
			continue
		}
		state, err := w.encode(w.step.StateSubject(), w.step.State, e.state)
		if err != nil {
			return err
		}
		e.row.State = state
		value, err := w.encode(w.step.Table.Subject(), schemas.RowSchema, &e.row)
		if err != nil {
			return err
		}
		w.out = append(w.out, kgo.Record{Topic: w.step.Table.Name, Key: []byte(e.key), Value: value, Partition: w.part.number})
	}
	return nil
}
