package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/table"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// worker handles one partition's share of a turn. What it makes stands beside the table until the transaction has committed;
// thrown away, it leaves no trace.
type worker struct {
	*session
	ctx       context.Context
	part      *part
	exhausted map[string]bool // positions of events that were tried as often as allowed
	entries   map[string]*entry
	order     []*entry // as they were first touched
	out       []kgo.Record
	rowsFrom  int // where the rows begin in out
	arena     []byte
	cause     *topics.Event // of what is sent now
	position  string        // of the cause
	index     int           // of the next message it leads to
	outcomes  map[string]int
}

// entry is one key's row while the turn works on it.
type entry struct {
	key     string
	row     schemas.Row
	state   any
	wake    int64 // as the store has it
	changed bool
}

func newWorker(ctx context.Context, s *session, p *part, exhausted map[string]bool) *worker {
	records := len(p.input) + len(p.back) + len(p.due)
	return &worker{
		session: s, ctx: ctx, part: p, exhausted: exhausted,
		entries: make(map[string]*entry, records), out: make([]kgo.Record, 0, 2*records), outcomes: map[string]int{},
	}
}

func (w *worker) run() error {
	for _, key := range w.part.due {
		if err := w.wakeUp(key); err != nil {
			return err
		}
	}
	for _, r := range w.part.back {
		if err := w.comeBack(r); err != nil {
			return err
		}
	}
	for _, r := range w.part.input {
		if err := w.take(r); err != nil {
			return err
		}
	}
	return w.writeRows()
}

// take handles a new record, or holds it if its key waits (invariant 5).
func (w *worker) take(r *kgo.Record) error {
	e, err := w.entry(r.Key)
	if err != nil {
		return err
	}
	if e.row.WaitsFor != "" {
		return w.hold(e, held(r))
	}
	return w.handleRecord(e, held(r))
}

// handleRecord reads what a record says and hands it to the processor.
func (w *worker) handleRecord(e *entry, m schemas.Held) error {
	event, err := w.event(e.key, m)
	w.begin(event)
	switch {
	case err == nil:
		return w.handle(e, event, m)
	case mustRest(err):
		return err
	case errors.Is(err, schemas.ErrUnknownSchema):
		return w.die(e, event, m, &processors.DeadError{Class: schemas.ClassUnknownSchema, Err: err})
	}
	return w.die(e, event, m, &processors.DeadError{Class: schemas.ClassMalformed, Err: err})
}

// handle carries out the outcome of one event. Invariant 3: it ends as written, in the trash, or is tried again.
func (w *worker) handle(e *entry, event *topics.Event, m schemas.Held) error {
	result, err := w.call(e, event)
	dead, wait := processors.Outcome(err)
	switch {
	case err == nil:
		return w.done(e, event, result)
	case wait != nil:
		return w.wait(e, m, wait)
	case dead != nil:
		return w.die(e, event, m, dead)
	case w.exhausted[event.Position()]:
		return w.die(e, event, m, &processors.DeadError{Class: schemas.ClassExhausted, Err: err})
	}
	return &retryError{position: event.Position(), err: err}
}

// call runs the processor. A message never makes the program panic.
func (w *worker) call(e *entry, event *topics.Event) (result processors.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("processor panicked; its event goes to the trash", "event", event.Position(), "panic", p, "stack", string(debug.Stack()))
			err = processors.Dead(schemas.ClassPanic, fmt.Errorf("handling it broke the step (a bug of ours): %v", p))
		}
	}()
	e.changed = true
	return w.step.Handle(event, e.state)
}

func (w *worker) done(e *entry, event *topics.Event, result processors.Result) error {
	if result.Repeat {
		w.outcomes["repeat"]++
		return nil
	}
	w.outcomes["done"]++
	if result.Wake != nil {
		e.row.WakeAt, e.row.WakeWhat = &result.Wake.At, result.Wake.What
	}
	if e.row.Trash != nil && w.step.Snapshot {
		if err := w.closeTrash(e, schemas.TrashDismissed, "overtaken by "+event.Position()); err != nil {
			return err
		}
	}
	for i := range result.Messages {
		if err := w.send(&result.Messages[i]); err != nil {
			return err
		}
	}
	return nil
}

// entry is the row of a key, read from the table at its first touch.
func (w *worker) entry(key []byte) (*entry, error) {
	if e := w.entries[string(key)]; e != nil {
		return e, nil
	}
	e := &entry{key: string(key), state: w.step.State.New()}
	row, ok, err := w.store.Get(nil, w.part.number, key)
	if err != nil {
		return nil, err
	}
	if ok {
		if err := w.registry.Decode(w.ctx, schemas.RowSchema, row, &e.row); err != nil {
			return nil, fmt.Errorf("row of %q in %s: %w", key, w.step.Table.Name, err)
		}
		e.wake = wakeTime(&e.row)
		if err := w.registry.Decode(w.ctx, w.step.State, e.row.State, e.state); err != nil {
			return nil, fmt.Errorf("state of %q in %s: %w", key, w.step.Table.Name, err)
		}
	}
	w.entries[e.key] = e
	w.order = append(w.order, e)
	return e, nil
}

// keep moves the table on to where the topic is, once the transaction has committed.
func (w *worker) keep() error {
	rows := w.out[w.rowsFrom:]
	if len(rows) == 0 {
		return nil
	}
	changes := make([]table.Change, 0, len(rows))
	var last int64
	i := 0
	for _, e := range w.order {
		if !e.changed {
			continue
		}
		r := &rows[i]
		i++
		changes = append(changes, table.Change{Key: r.Key, Value: r.Value, Wake: wakeTime(&e.row), Was: e.wake})
		last = max(last, r.Offset)
	}
	return w.store.Apply(w.part.number, last+1, changes)
}

func wakeTime(row *schemas.Row) int64 {
	if row.WakeAt == nil {
		return 0
	}
	return int64(*row.WakeAt)
}
