package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waybill/schemas"
)

// outlook is what would become of the message of an entry.
type outlook struct {
	changes []fieldChange
	why     string // it is left as it is; "" if it is not
}

// look mends a message in memory, and tells what would become of it.
func (m *mender) look(ctx context.Context, t *trashItem) (one *mending, o outlook) {
	one, err := m.mend(ctx, t)
	if err == nil {
		o.changes = one.changes
		var wrong schemas.Faults
		if wrong, err = one.check(); err == nil && len(wrong) > 0 && !m.force {
			err = fmt.Errorf("with that, %d faults are left: %w", len(wrong), wrong)
		}
	}
	if err != nil {
		o.why = strings.TrimPrefix(err.Error(), "trash "+t.TrashID+": ") // which is said beside it
	}
	return one, o
}

// message is the mended message of an entry; an unmendable error if it can not be mended like that.
func (m *mender) message(ctx context.Context, t *trashItem) ([]byte, error) {
	one, o := m.look(ctx, t)
	if o.why != "" {
		return nil, unmendable(o.why)
	}
	return one.message(ctx)
}

// unmendable is why an entry of a job is left as it is.
type unmendable string

func (r unmendable) Error() string { return string(r) }

// editMany mends the messages of all entries that are named, or that the filter takes, in the same way. What can not be mended like
// that is left as it is, and told first.
func (a *app) editMany(cmd *cobra.Command, e *edit, ids []string) error {
	job, err := e.job(cmd, e.does(), ids)
	if err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	ctx := cmd.Context()
	job.Edits, job.Force = e.fields, e.force
	r := &errand{app: a, stack: stack, job: job, wait: e.wait, kept: true}
	if r.mender, err = stack.mender(ctx, job.Edits, job.Force); err != nil {
		return err
	}
	seen := map[string]outlook{}
	all, err := stack.chosen(ctx, &e.act, ids, job.Does, func(t *trashItem) { _, seen[t.TrashID] = r.mender.look(ctx, t) })
	if err != nil {
		return err
	}
	var chosen []*trashItem
	for _, t := range all {
		if why := seen[t.TrashID].why; why != "" {
			r.leftOut = append(r.leftOut, itemResult{TrashID: t.TrashID, OrderID: t.OrderID, Result: resultRefused, Reason: why})
			continue
		}
		if err := e.mayKeep(t); err != nil {
			return err
		}
		chosen = append(chosen, t)
	}
	a.printLeftOut(r.leftOut)
	if len(all) > 0 && len(chosen) == 0 {
		return fmt.Errorf("none of %d entries can be mended like that, so nothing was written", len(all))
	}
	if err := choose(job, chosen); err != nil {
		return err
	}
	if err := a.begin(cmd, r, e.yes, func() { a.printSamples(chosen, seen, e.showPersonal) }); err != nil {
		return err
	}
	return r.run(ctx)
}

// samplesMax is how many entries are shown with what changes in them.
const samplesMax = 20

func (a *app) printSamples(chosen []*trashItem, seen map[string]outlook, personal bool) {
	for _, t := range chosen[:min(samplesMax, len(chosen))] {
		a.say("  %s  %s", t.TrashID, t.OrderID)
		a.printChanges("    ", seen[t.TrashID].changes, personal)
	}
}

// printLeftOut says how many entries are left as they are, by why, and names one of each.
func (a *app) printLeftOut(left []itemResult) {
	if len(left) == 0 {
		return
	}
	count, first := map[string]int{}, map[string]string{}
	for _, r := range left {
		count[r.Reason]++
		first[r.Reason] = cmp.Or(first[r.Reason], r.TrashID)
	}
	a.say("%d entries are left as they are:", len(left))
	reasons := slices.SortedFunc(maps.Keys(count), func(x, y string) int { return cmp.Or(cmp.Compare(count[y], count[x]), cmp.Compare(x, y)) })
	for _, why := range reasons[:min(samplesMax, len(reasons))] {
		a.say("  %d× %s (such as %s)", count[why], why, first[why])
	}
}

// mendedMessage is what is to be sent about an entry in place of its message; nil if its message is.
func (r *errand) mendedMessage(ctx context.Context, item *trashItem) ([]byte, error) {
	if r.mender == nil {
		return r.mended[item.TrashID], nil
	}
	return r.mender.message(ctx, item)
}

// keepsEdits makes sure that the job lies on its topic with its edits. Before a new version of its schema is written everywhere it does
// not, and whoever resumed it would try the messages as they were.
func (r *errand) keepsEdits(ctx context.Context) error {
	if kept := r.tail.job; !r.kept || kept == nil || len(kept.Edits) == len(r.job.Edits) {
		return nil
	}
	return errors.Join(r.say(ctx, schemas.JobCancelled),
		errors.New("edits of many entries can not be kept yet, so nothing was sent: run 'waybill provision --activate', then edit again"))
}
