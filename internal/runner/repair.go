package runner

import (
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// repair carries out what an operator wants to be done with an entry of the trash. What was tried since the operator looked is left
// alone, so that a deed that is sent twice is done once (invariant 4).
//
// An entry that is not the key's open one has been overtaken, was imported, or is of a message that was too much to be held. The
// first is a repeat; the others come like any other message.
func (w *worker) repair(e *entry, r *kgo.Record, trashID string) error {
	d := errandOf(r)
	d.open = e.entryOf(trashID)
	switch {
	case d.open != nil && (d.Does == schemas.DidReopen || d.Attempts >= 0 && d.Attempts != d.open.Attempts):
		w.tally.repeats++
		return nil
	case d.open == nil && d.loose != nil && d.Does == schemas.DidReopen:
		w.remember(e, d)
	case d.open == nil && d.loose != nil && d.Does == schemas.DidRetry:
		d.open = d.loose
	case d.open == nil && (w.step.Snapshot || d.Does != schemas.DidRetry):
		w.tally.repeats++
		return nil
	case d.open == nil:
		return w.take(e, r)
	}
	w.deed = d
	defer func() { w.deed = nil }()
	switch d.Does {
	case schemas.DidEdit, schemas.DidReopen:
		return w.edit(e, r, d)
	case schemas.DidDismiss:
		return w.dismiss(e, r, d)
	}
	return w.again(e, r, d)
}

// again tries a message once more, as it was or mended. If it is good now, its entry is closed and what waited for it goes on; if
// not, its entry says so.
func (w *worker) again(e *entry, r *kgo.Record, d *errand) error {
	waited := w.takeOut(e, d.open)
	whole := w.tally.whole
	if err := w.handleRecord(e, r); err != nil {
		return err
	}
	if w.step.Snapshot && w.tally.whole > whole {
		e.free() // it was the last that failed: what waits came before
		if err := w.closeWaiting(e); err != nil {
			return err
		}
	}
	e.changed = true
	if !d.failed {
		if err := w.writeClosed(e, d.open, schemas.TrashRepaired, "repaired by "+w.cause.Position()); err != nil {
			return err
		}
	}
	return w.goOn(e, waited)
}

// dismiss gives a message up. What waited for it goes on without it.
func (w *worker) dismiss(e *entry, r *kgo.Record, d *errand) error {
	w.begin(&topics.Event{
		Topic: w.step.Back, Partition: r.Partition, Offset: r.Offset, Key: e.key, At: schemas.Millis(r.Timestamp.UnixMilli()), Headers: w.memory.inHeaders(r.Headers),
	})
	waited := w.takeOut(e, d.open)
	e.changed = true
	if err := w.writeClosed(e, d.open, schemas.TrashDismissed, fmt.Sprintf("dismissed by %s: %s", d.By, d.Why)); err != nil {
		return err
	}
	return w.goOn(e, waited)
}

// takeOut takes an entry and its message out of the key's row, and tells whether the key waited for it.
func (w *worker) takeOut(e *entry, open *schemas.OpenTrash) (waited bool) {
	if waited = e.row.WaitsFor == waitsForTrash+open.TrashID; waited {
		e.row.WaitsFor = ""
	}
	switch open {
	case e.row.Parked:
		w.replace(e, open)
		e.row.Parked = nil
	case e.row.Trash:
		e.row.Trash = nil
	}
	return waited
}

// goOn lets go what waited for a repair, if the key waits for nothing else.
func (w *worker) goOn(e *entry, waited bool) error {
	w.deed = nil
	if waited && e.row.WaitsFor == "" {
		return w.release(e, nil)
	}
	return nil
}

// remember makes an entry that was dismissed that of its key again, so that a later good message closes it. If another message failed
// in the meantime both stay, and only an operator closes this one.
func (w *worker) remember(e *entry, d *errand) {
	d.open = d.loose
	if e.row.Trash == nil {
		e.row.Trash = d.open
	}
}

// edit puts a mended message into its entry, which stays open, with what is wrong with it still. One that waits in the row is not
// edited: its mended message is tried at once, or not at all.
func (w *worker) edit(e *entry, r *kgo.Record, d *errand) error {
	if d.open == e.row.Parked {
		w.tally.repeats++
		return nil
	}
	event, err := w.event(e, r)
	w.begin(event)
	if mustRest(err) {
		return w.stop(err, nil)
	}
	dead, result, err := w.tryOut(e, event, err)
	if err != nil {
		return err
	}
	good := dead == nil
	if good {
		dead = &processors.DeadError{Class: d.open.Class, Err: errors.New(d.open.Reason), ShipBy: promised(result)}
	}
	entry := w.trashEntry(event, r, dead)
	if entry.Attempts = d.open.Attempts; good {
		entry.Fingerprint = d.open.Fingerprint
	}
	*d.open = openOf(entry)
	e.changed = true
	message := topics.Message{Topic: topics.Trash, Key: entry.TrashID, Value: entry}
	if d.open != e.row.Trash {
		message.Headers = []topics.Header{{Key: HeaderImported, Value: []byte(d.By)}} // no row knows it
	}
	return w.sendOwn(&message)
}

// promised is when the order has to have left that comes of an event; nil if nothing says so.
func promised(result processors.Result) *schemas.Millis {
	for _, m := range result.Messages {
		if m.Topic.Line != nil && m.Value != nil {
			if at := m.Topic.Line(m.Value).ShipBy; at != nil {
				return at
			}
		}
	}
	return nil
}

// tryOut asks the processor what it would say of an event, with a copy of the state: what is wrong with it, or nil and what would come
// of it.
func (w *worker) tryOut(e *entry, event *topics.Event, unread error) (*processors.DeadError, processors.Result, error) {
	var none processors.Result
	if unread != nil {
		return &processors.DeadError{Class: schemas.ClassMalformed, Err: unread}, none, nil
	}
	state, err := w.encode(w.roads[stateRoad], e.state)
	if err != nil {
		return nil, none, w.stop(err, nil)
	}
	kept := e.state
	defer func() { e.state = kept }()
	e.state = w.step.State.New()
	if err := w.registry.Decode(w.ctx, w.step.State, state, e.state); err != nil {
		return nil, none, w.stop(err, nil)
	}
	result, err := w.call(e, event)
	dead, _ := processors.Outcome(err)
	return dead, result, nil
}

// replace drops a message that waits, for the mended one that comes in its place.
func (w *worker) replace(e *entry, open *schemas.OpenTrash) {
	e.row.Held = slices.DeleteFunc(e.row.Held, func(h schemas.Held) bool {
		return h.Topic == open.Topic && h.Partition == open.Partition && h.Offset == open.Offset
	})
	if len(e.row.Held) == 0 {
		e.free()
	}
}

// entryOf is the key's entry of that id, nil if it has none.
func (e *entry) entryOf(trashID string) *schemas.OpenTrash {
	for _, open := range []*schemas.OpenTrash{e.row.Trash, e.row.Parked} {
		if open != nil && open.TrashID == trashID {
			return open
		}
	}
	return nil
}
