package gateway

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
)

// turn is what changes in one transaction, and what may go on once it has committed.
type turn struct {
	steps   []change
	intents []*task             // whose calls begin when their intents stand
	began   time.Time           // before anything of it was written
	taken   map[string]struct{} // tasks that came in it
	lanes   map[string]int64    // highest sequences that came in it
	read    *kgo.Record         // the last task that was read
}

// change is a step of one task.
type change struct {
	step
	task *task // nil for what is no task
	key  string
}

// work does turn after turn, until ctx ends.
func (t *tenure) work(ctx context.Context) error {
	reader, arrivals, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer reader.Close()
	for ctx.Err() == nil {
		n := &turn{taken: map[string]struct{}{}, lanes: map[string]int64{}}
		if err := t.gather(ctx, n, arrivals); err != nil {
			return err
		}
		n.began = time.Now()
		if err := t.begin(ctx, n); err != nil {
			return err
		}
		if err := t.commit(ctx, n); err != nil {
			return err
		}
		for _, c := range n.steps {
			t.carryOn(c)
		}
		for _, entry := range n.intents {
			t.start(ctx, entry, n.began.Add(t.kinds[entry.row.Task.Kind].CallMax))
		}
	}
	return nil
}

// carryOn puts a task that has changed back on the desk.
func (t *tenure) carryOn(c change) {
	switch {
	case c.task == nil:
	case t.desk.tasks[c.key] == nil && c.row.State == schemas.TaskOpen:
		c.task.busy = false
		t.desk.add(c.task)
	case c.row.State == schemas.TaskIntent && c.task.row.State != schemas.TaskIntent:
		c.task.row = c.row // its call begins: it stays busy
	default:
		t.desk.settle(c.task, c.row)
	}
}

// gather waits until there is something to do, and takes all that is there.
func (t *tenure) gather(ctx context.Context, n *turn, arrivals <-chan []*kgo.Record) error {
	var alarm <-chan time.Time
	if len(t.desk.ready) > 0 && t.calls < t.config.Limits.CallsMax {
		alarm = time.After(0)
	} else if at := t.desk.wakeAt(); !at.IsZero() && t.calls < t.config.Limits.CallsMax {
		alarm = time.After(time.Until(at))
	}
	if len(t.desk.tasks) >= tasksMax {
		arrivals = nil // they wait on the outbox
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case records := <-arrivals:
		return t.takeIn(n, records)
	case r := <-t.results:
		t.finish(n, r)
	case <-alarm:
	}
	for {
		select {
		case r := <-t.results:
			t.finish(n, r)
		default:
			return nil
		}
	}
}

// tasksMax bounds the memory for tasks that are not finished.
const tasksMax = 100_000

// finish is what came of a call or a question.
func (t *tenure) finish(n *turn, r result) {
	t.calls--
	k := t.kinds[r.task.row.Task.Kind]
	decide := t.called
	if r.asked {
		decide = t.asked
	}
	n.add(r.task, decide(r.task.row, k, r.answer, r.err, time.Now()))
}

func (n *turn) add(entry *task, s step) {
	n.steps = append(n.steps, change{step: s, task: entry, key: entry.row.Task.TaskID})
}

// begin lets those go whose turn it is: a call that may be repeated at once, one that may not with its intent first.
func (t *tenure) begin(ctx context.Context, n *turn) error {
	for t.calls+len(n.intents) < t.config.Limits.CallsMax {
		entry := t.desk.next(n.began)
		if entry == nil {
			return nil
		}
		k := t.kinds[entry.row.Task.Kind]
		overtaken, err := t.isOvertaken(n, entry)
		switch {
		case err != nil:
			return err
		case overtaken && !entry.ask:
			row := entry.row
			row.State, row.NotBefore, row.At = schemas.TaskDropped, nil, schemas.At(n.began)
			n.add(entry, step{row: row})
		case entry.ask && !k.Findable:
			n.add(entry, t.unknown(entry.row, k, &Failure{Class: Transient, Code: "unknown", Reason: "it was begun, and nobody knows what came of it"}, n.began))
		case entry.ask:
			t.start(ctx, entry, n.began.Add(k.CallMax))
		case k.Repeatable:
			entry.row.Attempts++
			t.start(ctx, entry, n.began.Add(k.CallMax))
		default:
			n.intents = append(n.intents, entry)
			n.add(entry, step{row: intended(entry.row, k, n.began)})
		}
	}
	return nil
}
