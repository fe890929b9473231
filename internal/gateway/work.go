package gateway

import (
	"context"
	"errors"
	"fmt"
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

// takeIn makes rows of new tasks. One whose id is known changes nothing.
func (t *tenure) takeIn(n *turn, records []*kgo.Record) error {
	now := time.Now()
	for _, r := range records {
		n.read = r
		var asked schemas.Task
		if err := t.registry.Decode(context.Background(), schemas.TaskSchema, r.Value, &asked); err != nil {
			return fmt.Errorf("read %s/%d/%d: %w", r.Topic, r.Partition, r.Offset, err)
		}
		id := asked.TaskID
		_, twice := n.taken[id]
		known, err := t.knows(id)
		if err != nil {
			return err
		}
		if twice || known {
			continue
		}
		n.taken[id] = struct{}{}
		row := taken(&asked, r.Offset, now)
		if _, is := t.kinds[asked.Kind]; !is {
			row.State, row.Class, row.Code, row.Reason = schemas.TaskTrashed, Permanent, "unknown_kind", "no connector of "+t.config.Name+" does "+asked.Kind
		}
		if err := t.noteLane(n, &row); err != nil {
			return err
		}
		n.add(&task{row: row, busy: true}, step{row: row})
	}
	return nil
}

func (t *tenure) knows(id string) (bool, error) {
	if t.desk.tasks[id] != nil {
		return true, nil
	}
	_, ok, err := t.store.Get(nil, 0, []byte(id))
	return ok, err
}

// noteLane keeps the highest sequence of each lane, also when its task is long done.
func (t *tenure) noteLane(n *turn, row *schemas.LedgerRow) error {
	lane := row.Task.Lane
	if lane == "" {
		return nil
	}
	highest, err := t.highest(n, lane)
	if err != nil || row.Task.Sequence <= highest {
		return err
	}
	n.lanes[lane] = row.Task.Sequence
	head := schemas.LedgerRow{State: schemas.TaskLane, Offset: row.Offset, At: row.At}
	head.Task.Party, head.Task.OrderID, head.Task.Lane, head.Task.Sequence = row.Task.Party, row.Task.OrderID, lane, row.Task.Sequence
	n.steps = append(n.steps, change{step: step{row: head}, key: laneKey(lane)})
	return nil
}

func laneKey(lane string) string { return "lane " + lane }

// noSequence is below every sequence.
const noSequence = -1 << 63

func (t *tenure) highest(n *turn, lane string) (int64, error) {
	if sequence, is := n.lanes[lane]; is {
		return sequence, nil
	}
	head, ok, err := t.row([]byte(laneKey(lane)))
	if err != nil || !ok {
		return noSequence, err
	}
	return head.Task.Sequence, nil
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

// isOvertaken tells whether a later one of its lane has come. What may have been sent is settled first.
func (t *tenure) isOvertaken(n *turn, entry *task) (bool, error) {
	if entry.row.Task.Lane == "" {
		return false, nil
	}
	highest, err := t.highest(n, entry.row.Task.Lane)
	return highest > entry.row.Task.Sequence, err
}

// read reads the outbox on from where a predecessor said it was.
func (t *tenure) read(ctx context.Context) (*kgo.Client, <-chan []*kgo.Record, error) {
	at, err := t.progress.begin(ctx)
	if err != nil {
		return nil, nil, err
	}
	reader, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{t.outbox.Name: {0: at}}), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	}, t.config.Kafka...)...)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", t.outbox.Name, err)
	}
	go t.progress.say(ctx, func(err error) { t.log.Debug("how far the outbox was read is not said", "error", err) })
	arrivals := make(chan []*kgo.Record)
	go func() {
		for ctx.Err() == nil {
			fetches := reader.PollRecords(ctx, t.config.Limits.BatchMax)
			if err := fetches.Err(); err != nil && !errors.Is(err, context.Canceled) {
				t.log.Warn("outbox not read", "error", err)
			}
			if records := fetches.Records(); len(records) > 0 {
				select {
				case arrivals <- records:
				case <-ctx.Done():
				}
			}
		}
	}()
	return reader, arrivals, nil
}
