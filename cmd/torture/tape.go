package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// lane is one partition of a topic.
type lane struct {
	topic     string
	partition int32
}

// tape reads every topic from its beginning, read_committed, and goes on from where it was.
type tape struct {
	client   *kgo.Client
	registry *schemas.Registry
	next     map[lane]int64 // behind all that was read, markers too
	last     map[lane]int64 // behind the last record
	fresh    []*record      // since the last take, in the order of each partition
}

func newTape(brokers []string, registry *schemas.Registry) (*tape, error) {
	var names []string
	for _, t := range topics.All() {
		if t != topics.Instances { // it tells who lives, every few seconds, and nothing of an order
			names = append(names, t.Name)
		}
	}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(brokers...), kgo.ConsumeTopics(names...), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.MetadataMinAge(250*time.Millisecond), kgo.FetchMaxWait(200*time.Millisecond), kgo.DisableClientMetrics(),
	)
	if err != nil {
		return nil, fmt.Errorf("read the topics: %w", err)
	}
	return &tape{client: client, registry: registry, next: map[lane]int64{}, last: map[lane]int64{}}, nil
}

// pollTime is how long one look for what is new takes at most.
const pollTime = 200 * time.Millisecond

// readOn takes in what is there.
func (t *tape) readOn(ctx context.Context) error {
	for {
		poll, cancel := context.WithTimeout(ctx, pollTime)
		fetches := t.client.PollFetches(poll)
		cancel()
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, e := range fetches.Errors() {
			if !errors.Is(e.Err, context.DeadlineExceeded) {
				return fmt.Errorf("read %s/%d: %w", e.Topic, e.Partition, e.Err)
			}
		}
		for r := range fetches.RecordsAll() {
			if err := t.take(ctx, r); err != nil {
				return err
			}
		}
		if fetches.NumRecords() == 0 {
			return nil
		}
	}
}

func (t *tape) take(ctx context.Context, r *kgo.Record) error {
	at := lane{r.Topic, r.Partition}
	if r.Offset < t.next[at] {
		return fmt.Errorf("%s/%d: offset %d came behind %d", r.Topic, r.Partition, r.Offset, t.next[at]-1)
	}
	t.next[at] = r.Offset + 1
	if r.Attrs.IsControl() {
		return nil
	}
	t.last[at] = r.Offset + 1
	read, err := understood(ctx, t.registry, r)
	if err != nil {
		return err
	}
	t.fresh = append(t.fresh, read)
	return nil
}

// records are those that came since they were asked for last.
func (t *tape) records() []*record {
	fresh := t.fresh
	t.fresh = nil
	return fresh
}

// unread says what is not settled yet: a partition with an open transaction, or one that was not read to its end; "" if there is none.
func (t *tape) unread(ctx context.Context) (string, error) {
	names := t.client.GetConsumeTopics()
	admin := kadm.NewClient(t.client)
	stable, err := admin.ListCommittedOffsets(ctx, names...)
	if err == nil {
		err = stable.Error()
	}
	if err != nil {
		return "", fmt.Errorf("list the stable ends: %w", err)
	}
	high, err := admin.ListEndOffsets(ctx, names...)
	if err == nil {
		err = high.Error()
	}
	if err != nil {
		return "", fmt.Errorf("list the ends: %w", err)
	}
	found := ""
	high.Each(func(end kadm.ListedOffset) {
		at := lane{end.Topic, end.Partition}
		lso, _ := stable.Lookup(end.Topic, end.Partition)
		switch {
		case lso.Offset < end.Offset:
			found = fmt.Sprintf("%s/%d has a transaction open at %d of %d", end.Topic, end.Partition, lso.Offset, end.Offset)
		case t.next[at] < end.Offset:
			found = fmt.Sprintf("%s/%d was read to %d of %d", end.Topic, end.Partition, t.next[at], end.Offset)
		}
	})
	return found, nil
}

// behind says which partition of these topics a group has not handled yet; "" if none.
func (t *tape) behind(ctx context.Context, group string, of []*topics.Topic) (string, error) {
	committed, err := kadm.NewClient(t.client).FetchOffsets(ctx, group)
	if err == nil {
		err = committed.Error()
	}
	if err != nil {
		return "", fmt.Errorf("read the offsets of %s: %w", group, err)
	}
	for at, end := range t.last {
		for _, topic := range of {
			if topic.Name != at.topic {
				continue
			}
			if done, _ := committed.Lookup(at.topic, at.partition); done.At < end {
				return fmt.Sprintf("%s is at %d of %d of %s/%d", group, done.At, end, at.topic, at.partition), nil
			}
		}
	}
	return "", nil
}

func (t *tape) close() { t.client.Close() }
