package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
)

func (a *app) doubt() *cobra.Command {
	cmd := &cobra.Command{GroupID: "ask", Use: "doubt", Short: "Look at calls that may have been made, and settle them: nobody but a person can tell"}
	cmd.AddCommand(a.doubtList(), a.doubtSettle())
	return cmd
}

func inDoubt(t *trashItem) bool { return t.Class == schemas.ClassInDoubt && t.isOpen() }

func (a *app) doubtList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the calls that may have been made, oldest first", Args: cobra.NoArgs}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		items, err := stack.trashOf(cmd.Context(), func(t *trashItem) bool { return inDoubt(t) })
		if err != nil {
			return err
		}
		p := a.printer("party", "task", "since", "order", "reason")
		for _, t := range items {
			if err := p.row(listed(t.TrashEntry), t.Party, t.Key, t.FirstAt.Time().Format(time.DateTime), t.OrderID, clip(t.Reason)); err != nil {
				return err
			}
		}
		return p.end()
	}
	stackFlags(cmd)
	return cmd
}

// settlement is what was seen at the party.
type settlement struct {
	done, notDone bool
	ref, by, why  string
}

func (a *app) doubtSettle() *cobra.Command {
	var s settlement
	cmd := &cobra.Command{Use: "settle PARTY TASK", Short: "Say what became of a call in doubt, once you have looked there: it was made, or it is to be made again", Args: cobra.ExactArgs(2)}
	cmd.Example = `  waybill doubt settle dhl book:allegro/1/1 --done --ref 00340434161094042557 --why "it is in their portal"
  waybill doubt settle dhl book:allegro/1/1 --not-done --why "their portal has nothing of it, an hour later"`
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.settle(cmd, &s, args[0], args[1]) }
	cmd.Flags().BoolVar(&s.done, "done", false, "it was made")
	cmd.Flags().BoolVar(&s.notDone, "not-done", false, "it was not, and is to be made again")
	cmd.Flags().StringVar(&s.ref, "ref", "", "what the party calls what was made: the number of its order, of its label")
	byFlag(cmd, &s.by)
	cmd.Flags().StringVar(&s.why, "why", "", "how you know, for the record; no personal data")
	cmd.MarkFlagsOneRequired("done", "not-done")
	cmd.MarkFlagsMutuallyExclusive("done", "not-done")
	_ = cmd.MarkFlagRequired("why") // the flag is ours
	stackFlags(cmd)
	return cmd
}

func (a *app) settle(cmd *cobra.Command, s *settlement, party, task string) error {
	if s.done && s.ref == "" {
		return usage("doubt settle --done: give --ref, what %s calls what was made", party)
	}
	by, err := whoDoes(s.by)
	if err != nil {
		return err
	}
	stack, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	items, err := stack.trashOf(cmd.Context(), func(t *trashItem) bool { return inDoubt(t) && t.Party == party && t.Key == task })
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return fmt.Errorf("%s has no task %s in doubt: 'waybill doubt list' lists them", party, task)
	}
	entry := items[0]
	d := deed.Deed{TrashID: entry.TrashID, Attempts: entry.Attempts, Does: schemas.DidDone, TheirRef: s.ref, By: by, Why: s.why}
	if s.notDone {
		d.Does, d.TheirRef = schemas.DidNotDone, ""
	}
	if err := stack.sendDeed(cmd.Context(), party, &kgo.Record{Key: []byte(task), Headers: d.Headers()}); err != nil {
		return err
	}
	a.say("%s: told that it is %s; 'waybill doubt list' shows it until %s has heard", task, d.Does, party)
	return nil
}
