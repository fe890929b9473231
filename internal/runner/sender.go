package runner

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// road is a topic the step may write to, with what is needed for every record of it.
type road struct {
	topic   *topics.Topic
	subject string
	schema  schemas.Any
}

func roadsOf(step processors.Processor) []*road {
	all := append([]*topics.Topic{step.Table, step.Back, topics.Trash}, step.Writes...)
	roads := []*road{{subject: step.StateSubject(), schema: step.State}}
	for _, t := range all {
		roads = append(roads, &road{topic: t, subject: t.Subject(), schema: t.Schema})
	}
	return roads
}

// The state is no topic's value of its own: it lies within a row of the table.
const (
	stateRoad = 0
	tableRoad = 1
	openRoads = 2 // those behind it are open to messages
)

func (r *Runner) road(t *topics.Topic) *road {
	for _, road := range r.roads[openRoads:] {
		if road.topic == t {
			return road
		}
	}
	return nil
}

// errStuck is a fault of ours that no verdict on one event can mend: the partition rests.
var errStuck = errors.New("can not go on")

// begin makes an event the cause of what is sent until the next one begins. The id of each message is the cause's position and
// an index: neither clock, chance nor content makes it (invariant 4).
func (w *worker) begin(cause *topics.Event) {
	w.cause, w.at, w.index = cause, nil, 0
	w.traceOn(cause)
}

func (w *worker) position() []byte {
	if w.at == nil {
		c := w.cause
		at := append(append(w.memory.room(), c.Topic.Name...), '/')
		at = append(strconv.AppendInt(at, int64(c.Partition), 10), '/')
		w.at = w.memory.used(strconv.AppendInt(at, c.Offset, 10))
	}
	return w.at
}

// send writes a message of the processor. What can not be written is a fault of the event or of the processor: it is begun again
// without that event, so that its state does not say that this was sent.
func (w *worker) send(m *topics.Message) error {
	road := w.road(m.Topic)
	if road == nil {
		err := fmt.Errorf("step %s may not write to %s: it does not declare it (invariant 6)", w.step.Name, m.Topic.Name)
		return w.stop(err, &processors.DeadError{Class: schemas.ClassPanic, Err: err})
	}
	record, err := w.record(road, m)
	if mustRest(err) {
		return w.stop(err, nil)
	}
	if err != nil {
		return w.stop(err, &processors.DeadError{Class: schemas.ClassPanic, Err: err})
	}
	if size := sizeOf(&record); size > m.Topic.MessageBytes-recordRoom {
		err := fmt.Errorf("what it leads to on %s has %d bytes; the topic takes %d", m.Topic.Name, size, m.Topic.MessageBytes)
		return w.stop(err, &processors.DeadError{Class: schemas.ClassInvalid, Err: err})
	}
	w.out = append(w.out, record)
	return nil
}

// sendOwn writes a message of the runner itself, which keeps within its limits.
func (w *worker) sendOwn(m *topics.Message) error {
	record, err := w.record(w.road(m.Topic), m)
	if err != nil {
		return w.stop(fmt.Errorf("%w: %w", errStuck, err), nil)
	}
	w.out = append(w.out, record)
	return nil
}

// recordRoom is what framing adds to a record at most, in bytes.
const recordRoom = 512

func sizeOf(r *kgo.Record) int {
	size := len(r.Key) + len(r.Value)
	for _, h := range r.Headers {
		size += len(h.Key) + len(h.Value) + 8
	}
	return size
}

func (w *worker) record(road *road, m *topics.Message) (record kgo.Record, err error) {
	record = kgo.Record{Topic: m.Topic.Name, Key: w.memory.text(m.Key), Partition: w.part.number}
	if m.Value != nil {
		if record.Value, err = w.encode(road, m.Value); err != nil {
			return record, err
		}
	}
	record.Headers = w.headers(m)
	return record, nil
}

var modeLive = []byte(topics.ModeLive)

// headers are those every record carries, without any work in the processor.
func (w *worker) headers(m *topics.Message) []kgo.RecordHeader {
	position := w.position()
	id := append(append(w.memory.room(), position...), '#')
	id = w.memory.used(strconv.AppendInt(id, int64(w.index), 10))
	w.index++
	mode, origin := modeLive, []byte(nil)
	for i := range w.cause.Headers {
		switch h := &w.cause.Headers[i]; h.Key {
		case topics.HeaderOrigin:
			origin = h.Value
		case topics.HeaderMode:
			mode = h.Value // what follows from a repair is one
		}
	}
	headers := append(w.memory.outHeaders(7+len(m.Headers)),
		kgo.RecordHeader{Key: topics.HeaderEventID, Value: id},
		kgo.RecordHeader{Key: topics.HeaderCause, Value: position},
		kgo.RecordHeader{Key: topics.HeaderOrderID, Value: w.memory.text(orderID(w.cause))},
		kgo.RecordHeader{Key: topics.HeaderRunID, Value: w.runID},
		kgo.RecordHeader{Key: topics.HeaderMode, Value: mode},
	)
	if origin != nil {
		headers = append(headers, kgo.RecordHeader{Key: topics.HeaderOrigin, Value: origin})
	}
	if w.trace != nil {
		headers = append(headers, kgo.RecordHeader{Key: topics.HeaderTraceparent, Value: w.trace})
	}
	for _, h := range m.Headers {
		headers = append(headers, kgo.RecordHeader{Key: h.Key, Value: h.Value})
	}
	return headers
}

// encode writes a value of that road. A registry that does not answer is told from a value that is wrong by trying without it.
func (w *worker) encode(road *road, value any) ([]byte, error) {
	b, err := w.registry.Encode(w.ctx, w.memory.room(), road.subject, road.schema, value)
	if err == nil {
		return w.memory.used(b), nil
	}
	if _, wrong := road.schema.Append(nil, value); wrong != nil {
		return nil, wrong
	}
	return nil, fmt.Errorf("%w: %w", schemas.ErrRegistry, err)
}
