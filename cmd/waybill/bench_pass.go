package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/runner"
	"waybill/topics"
)

// passRound reads the records that a round of normalize read and writes the bytes that it wrote, without looking at either: what
// Kafka alone costs. Batches and transactions are as large as the step's.
func (b *bench) passRound(ctx context.Context, from offsets) (effort, error) {
	out, err := b.outputs(ctx, from)
	if err != nil {
		return effort{}, err
	}
	if err := b.makeTopics(ctx, "bench."+topics.OrdersNormalized.Name, "bench."+topics.TableNormalize.Name); err != nil {
		return effort{}, err
	}
	const group = "bench.pass"
	session, err := kgo.NewGroupTransactSession(append([]kgo.Opt{
		kgo.TransactionalID(fmt.Sprintf("bench-pass-%d", b.fed)), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topics.OrdersRaw.Name),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.BlockRebalanceOnPoll(),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.FetchMaxBytes(32 << 20), kgo.FetchMaxPartitionBytes(8 << 20),
		kgo.ProducerBatchMaxBytes(16 << 20), kgo.MaxBufferedBytes(64 << 20),
	}, b.stack.kafka...)...)
	if err != nil {
		return effort{}, err
	}
	defer session.CloseAllowingRebalance()
	passing, stop := context.WithCancel(ctx)
	defer stop()
	joined, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- pass(passing, session, out, joined) }()
	select {
	case <-joined:
	case err := <-done:
		return effort{}, err
	}
	e, err := b.timed(ctx, group)
	stop()
	return e, errors.Join(err, <-done)
}

// makeTopics makes topics of the baselines, with as many partitions as ours.
func (b *bench) makeTopics(ctx context.Context, names ...string) error {
	return b.stack.admin(ctx, func(admin *kadm.Client) error {
		for _, name := range names {
			_, err := admin.CreateTopic(ctx, int32(b.config.Kafka.Partitions), 1, nil, name)
			if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
				return fmt.Errorf("make the topics of the baseline: %w", err)
			}
		}
		return nil
	})
}

// pass reads, writes as many of the ready records as it has read of that partition, and commits.
func pass(ctx context.Context, session *kgo.GroupTransactSession, out map[int32][]*kgo.Record, joined chan struct{}) error {
	limits := runner.DefaultLimits()
	for first := true; ctx.Err() == nil; {
		poll, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		fetches := session.PollRecords(poll, limits.BatchRecordsMax)
		cancel()
		if first && fetches.NumRecords() > 0 {
			close(joined)
			first = false
		}
		if fetches.NumRecords() == 0 {
			session.AllowRebalance()
			continue
		}
		if err := session.Begin(); err != nil {
			return err
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			n := min(2*len(p.Records), len(out[p.Partition])) // an order and a row each
			for _, r := range out[p.Partition][:n] {
				session.Produce(ctx, r, nil)
			}
			out[p.Partition] = out[p.Partition][n:]
		})
		if _, err := session.End(context.WithoutCancel(ctx), kgo.TryCommit); err != nil {
			return err
		}
		session.AllowRebalance()
	}
	return nil
}
