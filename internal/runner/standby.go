package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/sync/errgroup"

	"waybill/internal/table"
)

// A process keeps a copy of the partitions that would be its own if another one were gone: whoever takes a partition over has only to read
// what came since. Kafka Streams calls such a copy a standby, and the reading before the first share a warm-up (KIP-441).

// warmAtOnce is how many partitions are read at a time before the process takes a share.
const warmAtOnce = 2

// warm waits for the views, and reads what the copy of the table lacks, before this process asks for a share: the table only
// if others do the work meanwhile. One that comes back under a name that the group still waits for does not let it wait. What fails is
// tried again with the partition that is taken over.
func (s *session) warm(ctx context.Context) error {
	for err := s.viewsReady(); err != nil && ctx.Err() == nil; err = s.viewsReady() {
		s.setNotReady(err.Error())
		pause(ctx, idlePoll) // a partition that this process held meanwhile would stand still
	}
	if s.config.Limits.StandbyTime == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	client, err := kgo.NewClient(s.config.Kafka...)
	if err != nil {
		return fmt.Errorf("reach the brokers: %w", err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	members, shared := s.members(ctx, admin)
	if len(members) == 0 || slices.Contains(members, s.config.Instance) {
		return nil
	}
	began := s.config.Now()
	s.setNotReady("it reads its table before it takes a share of the partitions")
	behind, records, err := s.behind(ctx, admin, append(members, s.config.Instance), shared)
	var group errgroup.Group
	group.SetLimit(warmAtOnce)
	for _, n := range behind {
		group.Go(func() error { return s.owned.follow(n) })
	}
	switch err = errors.Join(err, group.Wait()); {
	case errors.Is(err, table.ErrBroken), ctx.Err() != nil:
		return err
	case err != nil:
		s.log.Warn("the table was not read before taking a share", "error", err)
	case len(behind) > 0:
		s.log.Info("table read before taking a share", "records", records, "took", s.config.Now().Sub(began))
	}
	return nil
}

// members are the processes of the group, none if that is not to be heard, and how it shares the partitions out; "" while it does.
func (s *session) members(ctx context.Context, admin *kadm.Client) (names []string, shared string) {
	groups, err := admin.DescribeGroups(ctx, s.groupID())
	if err != nil {
		return nil, ""
	}
	group := groups[s.groupID()]
	for _, m := range group.Members {
		names = append(names, nameOf(m.InstanceID, m.MemberID))
	}
	return names, group.Protocol
}

// behind are the partitions that others own of which the copy lacks something, and how many records it lacks. In a group that shares out
// otherwise, because of a member of an older version, and while nobody knows how, that is a copy of all.
func (s *session) behind(ctx context.Context, admin *kadm.Client, members []string, shared string) (partitions []int32, records int64, err error) {
	ends, err := admin.ListEndOffsets(ctx, s.step.Table.Name)
	if err != nil {
		return nil, 0, fmt.Errorf("ask for the end of %s: %w", s.step.Table.Name, err)
	}
	copied := heirlooms(len(ends[s.step.Table.Name]), members, s.config.Instance)
	for _, end := range ends[s.step.Table.Name] {
		if shared == protocol && !copied[end.Partition] {
			continue
		}
		at, failed := s.store.Checkpoint(end.Partition)
		if err = errors.Join(err, end.Err, failed); at < end.Offset && !s.owned.holds(end.Partition) {
			partitions = append(partitions, end.Partition)
			records += end.Offset - at
		}
	}
	return partitions, records, err
}

// standBy brings the copies of what others own up to date, again and again.
func (s *session) standBy(ctx context.Context) {
	every := s.config.Limits.StandbyTime
	if every == 0 {
		return
	}
	for pause(ctx, every); ctx.Err() == nil; pause(ctx, every) {
		admin := kadm.NewClient(s.group.Client())
		members, shared := s.members(ctx, admin)
		if shared == "" {
			continue // it is being shared out, or can not be asked
		}
		behind, records, err := s.behind(ctx, admin, members, shared)
		s.metrics.standby.Set(float64(records))
		for _, n := range behind {
			err = errors.Join(err, s.owned.follow(n))
		}
		if err != nil && ctx.Err() == nil {
			s.log.Warn("the copy of what other processes own is not up to date; taking it over would take longer", "error", err)
		}
	}
}

func (o *owned) holds(n int32) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.held[n] != nil
}

// follow brings the copy of a partition up to date, unless this process owns it. Two never read one partition at once: whoever comes
// later waits for the other, which does the same work.
func (o *owned) follow(n int32) error {
	o.mu.Lock()
	if o.held[n] != nil {
		o.mu.Unlock()
		return nil
	}
	former, done := o.restoring[n], make(chan struct{})
	o.restoring[n] = done
	o.mu.Unlock()
	defer close(done)
	if former != nil {
		<-former
	}
	return o.store.Restore(o.ctx, o.config.Kafka, o.step.Table.Name, n, o.noteOf)
}
