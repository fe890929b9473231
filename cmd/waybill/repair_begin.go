package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/config"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// beginning is what a run is to be about, and who wants it.
type beginning struct {
	act
	orders, offsets []string
	since, until    string
}

func (a *app) repairBegin() *cobra.Command {
	var b beginning
	cmd := &cobra.Command{Use: "begin STEP", Short: "Read again what a step has read, show which calls come of it, and ask for those that were never made", Args: cobra.ExactArgs(1)}
	cmd.Long = `Reads again what a step has read, in a table of its own, from the beginning of each order on, and shows the calls that come of it: those
that stand are never repeated, those that were never made are named. Without --why that is all, and nothing is written.

With --why those that were never made are asked for, in the mode of a repair: a gateway holds each of them until somebody approves the plan
('waybill repair PARTY --run RUN'), and then makes it once ('waybill repair resume RUN').

It is read with the settings, the mappings and the pairs of now: what they make of it today may be another call than the one of then.

Steps: ` + stepNames()
	cmd.Example = `  waybill repair begin place --since 24h
  waybill repair begin acknowledge --order allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 --why "it was never accepted" --yes
  waybill repair begin place --offsets orders.normalized/3/120-140 --why "the outbox was lost" --rate 50/s`
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		run, err := b.run(args[0], time.Now())
		if err != nil {
			return err
		}
		return a.beginRepair(cmd, &b, run)
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&b.orders, "order", nil, "only what was about this order")
	flags.StringVar(&b.since, "since", "", "only what came then or later: 24h (ago), 2026-05-01, or a time (RFC 3339)")
	flags.StringVar(&b.until, "until", "", "only what came before then (default: now)")
	flags.StringSliceVar(&b.offsets, "offsets", nil, "only these records: TOPIC/PARTITION/FROM-TO")
	b.signed(cmd, false)
	b.bulk(cmd)
	flags.Lookup("rate").Usage = "calls a second at most that are asked for; 0: no limit"
	flags.Lookup("yes").Usage = "do it without asking"
	flags.Lookup("wait").Usage = "how long to wait for an answer of the gateways"
	stackFlags(cmd)
	return cmd
}

func stepNames() string {
	var names []string
	for _, step := range processors.All(processors.Sources{}) {
		names = append(names, step.Name)
	}
	return strings.Join(names, ", ")
}

// run is what the command line asks for, without the calls.
func (b *beginning) run(name string, now time.Time) (*schemas.RepairRun, error) {
	run := &schemas.RepairRun{State: schemas.JobRunning, Step: name, Why: b.why, At: schemas.At(now), Until: schemas.At(now), Orders: b.orders}
	var step *processors.Processor
	for _, each := range processors.All(processors.Sources{}) {
		if each.Name == name {
			step = &each
		}
	}
	if step == nil {
		return nil, usage("repair begin: there is no step %s; there are: %s", name, stepNames())
	}
	var err error
	if run.By, err = whoDoes(b.by); err != nil {
		return nil, err
	}
	if run.Rate, err = b.perSecond(); err != nil {
		return nil, err
	}
	if run.Since, err = timeOf("--since", b.since, now); err != nil {
		return nil, err
	}
	if b.until != "" {
		if run.Until, err = timeOf("--until", b.until, now); err != nil {
			return nil, err
		}
	}
	if run.Bounds, err = boundsOf(*step, b.offsets); err != nil {
		return nil, err
	}
	if run.Since >= run.Until {
		return nil, usage("repair begin: nothing lies between --since %s and --until %s", b.since, b.until)
	}
	run.Chosen = b.words()
	return run, nil
}

// notSettled are the accounts that the pipeline calls, and this process knows no settings of.
func notSettled(c *config.Config) []string {
	settled := append(calledParties(c), carrierParties(c)...)
	return slices.DeleteFunc(append(topics.Called(), topics.Carriers()...), func(party string) bool { return slices.Contains(settled, party) })
}

// words is what is read again, for people.
func (b *beginning) words() string {
	var said []string
	add := func(flag, value string) {
		if value != "" {
			said = append(said, flag+" "+value)
		}
	}
	add("order", strings.Join(b.orders, ", "))
	add("offsets", strings.Join(b.offsets, ", "))
	add("since", b.since)
	add("until", b.until)
	if len(said) == 0 {
		return "all"
	}
	return strings.Join(said, ", ")
}

// beginRepair shows what would come of a run, and begins it if somebody says why.
func (a *app) beginRepair(cmd *cobra.Command, b *beginning, run *schemas.RepairRun) error {
	stack, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	if strange := notSettled(stack.config); len(strange) > 0 {
		a.say("%s: called by the pipeline, and not configured for this command; what would be asked for there is not foreseen", strings.Join(strange, ", "))
	}
	run.RunID = "repair-" + timeAndLetters(time.Now())
	f, err := a.foresee(cmd.Context(), stack, run)
	if err != nil {
		return err
	}
	if err := a.printForesight(run, f, run.Why == ""); err != nil || run.Why == "" {
		return err
	}
	missing := f.missing()
	switch {
	case len(missing) == 0:
		a.say("no call is missing, so nothing was begun")
		return nil
	case len(missing) > schemas.RepairCallsMax:
		return usage("that are %d calls, a run takes %d: narrow it, by --since and --until for one", len(missing), schemas.RepairCallsMax)
	case !b.yes && !a.confirmed():
		return usage("nothing was done: give --yes to go on")
	}
	for _, c := range missing {
		run.Calls = append(run.Calls, schemas.RepairCall{Party: c.party, TaskID: c.task.TaskID, SHA256: c.sum})
	}
	r := &repairErrand{app: a, stack: stack, run: run, calls: missing, wait: b.wait, all: true}
	if err := r.say(cmd.Context(), schemas.JobRunning); err != nil {
		return err
	}
	a.say("run %s: Ctrl-C pauses it, 'waybill repair resume %s' goes on, also after a crash", run.RunID, run.RunID)
	return r.do(cmd.Context())
}

// printForesight shows what comes of a rereading, and some of the calls that were never made.
func (a *app) printForesight(run *schemas.RepairRun, f *foresight, rows bool) error {
	missing := f.missing()
	a.say("%s reads %d records of %d keys again (%s): %d calls come of them, %d of which were never made", run.Step, f.records, f.keys, run.Chosen, len(f.calls), len(missing))
	if rows || a.output != "json" {
		p := a.printer("party", "call", "calls", "stand", "under way", "needless", "for people", "never made")
		for _, r := range f.rows() {
			if err := p.row(r, r.Party, r.Kind, r.Calls, r.Stand, r.UnderWay, r.Needless, r.ForPeople, r.Never); err != nil {
				return err
			}
		}
		if err := p.end(); err != nil {
			return err
		}
	}
	if len(missing) == 0 {
		return nil
	}
	took := "all at once"
	if run.Rate > 0 {
		took = fmt.Sprintf("%d a second at most, which takes %s", run.Rate, (time.Duration(len(missing)) * time.Second / time.Duration(run.Rate)).Round(time.Second))
	}
	a.say("those would be asked for, %s, and each would wait until it is approved; such as", took)
	for _, c := range missing[:min(samplesMax, len(missing))] {
		a.say("  %s", c.inWords())
	}
	return nil
}
