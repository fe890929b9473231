package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// enter writes an entry of the trash and remembers it as that of its order, in place of one of an earlier record: one for what
// failed, one for what waits.
func (c *consequence) enter(r *record, dead *processors.DeadError, state string) {
	entry := c.entryOf(r, dead)
	entry.State = state
	slot := &c.row.Trash
	if state == schemas.TrashWaiting {
		slot = &c.row.Parked
	}
	if *slot != nil && (*slot).TrashID != entry.TrashID {
		c.close(slot, schemas.TrashDismissed)
	}
	if slot == &c.row.Trash && c.row.Parked != nil && c.row.Parked.TrashID == entry.TrashID {
		c.row.Parked = nil
	}
	c.failedAgain = c.mended != nil
	*slot = &schemas.OpenTrash{
		TrashID: entry.TrashID, Class: entry.Class, Topic: entry.Topic, Partition: entry.Partition, Offset: entry.Offset,
		FirstAt: entry.FirstAt, Attempts: entry.Attempts,
	}
	c.changed = true
	c.say(topics.Trash, entry.TrashID, entry)
}

func (c *consequence) entryOf(r *record, dead *processors.DeadError) *schemas.TrashEntry {
	var faults schemas.Faults
	errors.As(dead, &faults)
	sum := sha256.Sum256(r.bytes)
	party, seller := c.whose()
	entry := &schemas.TrashEntry{
		TrashID: schemas.TrashID(c.step.Name, r.Topic.Name, r.Partition, r.Offset), Step: c.step.Name, Class: dead.Class,
		Faults: faults[:min(len(faults), schemas.FaultsMax)], Attempts: 1, FirstAt: r.At, OrderID: c.orderID(), Party: party, Seller: seller,
		Topic: r.Topic.Name, Partition: r.Partition, Offset: r.Offset, Key: r.Key, Headers: headersOf(r), ValueSHA256: hex.EncodeToString(sum[:]), ShipBy: dead.ShipBy,
	}
	if len(r.bytes) <= schemas.TrashValueBytesMax {
		entry.Value = &schemas.Body{Bytes: r.bytes}
	}
	if c.mended != nil { // it is one message, however often it fails
		entry.TrashID, entry.FirstAt = c.mended.TrashID, c.mended.FirstAt
		entry.Attempts += c.mended.Attempts
		c.sign(entry)
		entry.Headers = slices.DeleteFunc(entry.Headers, func(h schemas.Header) bool { return strings.HasPrefix(h.Name, "trash-") })
	}
	return entry
}

// close writes how an entry of the order ended.
func (c *consequence) close(slot **schemas.OpenTrash, state string) {
	open := *slot
	*slot, c.changed = nil, true
	c.sayClosed(open, state)
}

func (c *consequence) sayClosed(open *schemas.OpenTrash, state string) {
	party, seller := c.whose()
	entry := &schemas.TrashEntry{
		TrashID: open.TrashID, Step: c.step.Name, State: state, Class: open.Class, Attempts: open.Attempts, FirstAt: open.FirstAt,
		OrderID: c.orderID(), Party: party, Seller: seller, Topic: open.Topic, Partition: open.Partition, Offset: open.Offset, Key: c.key,
	}
	if c.mended != nil && c.mended.TrashID == open.TrashID {
		c.sign(entry)
	}
	c.say(topics.Trash, open.TrashID, entry)
}

// sign puts on an entry who did what with it, as the cause says.
func (c *consequence) sign(entry *schemas.TrashEntry) {
	entry.Did, entry.By, entry.Why, entry.Job = schemas.DidRetry, c.cause.header("trash-by"), c.cause.header("trash-why"), c.cause.header("trash-job")
}

// repaired is a message that somebody mended. One whose entry is not open any more, or was tried since, says nothing.
func (c *consequence) repaired(r *record, trashID string) error {
	if does := r.header("trash-does"); does != "" {
		return fmt.Errorf("%s is %s: nobody does that in a run", r.position(), does)
	}
	open := c.row.Trash
	if open == nil || open.TrashID != trashID {
		open = c.row.Parked
	}
	if open == nil || open.TrashID != trashID || r.header("trash-attempts") != "" && r.header("trash-attempts") != strconv.FormatInt(open.Attempts, 10) {
		return nil
	}
	if open == c.row.Parked {
		c.replace(open)
		c.row.Parked = nil
	} else {
		c.row.Trash = nil
	}
	whole := c.wholes
	c.mended, c.failedAgain = open, false
	defer func() { c.mended = nil }()
	if err := c.handle(r); err != nil {
		return err
	}
	if c.wholes > whole {
		c.free()
		if err := c.endWaiting(); err != nil {
			return err
		}
	}
	c.changed = true
	if !c.failedAgain {
		c.sayClosed(open, schemas.TrashRepaired)
	}
	return nil
}

// replace takes what waits out of the row, for the mended one that comes in its place.
func (c *consequence) replace(open *schemas.OpenTrash) {
	c.row.Held = slices.DeleteFunc(c.row.Held, func(h schemas.Held) bool {
		return h.Topic == open.Topic && h.Partition == open.Partition && h.Offset == open.Offset
	})
	if len(c.row.Held) == 0 {
		c.free()
	}
}

// whose order the cause is about: as an order that came in says, else by its key.
func (c *consequence) whose() (party, seller string) {
	if raw, is := c.cause.Value.(*schemas.RawOrder); is && c.cause.Topic == topics.OrdersRaw && raw.Party != "" {
		return raw.Party, raw.Seller
	}
	party, _, _ = schemas.SplitOrderID(c.cause.Key)
	return party, ""
}
