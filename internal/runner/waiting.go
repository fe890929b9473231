package runner

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// Headers of what comes back to a step.
const (
	headerWake  = "wake"     // a wake-up, which has no value: what the key is woken for
	headerTrash = "trash-id" // a repaired message: the entry that it was
)

// held is a record as it waits in a row.
func held(r *kgo.Record) schemas.Held {
	m := schemas.Held{
		Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, At: schemas.Millis(r.Timestamp.UnixMilli()),
		Headers: make([]schemas.Header, len(r.Headers)), Value: schemas.Body{Bytes: r.Value},
	}
	for i, h := range r.Headers {
		m.Headers[i] = schemas.Header{Name: h.Key, Value: string(h.Value)}
	}
	return m
}

// event is what a record says.
func (w *worker) event(key string, m schemas.Held) (*topics.Event, error) {
	e := &topics.Event{
		Topic: w.topic(m.Topic), Partition: m.Partition, Offset: m.Offset, Key: key, At: m.At,
		Headers: make([]topics.Header, len(m.Headers)),
	}
	for i, h := range m.Headers {
		e.Headers[i] = topics.Header{Key: h.Name, Value: []byte(h.Value)}
	}
	e.Value = e.Topic.Schema.New()
	return e, w.registry.Decode(w.ctx, e.Topic.Schema, m.Value.Bytes, e.Value)
}

func (w *worker) topic(name string) *topics.Topic {
	for _, t := range w.step.Reads {
		if t.Name == name {
			return t
		}
	}
	return w.step.Back
}

// hold keeps a message in its key's row. Beyond the row's limits it goes to the trash, whole (invariant 10).
func (w *worker) hold(e *entry, m schemas.Held) error {
	size := len(m.Value.Bytes)
	for i := range e.row.Held {
		size += len(e.row.Held[i].Value.Bytes)
	}
	if len(e.row.Held) >= w.config.Limits.HeldMax || size > w.config.Limits.HeldBytesMax {
		event, err := w.event(e.key, m)
		if mustRest(err) {
			return err
		}
		w.begin(event)
		return w.throw(w.trashEntry(event, m, &processors.DeadError{
			Class: schemas.ClassExhausted,
			Err:   fmt.Errorf("its key waits for %s, and %d messages already wait with it", e.row.WaitsFor, len(e.row.Held)),
		}))
	}
	e.row.Held, e.changed = append(e.row.Held, m), true
	w.outcomes["held"]++
	return nil
}

// wait makes the key wait, with the message at the front.
func (w *worker) wait(e *entry, m schemas.Held, wait *processors.WaitError) error {
	e.row.WaitsFor, e.changed = wait.What, true
	if wait.Until != 0 {
		e.row.WakeAt, e.row.WakeWhat = &wait.Until, wait.What
	}
	e.row.Held = append([]schemas.Held{m}, e.row.Held...)
	w.outcomes["waits"]++
	return nil
}

// release handles what waited, in order, until the key waits again.
func (w *worker) release(e *entry) error {
	waiting := e.row.Held
	e.row.Held, e.row.WaitsFor, e.row.WakeAt, e.row.WakeWhat, e.changed = nil, "", nil, "", true
	for i, m := range waiting {
		if err := w.handleRecord(e, m); err != nil {
			return err
		}
		if e.row.WaitsFor != "" {
			e.row.Held = append(e.row.Held, waiting[i+1:]...)
			return nil
		}
	}
	return nil
}

// wakeUp writes a wake-up that is due to step.<name>, so that a replay sees it too.
func (w *worker) wakeUp(key []byte) error {
	e, err := w.entry(key)
	if err != nil {
		return err
	}
	if e.row.WakeAt == nil {
		return nil
	}
	w.begin(&topics.Event{Topic: w.step.Table, Partition: w.part.number, Key: e.key})
	w.position = fmt.Sprintf("%s/%d/%s@%d", w.step.Table.Name, w.part.number, e.key, *e.row.WakeAt) // the row and its time
	what := e.row.WakeWhat
	e.row.WakeAt, e.row.WakeWhat, e.changed = nil, "", true
	w.outcomes["woken"]++
	return w.send(&topics.Message{Topic: w.step.Back, Key: e.key, Headers: []topics.Header{{Key: headerWake, Value: []byte(what)}}})
}

// comeBack handles what was written to step.<name>: a wake-up, a repaired message, or one to try again.
func (w *worker) comeBack(r *kgo.Record) error {
	e, err := w.entry(r.Key)
	if err != nil {
		return err
	}
	m := held(r)
	repaired := header(m.Headers, headerTrash)
	switch {
	case repaired != "":
		return w.repair(e, m, repaired)
	case r.Value != nil:
		return w.take(r)
	case e.row.WaitsFor != "" && !strings.HasPrefix(e.row.WaitsFor, waitsForTrash):
		return w.release(e)
	}
	event := &topics.Event{Topic: w.step.Back, Partition: r.Partition, Offset: r.Offset, Key: e.key, At: m.At}
	for _, h := range m.Headers {
		event.Headers = append(event.Headers, topics.Header{Key: h.Name, Value: []byte(h.Value)})
	}
	w.begin(event)
	return w.handle(e, event, m)
}

func header(headers []schemas.Header, name string) string {
	for _, h := range headers {
		if h.Name == name {
			return h.Value
		}
	}
	return ""
}
