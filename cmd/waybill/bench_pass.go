package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/runner"
)

// passRound reads the records that a round of the step read and writes the bytes that it wrote, without looking at either: what
// Kafka alone costs. Batches and transactions are as large as the step's.
func (r *race) passRound(ctx context.Context, from offsets, records int) (effort, error) {
	out, err := r.outputs(ctx, from, records)
	if err != nil {
		return effort{}, err
	}
	until, err := r.ends(ctx)
	if err != nil {
		return effort{}, err
	}
	for _, topic := range r.out {
		if err := r.makeTopics(ctx, "bench."+topic.Name); err != nil {
			return effort{}, err
		}
	}
	group, joined := "bench.pass."+r.name, make(chan struct{})
	isIn := sync.OnceFunc(func() { close(joined) })
	session, err := kgo.NewGroupTransactSession(append([]kgo.Opt{
		kgo.TransactionalID(group), kgo.ConsumerGroup(group), kgo.ConsumeTopics(r.in.Name),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.BlockRebalanceOnPoll(),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.FetchMaxBytes(32 << 20), kgo.FetchMaxPartitionBytes(8 << 20),
		kgo.ProducerBatchMaxBytes(16 << 20), kgo.MaxBufferedBytes(64 << 20),
		kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) { isIn() }),
	}, r.stack.kafka...)...)
	if err != nil {
		return effort{}, err
	}
	defer session.CloseAllowingRebalance()
	passing, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- pass(passing, session, out, sharesOf(out, from[r.in.Name], until[r.in.Name])) }()
	select {
	case <-joined:
	case err := <-done:
		return effort{}, err
	}
	e, err := r.timed(ctx, group, records)
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

// sharesOf is how many of the ready records come of each that is read, by partition.
func sharesOf(out map[int32][]*kgo.Record, from, until map[int32]int64) map[int32]int {
	shares := map[int32]int{}
	for partition, records := range out {
		read := max(1, int(until[partition]-from[partition]))
		shares[partition] = (len(records) + read - 1) / read
	}
	return shares
}

// pass reads, writes as many of the ready records as come of what it has read of that partition, and commits.
func pass(ctx context.Context, session *kgo.GroupTransactSession, out map[int32][]*kgo.Record, shares map[int32]int) error {
	limits := runner.DefaultLimits()
	for ctx.Err() == nil {
		poll, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		fetches := session.PollRecords(poll, limits.BatchRecordsMax)
		cancel()
		if fetches.NumRecords() == 0 {
			session.AllowRebalance()
			continue
		}
		if err := session.Begin(); err != nil {
			return err
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			n := min(shares[p.Partition]*len(p.Records), len(out[p.Partition]))
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
