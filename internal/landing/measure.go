package landing

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// bounds are where the partition's log starts, and where it ends for a read_committed reader.
func (r *reader) bounds(ctx context.Context, at place) (start, end int64, err error) {
	admin := kadm.NewClient(r.client)
	starts, err := admin.ListStartOffsets(ctx, at.topic)
	if err != nil {
		return 0, 0, fmt.Errorf("list the start of %s: %w", at.topic, err)
	}
	ends, err := admin.ListCommittedOffsets(ctx, at.topic)
	if err != nil {
		return 0, 0, fmt.Errorf("list the end of %s: %w", at.topic, err)
	}
	first, _ := starts.Lookup(at.topic, at.partition)
	last, _ := ends.Lookup(at.topic, at.partition)
	if first.Err != nil {
		return 0, 0, fmt.Errorf("list the start of %s/%d: %w", at.topic, at.partition, first.Err)
	}
	if last.Err != nil {
		return 0, 0, fmt.Errorf("list the end of %s/%d: %w", at.topic, at.partition, last.Err)
	}
	return first.Offset, last.Offset, nil
}

// measure keeps the gauge of what is left to land, also while nothing is fetched.
func (l *Landing) measure(ctx context.Context) {
	tick := time.NewTicker(measureSeconds * time.Second)
	defer tick.Stop()
	admin := kadm.NewClient(l.reader.client)
	names := make([]string, 0, len(l.topics))
	for name := range l.topics {
		names = append(names, name)
	}
	for {
		if ends, err := admin.ListCommittedOffsets(ctx, names...); err == nil {
			l.lag(ends)
		} // an outage: the gauge keeps its last value, and the fetches complain
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (l *Landing) lag(ends kadm.ListedOffsets) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for at, p := range l.partitions {
		end, ok := ends.Lookup(at.topic, at.partition)
		if !ok || end.Err != nil {
			continue
		}
		queued, seen := p.queue.waiting()
		behind := max(end.Offset-max(seen, 0), 0) + int64(queued) + p.flying.Load()
		l.metrics.lag.WithLabelValues(at.topic, strconv.Itoa(int(at.partition))).Set(float64(behind))
	}
}
