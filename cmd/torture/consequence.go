package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// known is what a step remembers of one order.
type known struct {
	row   schemas.Row // without its state
	state *schemas.OrderVersions
}

// copied is the same, of which nothing is shared.
func (k known) copied() known {
	b, err := schemas.OrderVersionsSchema.Append(nil, k.state)
	if err != nil {
		panic(err) // it was encoded before
	}
	state := new(schemas.OrderVersions)
	if err := schemas.OrderVersionsSchema.Decode(schemas.OrderVersionsSchema.Current(), b, state); err != nil {
		panic(err)
	}
	row := k.row
	row.Held = slices.Clone(row.Held)
	return known{row, state}
}

// consequence is what one record leads to, by what decisions 0002, 0003, 0008 and architecture §3 say of a step whose inputs are
// whole snapshots. It is written down here a second time, without a look at the transactions, batches and stores of the runner.
type consequence struct {
	known
	ctx      context.Context
	registry *schemas.Registry
	step     processors.Processor
	offers   *offers
	key      string
	said     []said // in order
	changed  bool   // the row is written
	wholes   int    // whole orders that were understood

	cause *record
	index int

	mended      *schemas.OpenTrash // the entry whose message is tried again
	failedAgain bool
}

// said is a record that must lie on a topic.
type said struct {
	topic   *topics.Topic
	key     string
	value   any
	headers []topics.Header
	looked  int // how many look-ups had been made by then
}

// newDelivery is a record of the step's input.
func (c *consequence) newDelivery(r *record) error {
	if c.row.WaitsFor == "" {
		return c.handle(r)
	}
	whole := c.wholes
	if err := c.handle(r); err != nil || c.wholes == whole {
		return err
	}
	c.free() // a later one that is good overtakes all that waits
	return c.endWaiting()
}

// cameBack is a record of step.<name>.
func (c *consequence) cameBack(r *record) error {
	what := r.header("came")
	switch {
	case r.header("trash-id") != "":
		return c.repaired(r, r.header("trash-id"))
	case r.Value == nil && what != "":
		if c.row.WaitsFor != what {
			return nil // told twice, by two owners or before and after a kill
		}
		return c.release()
	case r.Value == nil:
		return fmt.Errorf("%s is a wake-up: no deadline of normalize is shorter than a run", r.position())
	}
	return c.newDelivery(r)
}

// handle asks the step, and carries out its answer.
func (c *consequence) handle(r *record) error {
	c.cause, c.index, c.changed = r, 0, true
	looked := c.offers.looked()
	result, err := c.step.Handle(&r.Event, c.state)
	if err == nil {
		return c.understood(r, result)
	}
	switch dead, wait := processors.Outcome(err); {
	case wait != nil:
		c.offers.decided(looked, wait.What)
		return c.wait(r, wait)
	case dead != nil:
		c.enter(r, dead, schemas.TrashOpen)
		return nil
	}
	return fmt.Errorf("%s: the step says: %w", r.position(), err)
}

func (c *consequence) understood(r *record, result processors.Result) error {
	if result.Repeat {
		return nil
	}
	if result.Wake != nil {
		return fmt.Errorf("%s: normalize asks for a wake-up", r.position())
	}
	if !result.Partial {
		c.wholes++
	}
	if open := c.row.Trash; open != nil && !result.Partial && !isBefore(r, open) {
		c.close(&c.row.Trash, schemas.TrashDismissed)
	}
	for _, m := range result.Messages {
		c.say(m.Topic, m.Key, m.Value, m.Headers...)
	}
	return nil
}

// isBefore tells whether the record came before the one that failed first, or is that one.
func isBefore(r *record, open *schemas.OpenTrash) bool {
	_, topic, _, offset, ok := schemas.SplitTrashID(open.TrashID)
	return ok && topic == r.Topic.Name && r.Offset <= offset
}

// wait puts the record behind those that wait, unless it says the same as the last of them.
func (c *consequence) wait(r *record, wait *processors.WaitError) error {
	m := heldOf(r)
	if wait.Says != nil {
		says := schemas.Header{Name: "says", Value: hex.EncodeToString(wait.Says)}
		if n := len(c.row.Held); n > 0 && slices.Contains(c.row.Held[n-1].Headers, says) {
			return nil
		}
		m.Headers = append(m.Headers, says)
	}
	if wait.Class != "" {
		c.enter(r, &processors.DeadError{Class: wait.Class, Err: wait.Err, ShipBy: wait.ShipBy}, schemas.TrashWaiting)
	}
	c.row.WaitsFor = wait.What
	if wait.Until != 0 {
		c.row.WakeAt, c.row.WakeWhat = &wait.Until, wait.What
	}
	c.row.Held = append(c.row.Held, m)
	return nil
}

// release tries all that waits again, each in turn; a good one overtakes those before it.
func (c *consequence) release() error {
	waiting := c.row.Held
	c.free()
	for i := range waiting {
		r, err := heldAgain(c.ctx, c.registry, c.key, &waiting[i])
		if err != nil {
			return err
		}
		whole := c.wholes
		if err := c.handle(r); err != nil {
			return err
		}
		if c.wholes > whole {
			c.free()
		}
	}
	if c.row.WaitsFor != "" {
		return nil
	}
	return c.endWaiting()
}

// free ends the waiting, and the deadline of it.
func (c *consequence) free() {
	if c.row.WaitsFor != "" && c.row.WakeWhat == c.row.WaitsFor {
		c.row.WakeAt, c.row.WakeWhat = nil, ""
	}
	c.row.Held, c.row.WaitsFor, c.changed = nil, "", true
}

// endWaiting closes the entry that told why the order waits.
func (c *consequence) endWaiting() error {
	if c.row.Parked != nil {
		c.close(&c.row.Parked, schemas.TrashRepaired)
	}
	return nil
}

// say notes a record that the cause leads to. Its id is the position of its cause and an index.
func (c *consequence) say(topic *topics.Topic, key string, value any, more ...topics.Header) {
	at := c.cause.position()
	headers := []topics.Header{
		{Key: topics.HeaderEventID, Value: []byte(at + "#" + strconv.Itoa(c.index))},
		{Key: topics.HeaderCause, Value: []byte(at)},
		{Key: topics.HeaderOrderID, Value: []byte(c.orderID())},
		{Key: topics.HeaderMode, Value: []byte(topics.ModeLive)},
		{Key: topics.HeaderOrigin, Value: []byte(c.cause.header(topics.HeaderOrigin))},
		{Key: topics.HeaderTraceparent, Value: []byte(c.cause.header(topics.HeaderTraceparent))},
	}
	c.index++
	c.said = append(c.said, said{topic, key, value, append(headers, more...), c.offers.looked()})
}

func (c *consequence) orderID() string {
	if id := c.cause.header(topics.HeaderOrderID); id != "" {
		return id
	}
	return c.key
}

// heldOf is a record as it waits in a row.
func heldOf(r *record) schemas.Held {
	m := schemas.Held{Topic: r.Topic.Name, Partition: r.Partition, Offset: r.Offset, At: r.At, Value: schemas.Body{Bytes: r.bytes}}
	for _, h := range headersOf(r) {
		if h.Name != "says" && h.Name != "wake" && h.Name != "wake-at" {
			m.Headers = append(m.Headers, h)
		}
	}
	return m
}

func headersOf(r *record) (headers []schemas.Header) {
	for _, h := range r.Headers {
		headers = append(headers, schemas.Header{Name: h.Key, Value: string(h.Value)})
	}
	return headers
}
