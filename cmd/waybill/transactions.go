package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kadm"

	"waybill/internal/hanging"
	"waybill/topics"
)

// hung is a transaction that hangs on a partition, and what its coordinator had decided of it.
type hung struct {
	Topic      string    `json:"topic"`
	Partition  int32     `json:"partition"`
	Offset     int64     `json:"offset"` // of its first record
	ProducerID int64     `json:"producer_id"`
	ID         string    `json:"transactional_id,omitempty"` // empty if no coordinator tells it
	Since      time.Time `json:"since"`
	Decided    string    `json:"decided"` // commit or abort
	Ended      bool      `json:"ended"`
}

func (a *app) transactions() *cobra.Command {
	var end bool
	cmd := verb("keep", "transactions", "List the transactions that a broker forgot to end, and end them as was decided", func(cmd *cobra.Command, _ []string) error {
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		return stack.admin(cmd.Context(), func(admin *kadm.Client) error { return a.endHanging(cmd.Context(), stack, admin, end) })
	})
	cmd.Long = "List the transactions that a broker forgot to end, and end them as was decided.\n\n" +
		"What lies behind such a transaction is not read, so a step stands still. It takes a login that may read __consumer_offsets and\n" +
		"__transaction_state, and to end one, that may alter the cluster."
	cmd.Flags().BoolVar(&end, "end", false, "end them: commit what its coordinator had decided to commit, abort the rest, which is then done again")
	stackFlags(cmd)
	return cmd
}

// endHanging looks up what was decided of all before it ends one: another end than that would undo what a step was told.
func (a *app) endHanging(ctx context.Context, s *stack, admin *kadm.Client, end bool) error {
	found, err := hanging.Find(ctx, admin, append(names(topics.All()), hanging.Offsets)...)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		a.say("none hangs")
		return nil
	}
	commits := make([]bool, len(found))
	for i, t := range found {
		if commits[i], err = hanging.Committed(ctx, s.kafka, t); err != nil {
			return err
		}
	}
	p := a.printer("topic", "partition", "offset", "transactional id", "since", "decided", "ended")
	for i, t := range found {
		if end {
			if err := hanging.End(ctx, admin, t, commits[i]); err != nil {
				return err
			}
		}
		h := hung{Topic: t.Topic, Partition: t.Partition, Offset: t.Start, ProducerID: t.ProducerID, ID: t.ID, Since: t.Last.UTC(), Decided: "abort", Ended: end}
		if commits[i] {
			h.Decided = "commit"
		}
		if err := p.row(h, h.Topic, h.Partition, h.Offset, h.ID, h.Since.Format(time.RFC3339), h.Decided, h.Ended); err != nil {
			return err
		}
	}
	if !end {
		a.say("%d hang; nothing was touched: --end ends them as was decided", len(found))
	}
	return p.end()
}
