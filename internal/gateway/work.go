package gateway

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/gateway/limit"
	"waybill/schemas"
)

// turn is what changes in one transaction, and what may go on once it has committed.
type turn struct {
	steps   []change
	intents []*task                      // whose calls begin when their intents stand
	began   time.Time                    // before anything of it was written
	touched map[string]struct{}          // tasks that change in it
	lanes   map[string]int64             // highest sequences that came in it
	tokens  map[string]schemas.LedgerRow // issued or spent in it
	read    *kgo.Record                  // the last task that was read
	word    *schemas.LedgerRow           // the last about the whole party that came in it
	status  *schemas.GatewayStatus

	receipts []receipt // of the calls that ended in it
}

// change is a step of one task.
type change struct {
	step
	task   *task // nil for what is no task
	key    string
	begins bool // its call begins when this has committed
	stays  bool // where it stands on the desk does not change
}

func newTurn() *turn {
	return &turn{touched: map[string]struct{}{}, lanes: map[string]int64{}, tokens: map[string]schemas.LedgerRow{}}
}

// work does turn after turn, until ctx ends; what is under way then ends in holding.
func (t *tenure) work(ctx, holding context.Context) error {
	reader, arrivals, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer reader.Close()
	for ctx.Err() == nil {
		n := newTurn()
		if err := t.gather(ctx, n, arrivals); err != nil {
			return err
		}
		if ctx.Err() != nil {
			break
		}
		n.began = t.now()
		if err := t.begin(ctx, holding, n); err != nil {
			return err
		}
		n.status = t.report.due(t, n.began)
		if err := t.commit(holding, n); err != nil {
			return err
		}
		t.carryOn(holding, n)
	}
	return t.windUp(holding)
}

// windUp lets calls that are under way end, and keeps what came of them: what has no result by then is found by its intent.
func (t *tenure) windUp(holding context.Context) error {
	ctx, end := context.WithTimeout(holding, t.config.Limits.StopMax)
	defer end()
	for t.gate.underWay() > 0 {
		n := newTurn()
		select {
		case <-ctx.Done():
			return context.Cause(holding)
		case r := <-t.results:
			if err := t.finish(ctx, n, r); err != nil {
				return err
			}
		}
		if err := t.finishAll(ctx, n); err != nil {
			return err
		}
		if err := t.commit(ctx, n); err != nil {
			return err
		}
		t.carryOn(holding, n)
	}
	return nil
}

// carryOn does what may follow once a turn has committed.
func (t *tenure) carryOn(holding context.Context, n *turn) {
	for _, c := range n.steps {
		t.putBack(c)
	}
	if n.word != nil {
		t.word = n.word
	}
	for _, entry := range n.intents {
		t.start(holding, entry, n.began.Add(t.kinds[entry.row.Task.Kind].CallMax))
	}
}

// putBack puts a task that has changed back on the desk.
func (t *tenure) putBack(c change) {
	switch {
	case c.task == nil || c.stays:
	case t.desk.tasks[c.key] == nil && c.row.State != schemas.TaskDropped && c.row.State != schemas.TaskDone:
		c.task.row, c.task.busy = c.row, false
		t.desk.add(c.task)
	case c.row.State == schemas.TaskIntent && c.begins:
		c.task.row = c.row // its call begins: it stays busy
	default:
		t.desk.settle(c.task, c.row)
	}
}

// gather waits until there is something to do, and takes all that is there.
func (t *tenure) gather(ctx context.Context, n *turn, arrivals <-chan []*kgo.Record) error {
	if len(t.arrived) > 0 {
		records := t.arrived
		t.arrived = nil
		return t.takeIn(ctx, n, records)
	}
	if len(t.desk.tasks) >= tasksMax {
		arrivals = nil // they wait on the outbox
	}
	now := t.now()
	alarm := time.NewTimer(max(0, t.wakeAt(now).Sub(now)))
	defer alarm.Stop()
	select {
	case <-ctx.Done():
		return nil
	case records := <-arrivals:
		return t.takeIn(ctx, n, records)
	case r := <-t.results:
		if err := t.finish(ctx, n, r); err != nil {
			return err
		}
	case <-alarm.C:
	}
	return t.finishAll(ctx, n)
}

// wakeAt is when there is something to do, if nothing comes before.
func (t *tenure) wakeAt(now time.Time) time.Time {
	at := t.report.next
	sooner := func(other time.Time) {
		if other.Before(at) {
			at = other
		}
	}
	if t.desk.ripen(now); !t.isPaused() {
		t.desk.ready.Waiting(func(kind string, p limit.Priority) {
			if opens, ok := t.gate.opensAt(kind, p, now); ok {
				sooner(opens)
			}
		})
		for p := range t.desk.aside {
			if opens, ok := t.letsOnAt(p, now); ok {
				sooner(opens)
			}
		}
		if ripe := t.desk.wakeAt(); !ripe.IsZero() {
			sooner(ripe)
		}
	}
	return at
}

// tasksMax bounds the memory for tasks that are not finished.
const tasksMax = 100_000

// finishAll takes all results that are there.
func (t *tenure) finishAll(ctx context.Context, n *turn) error {
	for {
		select {
		case r := <-t.results:
			if err := t.finish(ctx, n, r); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}
