package versions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// reading reads a small compacted topic: to the end that stands now, and then what comes.
type reading struct {
	client *kgo.Client
	topic  *topics.Topic
	left   map[int32]int64 // the end of each partition that has not been reached
}

func open(ctx context.Context, kafka []kgo.Opt, topic *topics.Topic) (*reading, error) {
	client, err := kgo.NewClient(append(slices.Clone(kafka), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.FetchMaxWait(500*time.Millisecond), kgo.FetchMaxBytes(1<<20))...)
	if err != nil {
		return nil, fmt.Errorf("read topic %s: %w", topic.Name, err)
	}
	r := &reading{client: client, topic: topic, left: map[int32]int64{}}
	if err := r.begin(ctx); err != nil {
		client.Close()
		return nil, fmt.Errorf("read topic %s (waybill provision makes it): %w", topic.Name, err)
	}
	return r, nil
}

func (r *reading) begin(ctx context.Context) error {
	admin := kadm.NewClient(r.client)
	starts, err := admin.ListStartOffsets(ctx, r.topic.Name)
	if err != nil {
		return err
	}
	ends, err := admin.ListCommittedOffsets(ctx, r.topic.Name)
	if err != nil {
		return err
	}
	if err := errors.Join(starts.Error(), ends.Error()); err != nil {
		return err
	}
	from := map[int32]kgo.Offset{}
	ends.Each(func(end kadm.ListedOffset) {
		from[end.Partition] = kgo.NewOffset().AtStart()
		if start, ok := starts.Lookup(end.Topic, end.Partition); ok && end.Offset > start.Offset {
			r.left[end.Partition] = end.Offset
		}
	})
	r.client.AddConsumePartitions(map[string]map[int32]kgo.Offset{r.topic.Name: from})
	return nil
}

// toEnd calls each with every record up to the end that stood when it was opened. The newest batch of a partition is never
// compacted away, so its end always shows up.
func (r *reading) toEnd(ctx context.Context, each func(*kgo.Record) error) error {
	for len(r.left) > 0 {
		if err := r.readOn(ctx, each); err != nil {
			return err
		}
	}
	return nil
}

// readOn waits for records, a second at most, and calls each with every one.
func (r *reading) readOn(ctx context.Context, each func(*kgo.Record) error) error {
	poll, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	fetches := r.client.PollRecords(poll, 10_000)
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, e := range fetches.Errors() {
		if !errors.Is(e.Err, context.DeadlineExceeded) {
			return fmt.Errorf("read %s/%d: %w", e.Topic, e.Partition, e.Err)
		}
	}
	for _, record := range fetches.Records() {
		if record.Offset >= r.left[record.Partition]-1 {
			delete(r.left, record.Partition)
		}
		if record.Attrs.IsControl() {
			continue
		}
		if err := each(record); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) close() { r.client.Close() }
