package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
	"waybill/topics"
)

// runView is a run as it is listed. How far it is, the ledgers say.
type runView struct {
	RunID   string         `json:"run_id"`
	State   string         `json:"state"`
	Step    string         `json:"step"`
	Chosen  string         `json:"chosen"`
	By      string         `json:"by"`
	Why     string         `json:"why"`
	ToldBy  string         `json:"told_by"` // who went on with it, paused or cancelled it last
	ToldWhy string         `json:"told_why"`
	Rate    int64          `json:"rate"`
	At      schemas.Millis `json:"at"`
	Calls   int            `json:"calls"`
	Made    int            `json:"made"`
	Held    int            `json:"held"` // nobody has approved them, or the run has not asked for them yet
}

func (a *app) repairRuns() *cobra.Command {
	cmd := &cobra.Command{Use: "runs", Short: "List what is and was read again, and how far it is", Args: cobra.NoArgs}
	cmd.Long = "Lists the runs, the oldest first. One that says running may have lost its process: 'waybill repair resume RUN' goes on with it."
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		var runs []*schemas.RepairRun
		err = stack.pairs(cmd.Context(), topics.RepairRuns, anyKey, func(_ string, value any) error {
			runs = append(runs, value.(*schemas.RepairRun))
			return nil
		})
		if err != nil {
			return err
		}
		standing, err := stack.standingsOf(cmd.Context(), runs)
		if err != nil {
			return err
		}
		p := a.printer("run", "state", "step", "read again", "calls", "made", "held", "by", "why")
		for _, run := range runs {
			v := runView{RunID: run.RunID, State: run.State, Step: run.Step, Chosen: run.Chosen, By: run.By, Why: run.Why, ToldBy: run.ToldBy, ToldWhy: run.ToldWhy, Rate: run.Rate, At: run.At, Calls: len(run.Calls)}
			for _, c := range run.Calls {
				switch standing[c.Party+" "+c.TaskID] {
				case neverMade:
					v.Held++
				case stands, overtaken:
					v.Made++
				}
			}
			if err := p.row(v, v.RunID, v.State, v.Step, v.Chosen, v.Calls, v.Made, v.Held, v.By, v.Why); err != nil {
				return err
			}
		}
		return p.end()
	}
	stackFlags(cmd)
	return cmd
}

// standingsOf is how the calls of runs stand, by party and task.
func (s *stack) standingsOf(ctx context.Context, runs []*schemas.RepairRun) (map[string]string, error) {
	f, seen := &foresight{}, map[string]string{}
	for _, run := range runs {
		for _, c := range run.Calls {
			if _, is := seen[c.Party+" "+c.TaskID]; !is {
				seen[c.Party+" "+c.TaskID] = ""
				f.calls = append(f.calls, &foreseen{party: c.Party, task: schemas.Task{TaskID: c.TaskID}})
			}
		}
	}
	err := s.compare(ctx, f)
	for _, c := range f.calls {
		seen[c.party+" "+c.task.TaskID] = c.standing
	}
	return seen, err
}

// repairRun is that of an id.
func (s *stack) repairRun(ctx context.Context, id string) (run *schemas.RepairRun, err error) {
	known, err := s.pair(ctx, topics.RepairRuns, id)
	run, is := known.(*schemas.RepairRun)
	if err == nil && !is {
		err = fmt.Errorf("run %s: there is none; 'waybill repair runs' lists them", id)
	}
	return run, err
}

func (a *app) repairResume() *cobra.Command {
	var wait time.Duration
	cmd := a.onRun("resume RUN", "Go on with a run whose calls were approved, that was paused, or whose process died", func(cmd *cobra.Command, stack *stack, run *schemas.RepairRun) error {
		was := run.State
		f, err := a.foresee(cmd.Context(), stack, run)
		if err != nil {
			return err
		}
		calls, err := stillThose(run, f)
		if err != nil {
			return err
		}
		r := &repairErrand{app: a, stack: stack, run: run, calls: calls, wait: wait, all: was != schemas.RunHeld}
		if err := r.say(cmd.Context(), schemas.JobRunning); err != nil {
			return err
		}
		a.say("run %s goes on: Ctrl-C pauses it", run.RunID)
		return r.do(cmd.Context())
	})
	cmd.Flags().DurationVar(&wait, "wait", 30*time.Second, "how long to wait for an answer of the gateways")
	return cmd
}

// stillThose are the calls of a run, as they come of what is read again now. Others than those that were shown are not asked for.
func stillThose(run *schemas.RepairRun, f *foresight) (calls []*foreseen, err error) {
	now := map[string]*foreseen{}
	for _, c := range f.calls {
		now[c.party+" "+c.task.TaskID] = c
	}
	for _, chosen := range run.Calls {
		c := now[chosen.Party+" "+chosen.TaskID]
		if c == nil || c.sum != chosen.SHA256 {
			return nil, fmt.Errorf("run %s: %s at %s does not come of it any more as it was shown: its settings, mappings or records are others now. Begin another run", run.RunID, chosen.TaskID, chosen.Party)
		}
		calls = append(calls, c)
	}
	return calls, nil
}

func (a *app) repairPause() *cobra.Command {
	return a.onRun("pause RUN", "Stop a run, so that it can go on later", func(cmd *cobra.Command, stack *stack, run *schemas.RepairRun) error {
		return a.endRun(cmd, stack, run, schemas.JobPaused)
	})
}

func (a *app) repairCancel() *cobra.Command {
	return a.onRun("cancel RUN", "End a run for good; what was approved and asked for is made", func(cmd *cobra.Command, stack *stack, run *schemas.RepairRun) error {
		return a.endRun(cmd, stack, run, schemas.JobCancelled)
	})
}

func (a *app) endRun(cmd *cobra.Command, stack *stack, run *schemas.RepairRun, state string) error {
	run.State = state
	if err := stack.store(cmd.Context(), []topics.Message{{Topic: topics.RepairRuns, Key: run.RunID, Value: run}}); err != nil {
		return err
	}
	a.say("run %s is %s", run.RunID, state)
	return nil
}

// onRun is a verb about one run that has not ended.
func (a *app) onRun(use, short string, do func(*cobra.Command, *stack, *schemas.RepairRun) error) *cobra.Command {
	var by, why string
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if cmd.Name() != "resume" && why == "" { // why it is made at all, was said
			return usage("repair %s: say why, by --why", cmd.Name())
		}
		if by, err = whoDoes(by); err != nil {
			return err
		}
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		run, err := stack.repairRun(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if run.State == schemas.JobCancelled || run.State == schemas.JobDone {
			return fmt.Errorf("run %s is %s", run.RunID, run.State)
		}
		run.ToldBy, run.ToldWhy = by, why
		return do(cmd, stack, run)
	}
	signFlags(cmd, &by, &why)
	stackFlags(cmd)
	return cmd
}
