package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/time/rate"

	"waybill/schemas"
	"waybill/topics"
)

// repairErrand asks for the calls of a run, and waits for what becomes of those that somebody has approved. How far it is stands on the ledgers
// and nowhere else, so it can be killed at any moment: what is asked for twice is made once, because the ledger knows it (invariant 4).
type repairErrand struct {
	app   *app
	stack *stack
	run   *schemas.RepairRun
	calls []*foreseen
	wait  time.Duration
	all   bool // also what nobody has approved is asked for, so that it can be

	told   map[string]bool
	looked time.Time // whether somebody has stopped it
}

// repairResult is what became of a call of a run.
type repairResult struct {
	RunID   string `json:"run_id"`
	Party   string `json:"party"`
	TaskID  string `json:"task_id"`
	Kind    string `json:"kind"`
	OrderID string `json:"order_id"`
	Result  string `json:"result"` // how it stands, held, or unanswered
}

// The results of a call that did not come to an end.
const (
	resultHeld  = "held" // it is not approved
	repairBatch = 100    // calls that are asked for at a time
)

// do ends when each approved call has come to an end, when somebody stops it, or when nobody answers.
func (r *repairErrand) do(ctx context.Context) error {
	r.told = map[string]bool{}
	if err := r.stack.compare(ctx, &foresight{calls: r.calls}); err != nil {
		return err
	}
	asked, err := r.ask(ctx)
	if err != nil || !asked {
		return err
	}
	for heard := time.Now(); ; {
		looked := time.Now()
		waits, more, err := r.hear(ctx)
		if err != nil {
			return r.stop(err)
		}
		if more {
			heard = time.Now()
		}
		switch {
		case waits == 0:
			return r.end(ctx)
		case time.Since(heard) > r.wait:
			r.app.say("no answer for %s: is the gateway running? ('waybill doctor' looks.) What was asked for is not lost", r.wait)
			return r.stop(nil)
		}
		if stopped, err := r.stopped(ctx); stopped || err != nil {
			return err
		}
		if err := wait(ctx, max(repairLook, 3*time.Since(looked))); err != nil { // a look reads whole ledgers: they are the gateways' first
			return r.stop(err)
		}
	}
}

// repairLook is how often it is looked how far a run is.
const repairLook = time.Second

// ask puts on the outboxes what was never made, as a repair asks for it; it is false if somebody stopped that.
func (r *repairErrand) ask(ctx context.Context) (bool, error) {
	limit := rate.NewLimiter(rate.Inf, 1)
	if r.run.Rate > 0 {
		limit = rate.NewLimiter(rate.Limit(r.run.Rate), int(r.run.Rate))
	}
	toAsk := slices.DeleteFunc(slices.Clone(r.calls), func(c *foreseen) bool { return c.standing != neverMade || !r.all && !c.approved })
	for n, said := 0, time.Now(); n < len(toAsk); {
		some := toAsk[n:min(n+repairBatch, len(toAsk))]
		if r.run.Rate > 0 {
			some = some[:min(len(some), int(r.run.Rate))]
		}
		if err := limit.WaitN(ctx, len(some)); err != nil {
			return false, r.stop(err)
		}
		by := map[string][]*kgo.Record{}
		for _, c := range some {
			by[c.party] = append(by[c.party], r.record(c))
		}
		for party, records := range by {
			if err := r.stack.sendDeed(ctx, party, records...); err != nil {
				return false, r.stop(err)
			}
		}
		n += len(some)
		if time.Since(said) > reportTime {
			said = time.Now()
			r.app.say("run %s: %d of %d calls are asked for", r.run.RunID, n, len(toAsk))
		}
		if stopped, err := r.stopped(ctx); stopped || err != nil {
			return false, err
		}
	}
	return true, nil
}

// record is a call as a repair asks for it.
func (r *repairErrand) record(c *foreseen) *kgo.Record {
	asked := &kgo.Record{Key: c.record.Key, Value: c.record.Value}
	for _, h := range c.record.Headers {
		switch h.Key {
		case topics.HeaderMode:
			h.Value = []byte(topics.ModeRepair)
		case topics.HeaderRunID:
			h.Value = []byte(r.run.RunID)
		case topics.HeaderEventID:
			h.Value = fmt.Appendf(nil, "%s#%s", c.task.TaskID, r.run.RunID)
		}
		asked.Headers = append(asked.Headers, h)
	}
	return asked
}

// hear tells of each approved call that has come to an end, and how many have not.
func (r *repairErrand) hear(ctx context.Context) (waits int, more bool, err error) {
	approved := map[string]bool{}
	for _, c := range r.calls {
		approved[c.task.TaskID] = c.approved
	}
	if err := r.stack.compare(ctx, &foresight{calls: r.calls}); err != nil {
		return 0, false, err
	}
	for _, c := range r.calls {
		c.approved = c.approved || approved[c.task.TaskID] // one that is spent was
		switch {
		case r.told[c.task.TaskID], c.standing == neverMade && !c.approved:
		case c.standing == neverMade, c.standing == underWay:
			waits++
		default:
			more = true
			if err := r.tell(c, c.standing); err != nil {
				return waits, more, err
			}
		}
	}
	return waits, more, nil
}

func (r *repairErrand) tell(c *foreseen, result string) error {
	r.told[c.task.TaskID] = true
	res := repairResult{RunID: r.run.RunID, Party: c.party, TaskID: c.task.TaskID, Kind: c.task.Kind, OrderID: c.task.OrderID, Result: result}
	if r.app.output == "json" {
		return r.app.json(res)
	}
	_, err := fmt.Fprintf(r.app.stdout, "%-20s %s\n", res.Result, c.inWords())
	return err
}

// end tells of what is held, and how the run stands now.
func (r *repairErrand) end(ctx context.Context) error {
	held, failed := map[string]int{}, 0
	for _, c := range r.calls {
		switch {
		case c.standing == neverMade:
			held[c.party]++
			if err := r.tell(c, resultHeld); err != nil {
				return err
			}
		case c.standing == forPeople:
			failed++
		}
	}
	state := schemas.JobDone
	if len(held) > 0 {
		state = schemas.RunHeld
	}
	if err := r.say(ctx, state); err != nil {
		return err
	}
	for _, g := range r.parties() {
		if n := held[g]; n > 0 {
			r.app.say("%d calls at %s are held: 'waybill repair %s --run %s' shows them and takes --approve, then 'waybill repair resume %s' has them made", n, g, g, r.run.RunID, r.run.RunID)
		}
	}
	if failed > 0 {
		r.app.say("%d calls wait for a person: 'waybill trash list' shows them", failed)
		return &exitError{code: exitPartial}
	}
	return nil
}

// parties are those at which the run asks for calls, in the order in which it does.
func (r *repairErrand) parties() (all []string) {
	for _, c := range r.calls {
		if !slices.Contains(all, c.party) {
			all = append(all, c.party)
		}
	}
	return all
}

// stopped tells whether somebody has paused or cancelled the run.
func (r *repairErrand) stopped(ctx context.Context) (bool, error) {
	if ctx.Err() != nil {
		return true, r.stop(ctx.Err())
	}
	if time.Since(r.looked) < repairLook {
		return false, nil
	}
	r.looked = time.Now()
	now, err := r.stack.repairRun(ctx, r.run.RunID)
	if err != nil {
		return true, r.stop(err)
	}
	if now.State != schemas.JobPaused && now.State != schemas.JobCancelled {
		return false, nil
	}
	r.app.say("run %s was %s by another command", r.run.RunID, now.State)
	return true, &exitError{code: exitPartial}
}

// stop pauses the run, also after an interrupt.
func (r *repairErrand) stop(why error) error {
	ctx, cancel := context.WithTimeout(context.Background(), jobWriteTime)
	defer cancel()
	if err := r.say(ctx, schemas.JobPaused); err != nil {
		r.app.log.Warn("the run could not be marked as paused; it can be resumed all the same", "run", r.run.RunID, "error", err)
	}
	r.app.say("run %s is paused; 'waybill repair resume %s' goes on", r.run.RunID, r.run.RunID)
	return cmp.Or(why, error(&exitError{code: exitPartial}))
}

// say writes the state of the run.
func (r *repairErrand) say(ctx context.Context, state string) error {
	r.run.State = state
	return r.stack.store(ctx, []topics.Message{{Topic: topics.RepairRuns, Key: r.run.RunID, Value: r.run}})
}
