package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// awaitRead waits until a group has read the topics as far as they reach now: there may be always more.
func (s *stack) awaitRead(ctx context.Context, group string, all []*topics.Topic) error {
	return s.admin(ctx, func(admin *kadm.Client) error {
		ends, err := endsOf(ctx, admin, all)
		for last, since := int64(-1), time.Now(); err == nil; {
			var behind int64
			var left leftOver
			if behind, left, err = behindOf(ctx, admin, group, ends); err != nil || behind == 0 {
				return err
			}
			if behind != last {
				last, since = behind, time.Now()
			} else if time.Since(since) > stillTime {
				if empty, err := s.isEmptyOf(ctx, left); empty || err != nil {
					return err
				}
				since = time.Now()
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(5 * time.Millisecond):
			}
		}
		return err
	})
}

// endsOf is how far the topics reach.
func endsOf(ctx context.Context, admin *kadm.Client, all []*topics.Topic) (kadm.ListedOffsets, error) {
	var names []string
	for _, topic := range all {
		names = append(names, topic.Name)
	}
	if len(names) == 0 {
		return nil, nil
	}
	ends, err := admin.ListCommittedOffsets(ctx, names...)
	if err != nil {
		return nil, fmt.Errorf("read the ends of %s: %w", strings.Join(names, ", "), err)
	}
	return ends, nil
}

// leftOver is what a group has yet to read: by topic and partition, from which offset up to which.
type leftOver map[string]map[int32][2]int64

// behindOf is how many offsets a group has yet to read to be there, and which.
func behindOf(ctx context.Context, admin *kadm.Client, group string, ends kadm.ListedOffsets) (behind int64, left leftOver, err error) {
	committed, err := admin.FetchOffsets(ctx, group)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) { // which has read nothing yet
		return 0, nil, fmt.Errorf("read the offsets of %s: %w", group, err)
	}
	left = leftOver{}
	ends.Each(func(end kadm.ListedOffset) {
		committed, _ := committed.Lookup(end.Topic, end.Partition)
		at := max(0, committed.At)
		if end.Offset <= at {
			return
		}
		behind += end.Offset - at
		if left[end.Topic] == nil {
			left[end.Topic] = map[int32][2]int64{}
		}
		left[end.Topic][end.Partition] = [2]int64{at, end.Offset}
	})
	return behind, left, nil
}

const (
	// stillTime is how long a group may get no further until it is looked whether there is anything to read at all.
	stillTime = 2 * time.Second
	// emptyTimeMax bounds that look.
	emptyTimeMax = 5 * time.Second
)

// isEmptyOf tells that there is not one record in what a group has left: what was given up with its transaction is none, and the landing passes it
// together with the next record that comes.
func (s *stack) isEmptyOf(ctx context.Context, left leftOver) (bool, error) {
	from := map[string]map[int32]kgo.Offset{}
	open := 0
	for topic, partitions := range left {
		from[topic] = map[int32]kgo.Offset{}
		for partition, offsets := range partitions {
			from[topic][partition] = kgo.NewOffset().At(offsets[0])
			open++
		}
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumePartitions(from), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
	}, s.kafka...)...)
	if err != nil {
		return false, fmt.Errorf("look what is left to read: %w", err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, emptyTimeMax)
	defer cancel()
	for open > 0 && ctx.Err() == nil {
		for r := range client.PollFetches(ctx).RecordsAll() {
			end := left[r.Topic][r.Partition][1]
			if r.Offset < end && !r.Attrs.IsControl() {
				return false, nil
			}
			if r.Offset >= end-1 && end > 0 {
				left[r.Topic][r.Partition] = [2]int64{}
				open--
			}
		}
	}
	return open == 0, nil
}
