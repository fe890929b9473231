package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"waybill/schemas"
)

// act is what is to be done, by whom, and to what.
type act struct {
	trashFilter
	by, why, rate string
	yes           bool
	wait          time.Duration
	// then is what follows once it was done to all that were chosen; nil: nothing.
	then func(ctx context.Context, s *stack, job *schemas.TrashJob, chosen []*trashItem) error
}

func (a *act) signed(cmd *cobra.Command, mustSay bool) {
	signFlags(cmd, &a.by, &a.why)
	if mustSay {
		_ = cmd.MarkFlagRequired("why") // the flag is ours
	}
	cmd.Flags().DurationVar(&a.wait, "wait", 30*time.Second, "how long to wait for an answer of the step")
}

func (a *act) flags(cmd *cobra.Command, mustSay bool) {
	a.trashFilter.flags(cmd)
	a.signed(cmd, mustSay)
	a.bulk(cmd)
	stackFlags(cmd)
}

func (a *act) bulk(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.rate, "rate", "500/s", "entries a second at most, where there are many; 0: as fast as the step takes them")
	cmd.Flags().BoolVar(&a.yes, "yes", false, "do it to many without asking")
}

func (a *act) perSecond() (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSuffix(a.rate, "/s"), 10, 64)
	if err != nil || n < 0 {
		return 0, usage("--rate %s: give entries a second, such as 50/s", a.rate)
	}
	return n, nil
}

func (a *app) trashRetry() *cobra.Command {
	var act act
	cmd := &cobra.Command{Use: "retry [TRASH-ID…]", Short: "Try messages again as they are: those named, or all that the filter takes"}
	cmd.Example = `  waybill trash retry normalize/orders.raw/2/17 --why "the party is configured now"
  waybill trash retry --class unknown_party --party shop --why "the party is configured now" --rate 50/s --yes`
	cmd.RunE = func(cmd *cobra.Command, ids []string) error { return a.act(cmd, &act, schemas.DidRetry, ids) }
	act.flags(cmd, false)
	return cmd
}

func (a *app) trashDismiss() *cobra.Command {
	var act act
	cmd := &cobra.Command{Use: "dismiss [TRASH-ID…] --why REASON", Short: "Give messages up: those named, or all that the filter takes; what waits behind them goes on"}
	cmd.Example = `  waybill trash dismiss normalize/orders.raw/2/17 --why "a test order"
  waybill trash dismiss normalize/orders.raw/2/17 --why "sold out" --reject NoInventory
  waybill trash dismiss --fingerprint 3f2a9c0011223344 --until 2026-05-01 --why "of the old shop" --yes`
	var reject string
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if reject != "" && len(ids) == 0 {
			return usage("trash dismiss --reject: name the entries; their channels are told, which is not taken back")
		}
		act.then = func(ctx context.Context, s *stack, job *schemas.TrashJob, chosen []*trashItem) error {
			return a.tellChannels(ctx, s, job, chosen, reject)
		}
		return a.act(cmd, &act, schemas.DidDismiss, ids)
	}
	act.flags(cmd, true)
	cmd.Flags().StringVar(&reject, "reject", "", "also tell the channels that nothing will be delivered, with this word of theirs for why; as 'waybill reject' does")
	return cmd
}

// act does the same to each entry that is named, or that the filter takes. Of many it makes a job, which is shown first.
func (a *app) act(cmd *cobra.Command, act *act, does string, ids []string) error {
	job, err := act.job(cmd, does, ids)
	if err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	chosen, err := stack.chosen(cmd.Context(), act, ids, job.Does, func(*trashItem) {})
	if err != nil {
		return err
	}
	if err := choose(job, chosen); err != nil {
		return err
	}
	r := &errand{app: a, stack: stack, job: job, wait: act.wait, kept: len(chosen) > 1}
	if r.kept {
		if err := a.begin(cmd, r, act.yes, func() { a.printSome(chosen) }); err != nil {
			return err
		}
	}
	if err := r.run(cmd.Context()); err != nil || act.then == nil {
		return err
	}
	return act.then(cmd.Context(), stack, job, chosen)
}

// job is what the command line asks for, without the entries.
func (a *act) job(cmd *cobra.Command, does string, ids []string) (*schemas.TrashJob, error) {
	by, err := whoDoes(a.by)
	if err != nil {
		return nil, err
	}
	perSecond, err := a.perSecond()
	if err != nil {
		return nil, err
	}
	if (len(ids) > 0) == a.given() {
		return nil, usage("trash %s: name entries, or give a filter such as --class; 'waybill trash list' shows what it takes", cmd.Name())
	}
	state := schemas.TrashOpen
	if does == schemas.DidReopen {
		state = schemas.TrashDismissed
	}
	if err := a.check(time.Now(), state); err != nil {
		return nil, err
	}
	job := &schemas.TrashJob{State: schemas.JobRunning, Does: does, By: by, Why: a.why, Chosen: "as named", Rate: perSecond, At: schemas.At(time.Now())}
	if len(ids) == 0 {
		job.Chosen = a.words()
	}
	return job, nil
}

// chosen are the entries that are named, or that the filter takes and to which it can be done. Each is looked at while its message is at hand:
// messages are not kept.
func (s *stack) chosen(ctx context.Context, act *act, ids []string, does string, look func(*trashItem)) ([]*trashItem, error) {
	if len(ids) > 0 {
		items, err := s.trashNamed(ctx, ids)
		for _, t := range items {
			look(t)
		}
		return items, err
	}
	return s.trashFor(ctx, &act.trashFilter, func(t *trashItem) bool {
		takes := whyNot(t, does) == ""
		if takes {
			look(t)
		}
		t.Value = nil
		return takes
	})
}

// choose fixes what the job is about.
func choose(job *schemas.TrashJob, chosen []*trashItem) error {
	switch {
	case len(chosen) == 0:
		return fmt.Errorf("the trash has no entry like that (%s) that could be %s", job.Chosen, job.Does)
	case len(chosen) > schemas.TrashItemsMax:
		return usage("that are %d entries, a job takes %d: narrow the filter, by --since and --until for one", len(chosen), schemas.TrashItemsMax)
	}
	for _, t := range chosen {
		if why := whyNot(t, job.Does); why != "" {
			return fmt.Errorf("trash %s: %s", t.TrashID, why)
		}
		if t.Step != chosen[0].Step {
			return usage("the entries are of several steps: choose one with --step")
		}
		job.Items = append(job.Items, schemas.TrashItem{TrashID: t.TrashID, Attempts: t.Attempts})
	}
	return nil
}

// whyNot is why that can not be done to an entry; "" if it can.
func whyNot(t *trashItem, does string) string {
	switch {
	case does == schemas.DidReopen:
		return whyClosed(t)
	case !t.isOpen():
		return fmt.Sprintf("it is %s: %s", t.State, t.Resolution)
	}
	return ""
}

// begin shows a job, asks, and keeps it on its topic: from then on it can be resumed.
func (a *app) begin(cmd *cobra.Command, r *errand, yes bool, samples func()) error {
	job := r.job
	took := "as fast as the step takes them"
	if job.Rate > 0 {
		took = fmt.Sprintf("at most %d a second, which takes %s", job.Rate, (time.Duration(len(job.Items)) * time.Second / time.Duration(job.Rate)).Round(time.Second))
	}
	a.say("%d entries will be %s (%s), %s; such as", len(job.Items), job.Does, job.Chosen, took)
	samples()
	if !yes && !a.confirmed() {
		return usage("nothing was done: give --yes to go on")
	}
	job.JobID = timeAndLetters(time.Now())
	if err := r.say(cmd.Context(), schemas.JobRunning); err != nil {
		return err
	}
	a.say("job %s: Ctrl-C pauses it, 'waybill trash resume %s' goes on, also after a crash", job.JobID, job.JobID)
	return nil
}

// timeAndLetters is an id that sorts by time, with a few letters by chance.
func timeAndLetters(t time.Time) string {
	letters := make([]byte, 3)
	_, _ = rand.Read(letters) // it never fails
	return t.UTC().Format("20060102-150405-") + hex.EncodeToString(letters)
}

func (a *app) printSome(chosen []*trashItem) {
	for _, t := range chosen[:min(3, len(chosen))] {
		a.say("  %s  %s  %s", t.TrashID, t.OrderID, clip(t.Reason))
	}
}

// confirmed asks on a terminal.
func (a *app) confirmed() bool {
	f, ok := a.stdin.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) {
		return false
	}
	fmt.Fprint(a.stderr, "Go on? [y/N] ")
	line, _ := bufio.NewReader(f).ReadString('\n') // an end without a line is a no
	return strings.EqualFold(strings.TrimSpace(line), "y") || strings.EqualFold(strings.TrimSpace(line), "yes")
}
