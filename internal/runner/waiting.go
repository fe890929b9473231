package runner

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// take handles a message, or holds it if its key waits (invariant 5). A key that waits for a pair has it in a message of another
// topic: that one goes ahead of what is held, which is then tried again.
func (w *worker) take(e *entry, r *kgo.Record) error {
	if e.row.WaitsFor == "" {
		return w.handleRecord(e, r)
	}
	if w.step.Snapshot {
		return w.overtake(e, r)
	}
	same := func(h schemas.Held) bool { return h.Topic == r.Topic }
	if waitsForRepair(e) || slices.ContainsFunc(e.row.Held, same) {
		return w.hold(e, r)
	}
	done := w.tally.done
	if err := w.handleRecord(e, r); err != nil {
		return err
	}
	if w.tally.done > done && !waitsForRepair(e) {
		return w.release(e, nil)
	}
	return nil
}

// overtake tries a whole snapshot while an earlier one waits: if it succeeds, nobody needs those before it.
func (w *worker) overtake(e *entry, r *kgo.Record) error {
	whole := w.tally.whole
	if err := w.handleRecord(e, r); err != nil {
		return err
	}
	if w.tally.whole > whole {
		e.free()
		return w.closeWaiting(e)
	}
	return nil
}

// free ends what the key waits for, and the wake-up that was to end it at the latest: nobody would understand that now.
func (e *entry) free() {
	if e.row.WaitsFor != "" && e.row.WakeWhat == e.row.WaitsFor {
		e.row.WakeAt, e.row.WakeWhat = nil, ""
	}
	e.row.Held, e.row.WaitsFor, e.changed = nil, "", true
}

func waitsForRepair(e *entry) bool { return strings.HasPrefix(e.row.WaitsFor, waitsForTrash) }

// hold keeps a message behind those that wait in its key's row.
func (w *worker) hold(e *entry, r *kgo.Record) error {
	m := heldOf(r)
	if w.full(e, &m) {
		return w.overflow(e, r, e.row.WaitsFor)
	}
	e.row.Held, e.changed = append(e.row.Held, m), true
	w.tally.held++
	return nil
}

// wait makes the key wait, with the message in front.
func (w *worker) wait(e *entry, event *topics.Event, r *kgo.Record, wait *processors.WaitError) error {
	if came := wakeOf(r); came != nil && wait.Until <= came.at && wait.Until != 0 {
		return w.die(e, event, r, &processors.DeadError{Class: schemas.ClassExhausted, Err: fmt.Errorf("it waited for %s until %s", wait.What, wait.Until), ShipBy: wait.ShipBy})
	}
	m := heldOf(r)
	if wait.Says != nil && w.step.Snapshot {
		m.Headers = append(m.Headers, schemas.Header{Name: headerSays, Value: hex.EncodeToString(wait.Says)})
		if saysTheSame(e.row.Held, &m) {
			w.tally.repeats++
			return nil
		}
	}
	if w.full(e, &m) {
		return w.die(e, event, r, &processors.DeadError{Class: schemas.ClassExhausted, Err: fmt.Errorf("it is too long to wait for %s", wait.What), ShipBy: wait.ShipBy})
	}
	if wait.Class != "" {
		if _, err := w.enter(e, event, r, &processors.DeadError{Class: wait.Class, Err: wait.Err, ShipBy: wait.ShipBy}, schemas.TrashWaiting); err != nil {
			return err
		}
	}
	e.row.WaitsFor, e.changed = wait.What, true
	if wait.Until != 0 {
		e.row.WakeAt, e.row.WakeWhat = new(max(wait.Until, 1)), wait.What
	}
	if w.step.Snapshot { // what is held waits too, and came before
		e.row.Held = append(e.row.Held, m)
	} else {
		e.row.Held = append([]schemas.Held{m}, e.row.Held...)
	}
	w.tally.waits++
	return nil
}

// headerSays is, of a message that waits, what it says.
const headerSays = "says"

// saysTheSame tells whether the last that waits says the same as the message. Those before it do not count: A → B → A is three.
func saysTheSame(waiting []schemas.Held, m *schemas.Held) bool {
	return len(waiting) > 0 && slices.Contains(waiting[len(waiting)-1].Headers, m.Headers[len(m.Headers)-1])
}

// full says that the row has no room for the message (invariant 10).
func (w *worker) full(e *entry, m *schemas.Held) bool {
	size := heldBytes(m)
	for i := range e.row.Held {
		size += heldBytes(&e.row.Held[i])
	}
	return len(e.row.Held) >= w.config.Limits.HeldMax || size > w.config.Limits.HeldBytesMax
}

// overflow sends a message to the trash that has no room behind those that wait.
func (w *worker) overflow(e *entry, r *kgo.Record, waitsFor string) error {
	event, err := w.event(e, r)
	w.begin(event)
	if mustRest(err) {
		return w.stop(err, nil)
	}
	return w.throw(w.trashEntry(event, r, &processors.DeadError{
		Class: schemas.ClassExhausted,
		Err:   fmt.Errorf("its key waits for %s, and no more messages than the %d there can wait with it", waitsFor, len(e.row.Held)),
	}))
}

// release handles what waited, in order, until the key waits again. After a wake-up the message in front has its headers, which
// tell the step that the time has come. Of whole snapshots each is tried, and a good one overtakes those before it.
func (w *worker) release(e *entry, came *wakeUp) error {
	waiting := e.row.Held
	e.free()
	for i := range waiting {
		r := recordOf(&waiting[i], e.raw)
		if came != nil && i == 0 {
			r.Headers = append(r.Headers, came.headers()...)
		}
		whole := w.tally.whole
		if err := w.handleRecord(e, r); err != nil {
			return err
		}
		switch {
		case w.step.Snapshot && w.tally.whole > whole:
			e.free()
		case !w.step.Snapshot && e.row.WaitsFor != "":
			e.row.Held = append(e.row.Held, waiting[i+1:]...)
			return nil
		}
	}
	if e.row.WaitsFor == "" {
		return w.closeWaiting(e)
	}
	return nil
}

// heldOf is a record as it waits in a row; without the wake-up that it may have heard of.
func heldOf(r *kgo.Record) schemas.Held {
	headers := heldHeaders(r)
	if len(r.Value) > 0 {
		headers = slices.DeleteFunc(headers, func(h schemas.Header) bool {
			return h.Name == headerWake || h.Name == headerWakeAt || h.Name == headerSays
		})
	}
	return schemas.Held{
		Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, At: schemas.Millis(r.Timestamp.UnixMilli()),
		Headers: headers, Value: schemas.Body{Bytes: r.Value},
	}
}

func heldHeaders(r *kgo.Record) []schemas.Header {
	headers := make([]schemas.Header, len(r.Headers))
	for i, h := range r.Headers {
		headers[i] = schemas.Header{Name: h.Key, Value: string(h.Value)}
	}
	return headers
}

func heldBytes(m *schemas.Held) int {
	size := len(m.Topic) + len(m.Value.Bytes) + 32
	for _, h := range m.Headers {
		size += len(h.Name) + len(h.Value) + 8
	}
	return size
}

// recordOf is the record that waited.
func recordOf(m *schemas.Held, key []byte) *kgo.Record {
	r := &kgo.Record{
		Topic: m.Topic, Partition: m.Partition, Offset: m.Offset, Timestamp: m.At.Time(), Key: key, Value: m.Value.Bytes,
		Headers: make([]kgo.RecordHeader, len(m.Headers)),
	}
	for i, h := range m.Headers {
		r.Headers[i] = kgo.RecordHeader{Key: h.Name, Value: []byte(h.Value)}
	}
	return r
}
