package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

func (a *app) trashRefetch() *cobra.Command {
	var g assigning
	var wait time.Duration
	cmd := &cobra.Command{Use: "refetch [TRASH-ID…] --why REASON", Short: "Ask the channel again for orders that failed: what was mended there closes their entries"}
	cmd.Long = `Asks the channel for orders as they are there now, where its account is called (api_url). What comes goes in as any other delivery: if it is
good, it overtakes the message that failed, whose entry is closed and names it; if it is not, it has an entry of its own.`
	cmd.Example = `  waybill trash refetch normalize/orders.raw/2/17 --why "the seller has corrected the address at Kaufland"
  waybill trash refetch --party kaufland --code missing_postal_code --why "all corrected" --yes`
	cmd.RunE = func(cmd *cobra.Command, ids []string) error { return a.refetch(cmd, &g, ids, wait) }
	g.trashFilter.flags(cmd)
	flags := cmd.Flags()
	signFlags(cmd, &g.by, &g.why)
	flags.BoolVar(&g.yes, "yes", false, "do it to many without asking")
	flags.DurationVar(&wait, "wait", 30*time.Second, "how long to wait until the entries are closed")
	_ = cmd.MarkFlagRequired("why") // the flag is ours
	stackFlags(cmd)
	return cmd
}

func (a *app) refetch(cmd *cobra.Command, g *assigning, ids []string, wait time.Duration) error {
	g.to = nobody // nobody is given anything
	if err := g.check(cmd.Name(), ids); err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	chosen, err := stack.toAssign(cmd.Context(), g, ids)
	if err != nil {
		return err
	}
	calls, notes, err := refetches(g, chosen)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		a.say("%d orders will be asked for (%s); such as", len(chosen), g.words())
		a.printSome(chosen)
		if !g.yes && !a.confirmed() {
			return usage("nothing was done: give --yes to go on")
		}
	}
	if err := stack.store(cmd.Context(), append(calls, notes...)); err != nil {
		return err
	}
	return a.awaitRefetched(cmd.Context(), stack, chosen, wait)
}

// refetches are the calls for the orders of entries, and what is noted on those. Asked twice for one failure, it is one call.
func refetches(g *assigning, chosen []*trashItem) (calls, notes []topics.Message, err error) {
	now := time.Now()
	for _, t := range chosen {
		party, ref, is := schemas.SplitOrderID(t.OrderID)
		switch {
		case t.Step != "normalize":
			return nil, nil, fmt.Errorf("trash %s failed at %s: only what a channel sent can be asked for again; see 'trash retry'", t.TrashID, t.Step)
		case !is:
			return nil, nil, fmt.Errorf("trash %s: nobody knows which order it is about", t.TrashID)
		}
		call, err := processors.FetchCall(party, schemas.Fetching{Kind: schemas.FetchOrder, Ref: ref}, t.OrderID, fmt.Sprintf("trash:%s@%d", t.TrashID, t.Attempts))
		if err != nil {
			return nil, nil, fmt.Errorf("trash %s: %w", t.TrashID, err)
		}
		calls = append(calls, call)
		n := noteOn(t, schemas.NoteCommented, g.by, "asked for again: "+g.why, schemas.At(now))
		n.NoteID = t.TrashID + "/" + timeAndLetters(now)
		notes = append(notes, topics.Message{Topic: topics.TrashNotes, Key: n.NoteID, Value: n, Headers: []topics.Header{{Key: topics.HeaderOrderID, Value: []byte(n.OrderID)}}})
	}
	return calls, notes, nil
}

// lookAgain is how often it is looked whether an entry is closed.
const lookAgain = 500 * time.Millisecond

// awaitRefetched says of each entry whether what came has closed it.
func (a *app) awaitRefetched(ctx context.Context, s *stack, chosen []*trashItem, wait time.Duration) error {
	ids := make([]string, len(chosen))
	for i, t := range chosen {
		ids[i] = t.TrashID
	}
	until := time.Now().Add(wait)
	for {
		now, err := s.trashNamed(ctx, ids)
		if err != nil {
			return err
		}
		open := slices.IndexFunc(now, (*trashItem).isOpen) >= 0
		if open && time.Now().Before(until) {
			select {
			case <-ctx.Done():
				return ctx.Err() // what was asked for still comes
			case <-time.After(lookAgain):
			}
			continue
		}
		for _, t := range now {
			if err := a.printResult(itemResult{TrashID: t.TrashID, OrderID: t.OrderID, Result: t.State, Reason: t.Resolution}); err != nil {
				return err
			}
		}
		if open {
			return &exitError{code: exitPartial, err: fmt.Errorf("not all are closed: what came may have failed too, see 'waybill trash list'; what has not come, see 'waybill limits'")}
		}
		return nil
	}
}
