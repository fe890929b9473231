package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/trace"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// worker handles one partition's share of a turn. What it makes stands beside the table until the transaction has committed;
// thrown away, it leaves no trace.
type worker struct {
	*session
	ctx      context.Context
	part     *part
	verdicts *verdicts
	entries  map[string]*entry
	order    []*entry // as they were first touched
	out      []kgo.Record
	rowsFrom int // where the rows begin in out
	memory   memory
	tally    tally
	came     []due // wake-ups that came back
	spans    []trace.Span

	now   *kgo.Record   // of the input, that is worked on
	cause *topics.Event // of what is sent now
	at    []byte        // the position of the cause; empty until it is asked for
	index int           // of the next message it leads to
	trace []byte        // traceparent of what is sent now, nil for none
	deed  *errand       // of an operator, that is carried out now
}

func newWorker(ctx context.Context, s *session, p *part, v *verdicts) *worker {
	records := len(p.input) + len(p.back) + len(p.due)
	return &worker{
		session: s, ctx: ctx, part: p, verdicts: v,
		entries: make(map[string]*entry, records), order: make([]*entry, 0, records), out: make([]kgo.Record, 0, 2*records),
	}
}

func (w *worker) run() error {
	if err := w.inOrder(); err != nil {
		return err
	}
	for _, d := range w.part.due {
		if err := w.wakeUp(d); err != nil {
			return err
		}
	}
	for _, r := range w.part.back {
		if r.Attrs.IsControl() {
			continue
		}
		if err := w.comeBack(r); err != nil {
			return err
		}
	}
	for _, r := range w.part.input {
		if r.Attrs.IsControl() {
			continue
		}
		if err := w.takeIn(r); err != nil {
			return err
		}
	}
	w.now = nil
	return w.writeRows()
}

// takeIn handles a new record.
func (w *worker) takeIn(r *kgo.Record) error {
	w.now = r
	topic := w.topic(r.Topic)
	isGone := len(r.Value) == 0 && topic.Removed != nil // a person took the key away, and said so where it means something
	if isGone || w.step.Minds != nil && !w.step.Minds(topic, string(r.Key)) {
		w.tally.repeats++
		return nil
	}
	e, err := w.entry(r.Key)
	if err != nil {
		return err
	}
	return w.take(e, r)
}

// handleRecord reads what a record says and hands it to the processor.
func (w *worker) handleRecord(e *entry, r *kgo.Record) error {
	event, err := w.event(e, r)
	w.begin(event)
	switch {
	case err == nil:
		return w.handle(e, event, r)
	case mustRest(err):
		return w.stop(err, nil)
	case errors.Is(err, schemas.ErrUnknownSchema):
		return w.die(e, event, r, &processors.DeadError{Class: schemas.ClassUnknownSchema, Err: err})
	}
	return w.die(e, event, r, &processors.DeadError{Class: schemas.ClassMalformed, Err: err})
}

// stop ends the work of this partition, with a verdict on the event that is its cause or with none.
func (w *worker) stop(err error, verdict *processors.DeadError) error {
	return &stopError{record: w.now, position: string(w.position()), err: err, verdict: verdict}
}

// handle carries out the outcome of one event. Invariant 3: it ends as written, in the trash, or is tried again.
func (w *worker) handle(e *entry, event *topics.Event, r *kgo.Record) error {
	if len(w.verdicts.dead) > 0 {
		if dead := w.verdicts.dead[string(w.position())]; dead != nil {
			return w.die(e, event, r, dead)
		}
	}
	e.changed = true
	result, err := w.call(e, event)
	if err == nil {
		return w.done(e, event, result)
	}
	dead, wait := processors.Outcome(err)
	var broke *brokeError
	switch {
	case errors.As(err, &broke):
		// Begun again without it, because it may have left the state half done.
		return w.stop(err, &processors.DeadError{Class: schemas.ClassPanic, Err: err})
	case wait != nil:
		return w.wait(e, event, r, wait)
	case dead != nil:
		return w.die(e, event, r, dead)
	}
	return w.stop(err, nil)
}

// brokeError is a panic of the processor.
type brokeError struct{ panicked any }

func (e *brokeError) Error() string {
	return fmt.Sprintf("handling it broke the step (a bug of ours): %v", e.panicked)
}

// call runs the processor. A message never makes the program panic.
func (w *worker) call(e *entry, event *topics.Event) (result processors.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("processor panicked; its event goes to the trash", "event", event.Position(), "panic", p, "stack", string(debug.Stack()))
			err = &brokeError{p}
		}
	}()
	return w.step.Handle(event, e.state)
}

func (w *worker) done(e *entry, event *topics.Event, result processors.Result) error {
	if result.Wake != nil {
		e.row.WakeAt, e.row.WakeWhat = new(max(result.Wake.At, 1)), result.Wake.What
	}
	if result.Repeat {
		w.tally.repeats++
		return nil
	}
	w.tally.done++
	if !result.Partial {
		w.tally.whole++
	}
	if e.row.Trash != nil && w.step.Snapshot && !result.Partial && !isBefore(event, e.row.Trash) {
		if err := w.closeEntry(e, &e.row.Trash, schemas.TrashDismissed, "overtaken by "+event.Position()); err != nil {
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

// isBefore tells whether an event came before the message of that entry, or is that very one: it does not overtake it. An entry is as
// old as what failed first, however often it was mended since.
func isBefore(event *topics.Event, entry *schemas.OpenTrash) bool {
	_, topic, _, offset, ok := schemas.SplitTrashID(entry.TrashID)
	return ok && event.Topic.Name == topic && event.Offset <= offset
}
