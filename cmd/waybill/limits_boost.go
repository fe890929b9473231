package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// taskFilter is which calls that wait at a party are meant.
type taskFilter struct {
	kind, order string
	dueIn       time.Duration
}

func (f *taskFilter) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.kind, "kind", "", "only calls of this kind, as 'waybill limits' names it")
	cmd.Flags().StringVar(&f.order, "order", "", "only those of this order, or of all whose id begins so, if it ends in *")
	cmd.Flags().DurationVar(&f.dueIn, "due-in", 0, "only those that have to be done within so long, or are late")
}

func (f *taskFilter) given() bool { return *f != taskFilter{} }

func (f *taskFilter) takes(t *schemas.Task, now time.Time) bool {
	prefix, isPrefix := strings.CutSuffix(f.order, "*")
	switch {
	case f.kind != "" && t.Kind != f.kind:
		return false
	case f.order != "" && t.OrderID != f.order && !(isPrefix && strings.HasPrefix(t.OrderID, prefix)):
		return false
	case f.dueIn > 0 && (t.Deadline == nil || t.Deadline.Time().After(now.Add(f.dueIn))):
		return false
	}
	return true
}

// waiting are the calls at a party that are to be made, those first that go first: lifted ones, then by their deadline.
func (s *stack) waiting(ctx context.Context, party string, takes func(*schemas.Task) bool) (rows []*schemas.LedgerRow, err error) {
	err = s.pairs(ctx, topics.Ledger(party), anyKey, func(_ string, value any) error {
		switch row := value.(*schemas.LedgerRow); row.State {
		case schemas.TaskOpen, schemas.TaskIntent, schemas.TaskWaiting:
			if takes(&row.Task) {
				rows = append(rows, row)
			}
		}
		return nil
	})
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return nil, usage("party %s: nobody makes calls there, it has no %s", party, topics.LedgerName(party))
	}
	now := time.Now()
	slices.SortStableFunc(rows, func(x, y *schemas.LedgerRow) int {
		return cmp.Or(cmp.Compare(lifted(y, now), lifted(x, now)), cmp.Compare(dueOf(x), dueOf(y)), cmp.Compare(x.Offset, y.Offset))
	})
	return rows, err
}

func lifted(row *schemas.LedgerRow, now time.Time) int {
	if row.Boost != nil && row.Boost.Until.Time().After(now) {
		return 1
	}
	return 0
}

// dueOf is a call's deadline; one without any comes last.
func dueOf(row *schemas.LedgerRow) schemas.Millis {
	if row.Task.Deadline == nil {
		return 1<<63 - 1
	}
	return *row.Task.Deadline
}

func (a *app) limitsWaiting() *cobra.Command {
	var f taskFilter
	var most int
	cmd := &cobra.Command{Use: "waiting PARTY", Short: "List the calls that wait at a party, those first that go first", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		now := time.Now()
		rows, err := stack.waiting(cmd.Context(), args[0], func(t *schemas.Task) bool { return f.takes(t, now) })
		if err != nil {
			return err
		}
		p := a.printer("task", "call", "order", "state", "due", "since", "lifted")
		for _, row := range rows[:min(most, len(rows))] {
			if err := printWaiting(p, row, now); err != nil {
				return err
			}
		}
		return p.end()
	}
	f.flags(cmd)
	cmd.Flags().IntVar(&most, "limit", 50, "how many to list at most")
	stackFlags(cmd)
	return cmd
}

// waitingTask is one call that waits, as it is printed.
type waitingTask struct {
	TaskID  string          `json:"task_id"`
	Kind    string          `json:"kind"`
	OrderID string          `json:"order_id"`
	State   string          `json:"state"`
	Due     *schemas.Millis `json:"due"`
	AskedAt schemas.Millis  `json:"asked_at"`
	Until   *schemas.Millis `json:"lifted_until"`
	By      string          `json:"lifted_by"`
	Why     string          `json:"lifted_why"`
}

func printWaiting(p *printer, row *schemas.LedgerRow, now time.Time) error {
	t := waitingTask{TaskID: row.Task.TaskID, Kind: row.Task.Kind, OrderID: row.Task.OrderID, State: row.State, Due: row.Task.Deadline, AskedAt: row.AskedAt}
	due, boost := "", ""
	if t.Due != nil {
		due = t.Due.Time().Format(time.DateTime)
	}
	if lifted(row, now) > 0 {
		t.Until, t.By, t.Why = &row.Boost.Until, row.Boost.By, row.Boost.Why
		boost = fmt.Sprintf("until %s by %s: %s", t.Until.Time().Format(time.TimeOnly), t.By, clip(t.Why))
	}
	return p.row(t, t.TaskID, t.Kind, t.OrderID, t.State, due, now.Sub(t.AskedAt.Time()).Round(time.Second), boost)
}

// Limits of a boost: if all are lifted, none is.
const (
	boostTimeMax  = 24 * time.Hour
	boostTasksMax = 10_000
)

// boosting is what limits boost was told.
type boosting struct {
	taskFilter
	last    time.Duration
	by, why string
	yes     bool
}

func (a *app) limitsBoost() *cobra.Command {
	var g boosting
	cmd := &cobra.Command{Use: "boost PARTY [TASK…] --why REASON", Short: "Let calls go before all others at a party for a while: those named, or all that the filter takes", Args: cobra.MinimumNArgs(1)}
	cmd.Long = `Lets calls that wait go before all others at their party, within its limits; one call in ten still goes to the lowest. It ends by itself,
survives whoever has the party, and stands in the ledger with who and why. A call overtakes none of its own order: lift the order. --for 0 takes it back.`
	cmd.Example = `  waybill limits boost erp --order allegro/17 --for 2h --why "the buyer called"
  waybill limits boost kaufland --due-in 3h --why "before the office closes" --yes`
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.boost(cmd, &g, args[0], args[1:]) }
	g.taskFilter.flags(cmd)
	flags := cmd.Flags()
	flags.DurationVar(&g.last, "for", time.Hour, "how long they go first, if they are not done before; 0: no longer")
	signFlags(cmd, &g.by, &g.why)
	flags.BoolVar(&g.yes, "yes", false, "do it to many without asking")
	_ = cmd.MarkFlagRequired("why") // the flag is ours
	stackFlags(cmd)
	return cmd
}

func (a *app) boost(cmd *cobra.Command, g *boosting, party string, ids []string) (err error) {
	if (len(ids) > 0) == g.given() {
		return usage("limits boost: name tasks, or give a filter such as --order; 'waybill limits waiting %s' lists them", party)
	}
	if g.last < 0 || g.last > boostTimeMax {
		return usage("--for: give up to %s", boostTimeMax)
	}
	if g.by, err = whoDoes(g.by); err != nil {
		return err
	}
	stack, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	now := time.Now()
	rows, err := stack.waiting(cmd.Context(), party, func(t *schemas.Task) bool {
		return g.given() && g.takes(t, now) || slices.Contains(ids, t.TaskID)
	})
	switch {
	case err != nil:
		return err
	case len(rows) < len(ids):
		return fmt.Errorf("of %d tasks only %d wait at %s: 'waybill limits waiting %s' lists them", len(ids), len(rows), party, party)
	case len(rows) == 0:
		return fmt.Errorf("nothing like that waits at %s", party)
	case len(rows) > boostTasksMax:
		return usage("%d calls are meant: if all go first, none does. Give a filter that takes up to %d", len(rows), boostTasksMax)
	}
	if len(ids) == 0 && !g.yes {
		a.say("%d calls at %s, such as %s", len(rows), party, rows[0].Task.TaskID)
		if !a.confirmed() {
			return usage("nothing was done: give --yes to go on")
		}
	}
	d := deed.Deed{Does: schemas.DidRetry, Party: deed.Boost, By: g.by, Why: g.why, Attempts: -1}
	if g.last > 0 {
		d.Until = schemas.At(now.Add(g.last))
	}
	records := make([]*kgo.Record, len(rows))
	for i, row := range rows {
		records[i] = &kgo.Record{Key: []byte(row.Task.TaskID), Headers: d.Headers()}
	}
	if err := stack.sendDeed(cmd.Context(), party, records...); err != nil {
		return err
	}
	return a.result(map[string]int{"calls": len(rows)}, "%d calls at %s: told; 'waybill limits waiting %s' shows whether it was heard\n", len(rows), party, party)
}
