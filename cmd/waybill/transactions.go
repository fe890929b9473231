package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kadm"

	"waybill/internal/hanging"
	"waybill/topics"
)

// hung is a transaction that hangs on a partition, and what its coordinator had decided of it.
type hung struct {
	Topic      string           `json:"topic"`
	Partition  int32            `json:"partition"`
	Offset     int64            `json:"offset"` // of its first record
	ProducerID int64            `json:"producer_id"`
	ID         string           `json:"transactional_id,omitempty"` // empty if no coordinator tells it
	Since      time.Time        `json:"since"`
	Decided    hanging.Decision `json:"decided"`
	Ended      bool             `json:"ended"`
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
	cmd.Flags().BoolVar(&end, "end", false, "end them: commit what its coordinator had decided to commit, abort what it had not, which is then done again")
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
	decided := make([]hanging.Decision, len(found))
	for i, t := range found {
		if decided[i], err = hanging.Decided(ctx, s.kafka, t); err != nil {
			return err
		}
	}
	p, left := a.printer("topic", "partition", "offset", "transactional id", "since", "decided", "ended"), 0
	for i, t := range found {
		ends := end && decided[i] != hanging.Unknown
		if ends {
			if err := hanging.End(ctx, admin, t, decided[i]); err != nil {
				return errors.Join(p.end(), err)
			}
		} else {
			left++
		}
		h := hung{Topic: t.Topic, Partition: t.Partition, Offset: t.Start, ProducerID: t.ProducerID, ID: t.ID, Since: t.Last.UTC(), Decided: decided[i], Ended: ends}
		if err := p.row(h, h.Topic, h.Partition, h.Offset, h.ID, h.Since.Format(time.RFC3339), h.Decided, h.Ended); err != nil {
			return err
		}
	}
	switch err := p.end(); {
	case err != nil || left == 0:
		return err
	case end:
		return &exitError{code: exitPartial, err: fmt.Errorf("%d of %d were left as they are: what was decided of them is not kept any more; docs/operations.md says how they are ended", left, len(found))}
	}
	a.say("nothing was touched: --end ends them as was decided")
	return nil
}
