package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"waybill/processors"
)

// replay has every step and every gateway read all of its input once more, from its beginning, so often, and holds what everybody has in his books
// then against what they had before. None of it is live for the second time: no party may hear of it (invariant 4, item 88).
func (d *demonstration) replay(ctx context.Context, before account, account func() (account, error)) (after account, err error) {
	for d.done.replays < d.chaos.replays {
		if err := d.replayOnce(ctx); err != nil {
			return before, fmt.Errorf("read everything once more: %w", err)
		}
		d.done.replays++
	}
	if after, err = account(); err != nil {
		return after, err
	}
	after.Replayed = difference(before, after)
	after.Reread, after.Duplicates = after.Duplicates-before.Duplicates, before.Duplicates // what is read once more was not delivered once more
	if after.Reread < before.Normalized*after.Replays {
		return after, fmt.Errorf("%d orders were to be read once more %d times, and %d were", before.Normalized, after.Replays, after.Reread)
	}
	return after, nil
}

// replayOnce ends the pipeline, has its groups forget what they have read, starts it again, and waits until nothing comes of anything any more.
func (d *demonstration) replayOnce(ctx context.Context) error {
	if err := d.crew.dismiss(syscall.SIGTERM); err != nil {
		return err
	}
	s := d.pipeline.stack
	var groups []string
	for _, step := range s.steps() {
		groups = append(groups, s.config.Deployment+"."+step.Name)
	}
	for _, g := range processors.Gateways() {
		groups = append(groups, s.config.Deployment+".outbox."+g.Party)
	}
	if err := s.admin(ctx, func(admin *kadm.Client) error { return forget(ctx, admin, groups) }); err != nil {
		return err
	}
	if err := d.start(ctx, d.at); err != nil {
		return err
	}
	if err := d.awaitDone(ctx); err != nil {
		return err
	}
	return d.followed.read(ctx)
}

// forgottenTimeMax bounds the wait for the members of groups to be given up: longer than a session, in which who ended may come back.
const forgottenTimeMax = time.Minute

// forget has groups begin from the beginning.
func forget(ctx context.Context, admin *kadm.Client, groups []string) error {
	ctx, cancel := context.WithTimeout(ctx, forgottenTimeMax)
	defer cancel()
	for {
		deleted, err := admin.DeleteGroups(ctx, groups...)
		if err != nil {
			return fmt.Errorf("have the groups begin from the beginning: %w", err)
		}
		groups = slices.DeleteFunc(groups, func(group string) bool {
			answer := deleted[group]
			return answer.Err == nil || errors.Is(answer.Err, kerr.GroupIDNotFound)
		})
		if len(groups) == 0 {
			return nil
		}
		if err := wait(ctx, time.Second); err != nil {
			return fmt.Errorf("have group %s begin from the beginning: %w; the broker says: %w", groups[0], err, deleted[groups[0]].Err)
		}
	}
}

// difference is how much is otherwise in what everybody has in his books.
func difference(a, b account) (apart int) {
	told := func(c account) []int {
		return []int{
			c.Raw, c.Normalized, c.Trash, c.Waiting, c.Placed, c.Customers, c.ERPOrders, c.ERPDuplicates, c.Acknowledged, c.Shipments, c.LabelsBilled,
			c.LabelsCached, c.LabelsInDoubt, c.Refused, c.Printed, c.PrintsInDoubt, c.ERPTracking, c.ChannelConfirmed, c.TrackingEvents, c.Delivered, c.Returned, c.InDoubt,
		}
	}
	after := told(b)
	for i, n := range told(a) {
		apart += max(n-after[i], after[i]-n)
	}
	return apart
}
