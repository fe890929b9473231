package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/rights"
	"waybill/topics"
)

// readTopic calls each with every record that a read_committed reader finds on the topic, up to the end that stands when it is
// called, in order of each partition.
func (s *stack) readTopic(ctx context.Context, topic *topics.Topic, each func(r *kgo.Record) error) error {
	return s.readFor(ctx, topic, "", each)
}

// readFor reads likewise, but of a key that is given only the partition that it is in.
func (s *stack) readFor(ctx context.Context, topic *topics.Topic, key string, each func(r *kgo.Record) error) error {
	if err := s.mustLet(ctx, rights.Reader, rights.ToRead(topic)...); err != nil {
		return err
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(topic.Name), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
	}, s.kafka...)...)
	if err != nil {
		return fmt.Errorf("read %s: %w", topic.Name, err)
	}
	defer client.Close()
	left, err := unread(ctx, client, topic.Name)
	if err != nil {
		return fmt.Errorf("read %s: %w", topic.Name, err)
	}
	if key != "" {
		if left, err = homeOf(ctx, client, topic.Name, key, left); err != nil {
			return fmt.Errorf("read %s: %w", topic.Name, err)
		}
	}
	for heard := time.Now(); len(left) > 0; {
		poll, cancel := context.WithTimeout(ctx, time.Second)
		fetches := client.PollFetches(poll)
		cancel()
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, e := range fetches.Errors() {
			if !errors.Is(e.Err, context.DeadlineExceeded) {
				return fmt.Errorf("read %s/%d: %w", e.Topic, e.Partition, e.Err)
			}
		}
		if fetches.NumRecords() > 0 {
			heard = time.Now()
		} else if err := silent(topic.Name, heard); err != nil {
			return err
		}
		for _, r := range fetches.Records() {
			end, known := left[r.Partition]
			if r.Offset >= end-1 {
				delete(left, r.Partition)
			}
			if !known || r.Offset >= end || r.Attrs.IsControl() {
				continue
			}
			if err := each(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// silenceMax is how long a broker may take to hand out records that it said are there. What was read until then is no answer: half
// of a list looks like a whole one. The newest batch of a partition is never compacted away, so there is always one to wait for.
const silenceMax = 30 * time.Second

// silent is the error of a reader that has heard nothing for too long.
func silent(topic string, heard time.Time) error {
	if time.Since(heard) < silenceMax {
		return nil
	}
	return fmt.Errorf("read %s: the broker has handed out nothing for %s, though there are records: try again, and see 'waybill doctor'", topic, silenceMax)
}

// unread is the stable end of each partition that has anything.
func unread(ctx context.Context, client *kgo.Client, topic string) (map[int32]int64, error) {
	admin := kadm.NewClient(client)
	starts, err := admin.ListStartOffsets(ctx, topic)
	if err != nil {
		return nil, err
	}
	ends, err := admin.ListCommittedOffsets(ctx, topic)
	if err != nil {
		return nil, err
	}
	left := map[int32]int64{}
	ends.Each(func(o kadm.ListedOffset) {
		err = errors.Join(err, o.Err)
		if start, ok := starts.Lookup(topic, o.Partition); ok && o.Offset > start.Offset {
			left[o.Partition] = o.Offset
		}
	})
	return left, err
}

// homeOf leaves of the partitions that of a key, and has the others not fetched.
func homeOf(ctx context.Context, client *kgo.Client, topic, key string, left map[int32]int64) (map[int32]int64, error) {
	details, err := kadm.NewClient(client).ListTopics(ctx, topic)
	if err == nil {
		err = details[topic].Err
	}
	if err != nil {
		return nil, err
	}
	all := details[topic].Partitions.Numbers()
	home := all[kgo.StickyKeyPartitioner(nil).ForTopic(topic).Partition(&kgo.Record{Key: []byte(key)}, len(all))]
	client.PauseFetchPartitions(map[string][]int32{topic: slices.DeleteFunc(all, func(n int32) bool { return n == home })})
	if end, is := left[home]; is {
		return map[int32]int64{home: end}, nil
	}
	return nil, nil
}
