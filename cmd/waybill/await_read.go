package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"waybill/topics"
)

// awaitRead waits until a group has read the topics as far as they reach now: there may be always more.
func (s *stack) awaitRead(ctx context.Context, group string, all []*topics.Topic) error {
	return s.admin(ctx, func(admin *kadm.Client) error {
		ends, err := endsOf(ctx, admin, all)
		for err == nil {
			var behind int64
			if behind, err = behindOf(ctx, admin, group, ends); err != nil || behind == 0 {
				return err
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

// behindOf is how many offsets a group has yet to read to be there.
func behindOf(ctx context.Context, admin *kadm.Client, group string, ends kadm.ListedOffsets) (behind int64, err error) {
	committed, err := admin.FetchOffsets(ctx, group)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) { // which has read nothing yet
		return 0, fmt.Errorf("read the offsets of %s: %w", group, err)
	}
	ends.Each(func(end kadm.ListedOffset) {
		committed, _ := committed.Lookup(end.Topic, end.Partition)
		behind += max(0, end.Offset-max(0, committed.At))
	})
	return behind, nil
}
