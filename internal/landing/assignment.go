package landing

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// assignment are the callbacks of the group: who owns which partition, and where it starts.
func (l *Landing) assignment(ctx context.Context) []kgo.Opt {
	working := context.WithoutCancel(ctx)
	return []kgo.Opt{
		kgo.OnOffsetsFetched(func(_ context.Context, _ *kgo.Client, answer *kmsg.OffsetFetchResponse) error { return l.learn(answer) }),
		kgo.AdjustFetchOffsetsFn(func(_ context.Context, starts map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
			return l.begin(working, starts), nil
		}),
		kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, lost map[string][]int32) { l.stop(l.take(lost)) }),
		kgo.OnPartitionsLost(func(_ context.Context, _ *kgo.Client, lost map[string][]int32) { l.abandon(l.take(lost)) }),
	}
}

// learn reads what the group's offsets promise. One that can not be read stops the member from starting: to guess would be to
// lose or to double.
func (l *Landing) learn(answer *kmsg.OffsetFetchResponse) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	clear(l.promises)
	for _, group := range answer.Groups {
		for _, topic := range group.Topics {
			for _, p := range topic.Partitions {
				if p.Offset < 0 || p.Metadata == nil {
					continue
				}
				promised, err := readPromise(p.Offset, *p.Metadata)
				if err != nil {
					l.log.Error("the group's offset can not be read", "topic", topic.Topic, "partition", p.Partition, "error", err)
					return fmt.Errorf("landing: %s/%d: %w", topic.Topic, p.Partition, err)
				}
				l.promises[place{topic.Topic, p.Partition}] = promised
			}
		}
	}
	return nil
}

// begin starts the partitions that were assigned. What was promised is read again by the partition itself, so the client's
// own reading starts behind it.
func (l *Landing) begin(ctx context.Context, starts map[string]map[int32]kgo.Offset) map[string]map[int32]kgo.Offset {
	l.lock.Lock()
	defer l.lock.Unlock()
	for topic, partitions := range starts {
		for number, start := range partitions {
			at := place{topic, number}
			if old := l.partitions[at]; old != nil {
				old.abandon()
			}
			p := l.newPartition(at, start.EpochOffset().Offset, l.promises[at])
			if p.next != nil {
				partitions[number] = kgo.NewOffset().At(p.next.To)
			}
			l.partitions[at] = p
			p.start(ctx)
		}
	}
	return starts
}

func (l *Landing) take(lost map[string][]int32) []*partition {
	l.lock.Lock()
	defer l.lock.Unlock()
	var taken []*partition
	for topic, numbers := range lost {
		for _, number := range numbers {
			at := place{topic, number}
			if p := l.partitions[at]; p != nil {
				taken = append(taken, p)
				l.forget(at)
			}
		}
	}
	return taken
}

func (l *Landing) all() []*partition {
	l.lock.Lock()
	defer l.lock.Unlock()
	var all []*partition
	for at, p := range l.partitions {
		all = append(all, p)
		l.forget(at)
	}
	return all
}

// forget needs the lock.
func (l *Landing) forget(at place) {
	delete(l.partitions, at)
	l.metrics.forget(at)
}

// stop lets each partition finish the block that is being written, and waits until none works any more.
func (l *Landing) stop(partitions []*partition) {
	var all sync.WaitGroup
	for _, p := range partitions {
		all.Go(func() { p.stop(time.Duration(l.config.StopSeconds) * time.Second) })
	}
	all.Wait()
}

// abandon ends partitions that belong to another member already: nothing of them can be committed.
func (l *Landing) abandon(partitions []*partition) {
	for _, p := range partitions {
		p.abandon()
	}
}
