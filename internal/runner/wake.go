package runner

import (
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// Headers of what comes back to a step.
const (
	headerWake   = topics.HeaderWake
	headerWakeAt = "wake-at"        // when that was due, in milliseconds since 1970
	headerTrash  = deed.HeaderTrash // a repaired message: the entry that it was
)

// wakeUp is what a wake-up says.
type wakeUp struct {
	what string
	at   schemas.Millis
}

// wakeOf is the wake-up that a record is or has heard of, nil if there is none.
func wakeOf(r *kgo.Record) *wakeUp {
	what, ok := header(r, headerWake)
	if !ok {
		return nil
	}
	text, _ := header(r, headerWakeAt)
	at, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return &wakeUp{what: what, at: schemas.Millis(at)}
}

func (u *wakeUp) headers() []kgo.RecordHeader {
	return []kgo.RecordHeader{
		{Key: headerWake, Value: []byte(u.what)}, {Key: headerWakeAt, Value: strconv.AppendInt(nil, int64(u.at), 10)},
	}
}

func header(r *kgo.Record, name string) (value string, ok bool) {
	for _, h := range r.Headers {
		if h.Key == name {
			return string(h.Value), true
		}
	}
	return "", false
}

// wakeUp writes a wake-up that is due to step.<name>, so that a replay sees it too. The row stays as it is until the wake-up has
// come back: nothing but what was read moves a row, so a process that stood still and no longer owns the key can not move one
// either, and a wake-up that it writes again is known by its time.
func (w *worker) wakeUp(d due) error {
	e, err := w.entry(d.key)
	if err != nil {
		return err
	}
	if d.what != "" {
		return w.tell(e, d)
	}
	if e.was.Wake != d.at {
		return nil
	}
	w.begin(&topics.Event{Topic: w.step.Table, Partition: w.part.number, Key: e.key})
	w.at = fmt.Appendf(nil, "%s/%d/%s@%d", w.step.Table.Name, w.part.number, e.key, d.at) // the row and its time
	var headers []topics.Header
	for _, h := range (&wakeUp{what: e.row.WakeWhat, at: schemas.Millis(d.at)}).headers() {
		headers = append(headers, topics.Header{Key: h.Key, Value: h.Value})
	}
	w.tally.wakes++
	return w.sendOwn(&topics.Message{Topic: w.step.Back, Key: e.key, Headers: headers})
}

// comeBack handles what was written to step.<name>: a wake-up, a repaired message, or one to try again.
func (w *worker) comeBack(r *kgo.Record) error {
	w.now = r
	e, err := w.entry(r.Key)
	if err != nil {
		return err
	}
	if trashID, ok := header(r, headerTrash); ok {
		return w.repair(e, r, trashID)
	}
	if len(r.Value) == 0 {
		if came := wakeOf(r); came != nil {
			return w.awake(e, r, came)
		}
		if what, ok := header(r, headerCame); ok {
			return w.hear(e, r, what)
		}
	}
	return w.take(e, r)
}

// awake handles a wake-up. One that the row no longer asks for is a repeat.
func (w *worker) awake(e *entry, r *kgo.Record, came *wakeUp) error {
	w.came = append(w.came, due{key: e.raw, at: int64(came.at)})
	if e.row.WakeAt == nil || *e.row.WakeAt != came.at {
		w.tally.repeats++
		return nil
	}
	e.row.WakeAt, e.row.WakeWhat, e.changed = nil, "", true
	switch {
	case e.row.WaitsFor == "":
		return w.handleRecord(e, r)
	case e.row.WaitsFor == came.what:
		return w.release(e, came)
	}
	return w.hold(e, r)
}

// event is what a record says. Its Value is nil for a wake-up.
func (w *worker) event(e *entry, r *kgo.Record) (*topics.Event, error) {
	event := w.memory.event()
	*event = topics.Event{
		Topic: w.topic(r.Topic), Partition: r.Partition, Offset: r.Offset, Key: e.key,
		At: schemas.Millis(r.Timestamp.UnixMilli()), Headers: w.memory.inHeaders(r.Headers),
	}
	if len(r.Value) == 0 && event.Topic == w.step.Back && wakeOf(r) != nil {
		return event, nil
	}
	event.Value = event.Topic.Schema.New()
	return event, w.registry.Decode(w.ctx, event.Topic.Schema, r.Value, event.Value)
}

func (w *worker) topic(name string) *topics.Topic {
	for _, t := range w.step.Reads {
		if t.Name == name {
			return t
		}
	}
	return w.step.Back
}
