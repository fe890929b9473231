package table

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Restore brings a partition up to date: it reads the topic from the checkpoint to the end that stands when it is called, as a
// read_committed reader, so an open transaction is waited for. A previous owner's rows are on the topic before its offsets are
// committed, so whoever restores after it was assigned the partition has seen all that belongs to those offsets.
//
// wake reads from a row when its key is to be woken, 0 for never.
func (s *Store) Restore(ctx context.Context, kafka []kgo.Opt, topic string, partition int32, wake func(row []byte) (int64, error)) error {
	client, err := kgo.NewClient(append(slices.Clone(kafka), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords())...)
	if err != nil {
		return fmt.Errorf("restore %s/%d: %w", topic, partition, err)
	}
	defer client.Close()
	start, end, err := bounds(ctx, client, topic, partition)
	if err != nil {
		return fmt.Errorf("restore %s/%d: %w", topic, partition, err)
	}
	from, err := s.Checkpoint(partition)
	if err != nil {
		return err
	}
	if from > end { // the topic was made anew, or the broker lost its end
		if err := s.drop(partition); err != nil {
			return err
		}
		from = 0
	}
	from = max(from, start)
	if from >= end {
		return nil
	}
	client.AddConsumePartitions(map[string]map[int32]kgo.Offset{topic: {partition: kgo.NewOffset().At(from)}})
	r := &restore{store: s, client: client, topic: topic, partition: partition, from: from, wake: wake}
	for r.from < end && r.empty < emptyPollsMax {
		if err := r.readOn(ctx, end); err != nil {
			return fmt.Errorf("restore %s/%d at offset %d: %w", topic, partition, r.from, err)
		}
	}
	return nil
}

// restore is one partition being read. Control records are read with the others, because a partition can end in them.
type restore struct {
	store     *Store
	client    *kgo.Client
	topic     string
	partition int32
	from      int64
	empty     int // polls in a row that brought nothing although all is stable
	wake      func([]byte) (int64, error)
}

// A partition whose end was compacted away has nothing to show up to it. Its leader, which answers that all is stable, then has
// answered empty polls for so long.
const (
	pollSeconds   = 1
	emptyPollsMax = 5
)

func (r *restore) readOn(ctx context.Context, end int64) error {
	poll, cancel := context.WithTimeout(ctx, pollSeconds*time.Second)
	fetches := r.client.PollRecords(poll, 20_000)
	cancel()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, e := range fetches.Errors() {
		if !errors.Is(e.Err, context.DeadlineExceeded) {
			return e.Err
		}
	}
	if fetches.NumRecords() == 0 {
		return r.noteEmpty(ctx, end)
	}
	r.empty = 0
	changes := map[string]Change{} // the last of each key
	for _, record := range fetches.Records() {
		r.from = record.Offset + 1
		if record.Attrs.IsControl() {
			continue
		}
		c, err := r.change(record)
		if err != nil {
			return err
		}
		changes[string(record.Key)] = c
	}
	return r.store.Apply(r.partition, r.from, slices.Collect(maps.Values(changes)))
}

func (r *restore) noteEmpty(ctx context.Context, end int64) error {
	stable, err := kadm.NewClient(r.client).ListCommittedOffsets(ctx, r.topic)
	if err != nil {
		return err
	}
	if at, ok := stable.Lookup(r.topic, r.partition); ok && at.Err == nil && at.Offset >= end {
		r.empty++
	}
	return nil
}

// change is what a record means to the store, with the wake-up that the row had before.
func (r *restore) change(record *kgo.Record) (Change, error) {
	c := Change{Key: record.Key, Value: record.Value}
	old, ok, err := r.store.Get(nil, r.partition, record.Key)
	if err != nil {
		return c, err
	}
	if ok {
		if c.Was, err = r.wake(old); err != nil {
			return c, err
		}
	}
	if record.Value != nil {
		c.Wake, err = r.wake(record.Value)
	}
	return c, err
}

func bounds(ctx context.Context, client *kgo.Client, topic string, partition int32) (start, end int64, err error) {
	admin := kadm.NewClient(client)
	starts, err := admin.ListStartOffsets(ctx, topic)
	if err != nil {
		return 0, 0, err
	}
	ends, err := admin.ListEndOffsets(ctx, topic)
	if err != nil {
		return 0, 0, err
	}
	first, ok := starts.Lookup(topic, partition)
	last, ok2 := ends.Lookup(topic, partition)
	if !ok || !ok2 {
		return 0, 0, kerr.UnknownTopicOrPartition
	}
	return first.Offset, last.Offset, errors.Join(first.Err, last.Err)
}
