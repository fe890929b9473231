package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// waitsForTrash is what a key waits for whose event failed: that its entry is repaired or dismissed.
const waitsForTrash = "trash "

// die sends an event to the trash. Its key waits, unless the input is a whole snapshot: there a later good one overtakes it, and
// a later bad one takes its place.
func (w *worker) die(e *entry, event *topics.Event, m schemas.Held, dead *processors.DeadError) error {
	if e.row.Trash != nil {
		if err := w.closeTrash(e, schemas.TrashDismissed, "overtaken by "+event.Position()+", which failed too"); err != nil {
			return err
		}
	}
	entry := w.trashEntry(event, m, dead)
	e.changed = true
	e.row.Trash = &schemas.OpenTrash{
		TrashID: entry.TrashID, Class: entry.Class, Reason: entry.Reason, Fingerprint: entry.Fingerprint, Topic: entry.Topic,
		Partition: entry.Partition, Offset: entry.Offset, FirstAt: entry.FirstAt, Attempts: entry.Attempts,
	}
	if !w.step.Snapshot {
		e.row.WaitsFor = waitsForTrash + entry.TrashID
	}
	return w.throw(entry)
}

func (w *worker) throw(entry *schemas.TrashEntry) error {
	w.outcomes["trashed"]++
	w.metrics.trashed.WithLabelValues(entry.Class).Inc()
	return w.send(&topics.Message{Topic: topics.Trash, Key: entry.TrashID, Value: entry})
}

// repair handles a message that an operator mended. If it is good now, its entry is closed and what waited for it goes on.
func (w *worker) repair(e *entry, m schemas.Held, trashID string) error {
	open := e.row.Trash
	waited := e.row.WaitsFor == waitsForTrash+trashID
	if waited {
		e.row.WaitsFor = ""
	}
	before := w.outcomes["done"] + w.outcomes["repeat"]
	if err := w.handleRecord(e, m); err != nil {
		return err
	}
	if w.outcomes["done"]+w.outcomes["repeat"] == before || open == nil || open.TrashID != trashID {
		return nil
	}
	if e.row.Trash == open {
		if err := w.closeTrash(e, schemas.TrashRepaired, "repaired by "+schemas.Position(m.Topic, m.Partition, m.Offset)); err != nil {
			return err
		}
	}
	if waited {
		return w.release(e)
	}
	return nil
}

// closeTrash ends the open entry of a key. Its value is no longer needed: the message still lies on its topic.
func (w *worker) closeTrash(e *entry, state, resolution string) error {
	open := e.row.Trash
	e.row.Trash, e.changed = nil, true
	party, _, _ := schemas.SplitOrderID(e.key)
	return w.send(&topics.Message{Topic: topics.Trash, Key: open.TrashID, Value: &schemas.TrashEntry{
		TrashID: open.TrashID, Step: w.step.Name, State: state, Class: open.Class, Reason: open.Reason, Fingerprint: open.Fingerprint,
		Attempts: open.Attempts, FirstAt: open.FirstAt, OrderID: orderID(w.cause), Party: party, Topic: open.Topic,
		Partition: open.Partition, Offset: open.Offset, Key: e.key, Resolution: resolution,
	}})
}

func (w *worker) trashEntry(event *topics.Event, m schemas.Held, dead *processors.DeadError) *schemas.TrashEntry {
	var faults schemas.Faults
	errors.As(dead.Err, &faults)
	sum := sha256.Sum256(m.Value.Bytes)
	party, _, _ := schemas.SplitOrderID(event.Key)
	entry := &schemas.TrashEntry{
		TrashID: schemas.TrashID(w.step.Name, event.Topic.Name, event.Partition, event.Offset), Step: w.step.Name,
		State: schemas.TrashOpen, Class: dead.Class, Reason: reason(dead, faults), Faults: faults,
		Fingerprint: fingerprint(w.step.Name, dead.Class, faults), Attempts: 1, FirstAt: event.At, OrderID: orderID(event), Party: party,
		Topic: event.Topic.Name, Partition: event.Partition, Offset: event.Offset, Key: event.Key, Headers: m.Headers,
		ValueSHA256: hex.EncodeToString(sum[:]),
	}
	if dead.Class == schemas.ClassExhausted {
		entry.Attempts = int64(w.config.Limits.AttemptsMax)
	}
	if len(m.Value.Bytes) <= schemas.TrashValueBytesMax {
		entry.Value = &schemas.Body{Bytes: m.Value.Bytes}
	}
	return entry
}

// reasonMax bounds the text of an entry, in bytes.
const reasonMax = 2000

func reason(dead *processors.DeadError, faults schemas.Faults) string {
	text := dead.Err.Error()
	if len(faults) > 3 {
		text = faults[:3].Error() + "; and more"
	}
	return strings.ToValidUTF8(text[:min(len(text), reasonMax)], "")
}

// fingerprint is equal for failures of one cause: the step, the class and the codes, with no text that varies.
func fingerprint(step, class string, faults schemas.Faults) string {
	var codes []string
	for _, f := range faults {
		codes = append(codes, f.Code)
	}
	slices.Sort(codes)
	sum := sha256.Sum256([]byte(strings.Join(append([]string{step, class}, slices.Compact(codes)...), "\x00")))
	return hex.EncodeToString(sum[:8])
}

func orderID(event *topics.Event) string {
	if id := topics.Find(event.Headers, topics.HeaderOrderID); id != "" {
		return id
	}
	return event.Key
}
