package main

import (
	"bufio"
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
}

func (a *act) signed(cmd *cobra.Command, mustSay bool) {
	cmd.Flags().StringVar(&a.by, "by", "", "who is on record for it (default: the user of this machine)")
	cmd.Flags().StringVar(&a.why, "why", "", "why, for the record; no personal data")
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
  waybill trash dismiss --fingerprint 3f2a9c0011223344 --until 2026-05-01 --why "of the old shop" --yes`
	cmd.RunE = func(cmd *cobra.Command, ids []string) error { return a.act(cmd, &act, schemas.DidDismiss, ids) }
	act.flags(cmd, true)
	return cmd
}

// act does the same to each entry that is named, or that the filter takes. Of many it makes a job, which is shown first.
func (a *app) act(cmd *cobra.Command, act *act, does string, ids []string) error {
	by, err := whoDoes(act.by)
	if err != nil {
		return err
	}
	perSecond, err := act.perSecond()
	if err != nil {
		return err
	}
	if (len(ids) > 0) == act.given() {
		return usage("trash %s: name entries, or give a filter such as --class; 'waybill trash list' shows what it takes", cmd.Name())
	}
	if err := act.check(time.Now(), schemas.TrashOpen); err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	var chosen []*trashItem
	words := act.words()
	if len(ids) > 0 {
		words = "as named"
		chosen, err = stack.trashNamed(cmd.Context(), ids)
	} else {
		chosen, err = stack.trashOf(cmd.Context(), func(t *trashItem) bool { t.Value = nil; return t.isOpen() && act.takes(t) })
	}
	if err != nil {
		return err
	}
	job := &schemas.TrashJob{State: schemas.JobRunning, Does: does, By: by, Why: act.why, Chosen: words, Rate: perSecond, At: schemas.At(time.Now())}
	if err := choose(job, chosen); err != nil {
		return err
	}
	r := &errand{app: a, stack: stack, job: job, wait: act.wait, kept: len(chosen) > 1}
	if r.kept {
		if err := a.begin(cmd, r, chosen, act.yes); err != nil {
			return err
		}
	}
	return r.run(cmd.Context())
}

// choose fixes what the job is about.
func choose(job *schemas.TrashJob, chosen []*trashItem) error {
	switch {
	case len(chosen) == 0:
		return fmt.Errorf("the trash has no open entry like that (%s)", job.Chosen)
	case len(chosen) > schemas.TrashItemsMax:
		return usage("that are %d entries, a job takes %d: narrow the filter, by --since and --until for one", len(chosen), schemas.TrashItemsMax)
	}
	for _, t := range chosen {
		if !t.isOpen() {
			return fmt.Errorf("trash %s is %s: %s", t.TrashID, t.State, t.Resolution)
		}
		if t.Step != chosen[0].Step {
			return usage("the entries are of several steps: choose one with --step")
		}
		job.Items = append(job.Items, schemas.TrashItem{TrashID: t.TrashID, Attempts: t.Attempts})
	}
	return nil
}

// begin shows a job, asks, and keeps it on its topic: from then on it can be resumed.
func (a *app) begin(cmd *cobra.Command, r *errand, chosen []*trashItem, yes bool) error {
	job := r.job
	took := "as fast as the step takes them"
	if job.Rate > 0 {
		took = fmt.Sprintf("at most %d a second, which takes %s", job.Rate, (time.Duration(len(chosen)) * time.Second / time.Duration(job.Rate)).Round(time.Second))
	}
	a.say("%d entries will be %s (%s), %s; such as", len(chosen), job.Does, job.Chosen, took)
	for _, t := range chosen[:min(3, len(chosen))] {
		a.say("  %s  %s  %s", t.TrashID, t.OrderID, clip(t.Reason))
	}
	if !yes && !a.confirmed() {
		return usage("nothing was done: give --yes to go on")
	}
	letters := make([]byte, 3)
	_, _ = rand.Read(letters) // it never fails
	job.JobID = time.Now().UTC().Format("20060102-150405-") + hex.EncodeToString(letters)
	if err := r.say(cmd.Context(), schemas.JobRunning); err != nil {
		return err
	}
	a.say("job %s: Ctrl-C pauses it, 'waybill trash resume %s' goes on, also after a crash", job.JobID, job.JobID)
	return nil
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
