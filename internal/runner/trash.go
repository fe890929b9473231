package runner

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/internal/failure"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// waitsForTrash is what a key waits for whose event failed: that its entry is repaired or dismissed.
const waitsForTrash = "trash "

// die sends an event to the trash. Its key waits, unless the input is a whole snapshot: there a later good one overtakes it, and
// a later bad one takes its place.
func (w *worker) die(e *entry, event *topics.Event, r *kgo.Record, dead *processors.DeadError) error {
	entry, err := w.enter(e, event, r, dead, schemas.TrashOpen)
	if err != nil {
		return err
	}
	if !w.step.Snapshot {
		e.row.WaitsFor = waitsForTrash + entry.TrashID
	}
	w.tally.trashed++
	w.tally.classes = append(w.tally.classes, entry.Class)
	return nil
}

// enter writes an entry and remembers it as that of its key, in place of one of an earlier event: what failed and what waits are two,
// because a bad message behind one that waits changes nothing for that.
func (w *worker) enter(e *entry, event *topics.Event, r *kgo.Record, dead *processors.DeadError, state string) (*schemas.TrashEntry, error) {
	entry := w.trashEntry(event, r, dead)
	entry.State = state
	slot, why := &e.row.Trash, ", which failed too"
	if state == schemas.TrashWaiting {
		slot, why = &e.row.Parked, ", which waits too"
	}
	other := *slot != nil && (*slot).TrashID != entry.TrashID
	if d := w.deed; d != nil {
		d.failed = true
		if other && d.loose != nil { // nothing is known of which came first: both stay
			imported := topics.Header{Key: HeaderImported, Value: []byte(d.By)}
			return entry, w.sendOwn(&topics.Message{Topic: topics.Trash, Key: entry.TrashID, Value: entry, Headers: []topics.Header{imported}})
		}
	}
	if other {
		if err := w.closeEntry(e, slot, schemas.TrashDismissed, "overtaken by "+event.Position()+why); err != nil {
			return nil, err
		}
	}
	if slot == &e.row.Trash && e.row.Parked != nil && e.row.Parked.TrashID == entry.TrashID {
		e.row.Parked = nil // it waited too long, and is that entry now
	}
	e.changed = true
	*slot = new(openOf(entry))
	return entry, w.sendOwn(&topics.Message{Topic: topics.Trash, Key: entry.TrashID, Value: entry})
}

func (w *worker) throw(entry *schemas.TrashEntry) error {
	w.tally.trashed++
	w.tally.classes = append(w.tally.classes, entry.Class)
	return w.sendOwn(&topics.Message{Topic: topics.Trash, Key: entry.TrashID, Value: entry})
}

// closeEntry ends an entry of a key.
func (w *worker) closeEntry(e *entry, slot **schemas.OpenTrash, state, resolution string) error {
	open := *slot
	*slot, e.changed = nil, true
	return w.writeClosed(e, open, state, resolution)
}

// writeClosed writes how an entry ended. Its value is no longer needed: the message still lies on its topic.
func (w *worker) writeClosed(e *entry, open *schemas.OpenTrash, state, resolution string) error {
	party, seller, _ := whose(w.cause)
	entry := &schemas.TrashEntry{
		TrashID: open.TrashID, Step: w.step.Name, State: state, Class: open.Class, Reason: open.Reason, Fingerprint: open.Fingerprint,
		Attempts: open.Attempts, FirstAt: open.FirstAt, OrderID: clip(orderID(w.cause), textMax),
		Party: clip(party, textMax), Seller: clip(seller, textMax),
		Topic: open.Topic, Partition: open.Partition, Offset: open.Offset, Key: clip(e.key, textMax), Resolution: resolution,
	}
	if d := w.deed; d != nil && d.open.TrashID == open.TrashID {
		d.Sign(entry)
	}
	return w.sendOwn(&topics.Message{Topic: topics.Trash, Key: open.TrashID, Value: entry})
}

func (w *worker) trashEntry(event *topics.Event, r *kgo.Record, dead *processors.DeadError) *schemas.TrashEntry {
	var faults schemas.Faults
	errors.As(dead.Err, &faults)
	sum := sha256.Sum256(r.Value)
	party, seller, shipBy := whose(event)
	entry := &schemas.TrashEntry{
		TrashID: schemas.TrashID(w.step.Name, event.Topic.Name, event.Partition, event.Offset), Step: w.step.Name,
		State: schemas.TrashOpen, Class: dead.Class, Reason: reason(dead, faults), Faults: clipFaults(faults),
		Fingerprint: fingerprint(w.step.Name, dead, faults), Attempts: 1, FirstAt: event.At,
		OrderID: clip(orderID(event), textMax), Party: clip(party, textMax), Seller: clip(seller, textMax),
		Topic: event.Topic.Name, Partition: event.Partition, Offset: event.Offset, Key: clip(event.Key, textMax),
		Headers: clipHeaders(withoutDeed(heldHeaders(r))), ValueSHA256: hex.EncodeToString(sum[:]), ShipBy: cmp.Or(dead.ShipBy, shipBy),
	}
	if dead.Class == schemas.ClassExhausted {
		entry.Attempts = int64(w.config.Limits.AttemptsMax)
	}
	if len(r.Value) <= schemas.TrashValueBytesMax {
		entry.Value = &schemas.Body{Bytes: r.Value}
	}
	if w.deed != nil {
		w.deed.claim(entry)
	}
	return entry
}

// What an entry takes of a message at most, in bytes, beside its value: an entry always fits on its topic, whatever was sent.
const (
	textMax    = deed.TextMax
	headersMax = 64 << 10
	reasonMax  = failure.ReasonMax
)

func clip(text string, most int) string { return failure.Clip(text, most) }

func clipFaults(faults schemas.Faults) []schemas.Fault {
	clipped := slices.Clone(faults[:min(len(faults), schemas.FaultsMax)])
	for i := range clipped {
		f := &clipped[i]
		f.Code, f.Path, f.Text = clip(f.Code, textMax), clip(f.Path, textMax), clip(f.Text, textMax)
	}
	return clipped
}

func clipHeaders(headers []schemas.Header) []schemas.Header {
	size := 0
	for i, h := range headers {
		if size += len(h.Name) + len(h.Value) + 16; size > headersMax {
			return headers[:i]
		}
	}
	return headers
}

func reason(dead *processors.DeadError, faults schemas.Faults) string {
	if dead.Err == nil {
		return "the step gave no reason"
	}
	text := dead.Err.Error()
	if len(faults) > 3 {
		text = faults[:3].Error() + "; and more"
	}
	return clip(text, reasonMax)
}

func orderID(event *topics.Event) string {
	if id := topics.Find(event.Headers, topics.HeaderOrderID); id != "" {
		return id
	}
	return event.Key
}

// whose order it is, and when that has to have left: as the event says, or its key if it can not be read.
func whose(event *topics.Event) (party, seller string, shipBy *schemas.Millis) {
	if event.Value != nil && event.Topic.Line != nil {
		line := event.Topic.Line(event.Value)
		party, seller, shipBy = line.Party, line.Seller, line.ShipBy
	}
	if party == "" {
		party, _, _ = schemas.SplitOrderID(event.Key)
	}
	return party, seller, shipBy
}
