package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/table"
	"waybill/processors"
)

// session is one membership of the step's group with one transactional producer.
type session struct {
	*Runner
	group *kgo.GroupTransactSession
	store *table.Store
	owned *owned
}

// A killed process holds its partitions up for as long as the slower of these.
const (
	groupSession       = 10 * time.Second
	transactionTimeout = 10 * time.Second
	endTimeout         = 10 * time.Second // for the last transaction of a clean stop
)

func newSession(ctx context.Context, r *Runner, store *table.Store) (*session, error) {
	s := &session{Runner: r, store: store}
	s.owned = newOwned(ctx, s)
	id, err := transactionalID(ctx, r)
	if err != nil {
		return nil, err
	}
	options := append([]kgo.Opt{
		kgo.TransactionalID(id), kgo.TransactionTimeout(transactionTimeout),
		kgo.ConsumerGroup(r.config.Deployment + "." + r.step.Name),
		kgo.InstanceID(r.config.Instance), kgo.SessionTimeout(groupSession), kgo.HeartbeatInterval(groupSession / 5),
		kgo.ConsumeTopics(s.inputs()...),
		kgo.Balancers(kgo.RangeBalancer()), // partition n of all inputs has one owner
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.RequireStableFetchOffsets(),
		kgo.BlockRebalanceOnPoll(), kgo.FetchMaxBytes(int32(r.config.Limits.BatchBytesMax)),
		kgo.FetchMaxPartitionBytes(int32(r.config.Limits.BatchBytesMax / 4)), kgo.FetchMaxWait(500 * time.Millisecond),
		kgo.RecordPartitioner(newPartitioner(r.step)),
		kgo.ProducerBatchMaxBytes(16 << 20), kgo.MaxBufferedBytes(64 << 20),
		kgo.OnPartitionsAssigned(s.owned.assigned), kgo.OnPartitionsRevoked(s.owned.revoked), kgo.OnPartitionsLost(s.owned.revoked),
	}, r.config.Kafka...)
	if s.group, err = kgo.NewGroupTransactSession(options...); err != nil {
		return nil, fmt.Errorf("join the group: %w", err)
	}
	// Fences whoever still has this id, before a record is read.
	if _, _, err := s.group.Client().ProducerID(ctx); err != nil {
		s.close()
		return nil, fmt.Errorf("take the transactional id %s: %w", id, err)
	}
	return s, nil
}

func (s *session) close() {
	s.group.CloseAllowingRebalance()
	s.owned.wait()
}

func (s *session) inputs() []string {
	names := []string{s.step.Back.Name}
	for _, t := range s.step.Reads {
		names = append(names, t.Name)
	}
	return names
}

// transactionalID is deployment, step and instance. The embedded broker, which recovers transactions badly, has a new cluster id
// each time it starts, and that is part of the name (architecture §5).
func transactionalID(ctx context.Context, r *Runner) (string, error) {
	id := strings.Join([]string{r.config.Deployment, r.step.Name, r.config.Instance}, "-")
	client, err := kgo.NewClient(r.config.Kafka...)
	if err != nil {
		return "", fmt.Errorf("reach the brokers: %w", err)
	}
	defer client.Close()
	metadata, err := kadm.NewClient(client).BrokerMetadata(ctx)
	if err != nil {
		return "", fmt.Errorf("reach the brokers: %w", err)
	}
	if strings.HasPrefix(metadata.Cluster, "embedded-") {
		id += "-" + metadata.Cluster
	}
	return id, nil
}

// turn is one round of poll, handle, commit. Handling has no open transaction around it, so that backing off holds up no reader.
func (s *session) turn(ctx context.Context) error {
	defer s.group.AllowRebalance()
	batch, err := s.gather(ctx)
	if err != nil {
		return err
	}
	if batch.empty() {
		return nil
	}
	began := s.config.Now()
	workers, err := s.handle(ctx, batch)
	if err != nil || len(workers) == 0 {
		return err
	}
	committed, err := s.commit(ctx, workers)
	s.metrics.turned(workers, committed, s.config.Now().Sub(began))
	return err
}

// gather polls until there is a batch: all that comes without waiting, within the limits of a transaction.
func (s *session) gather(ctx context.Context) (*batch, error) {
	b := newBatch()
	for wait := idlePoll; ; wait = time.Millisecond {
		poll, cancel := context.WithTimeout(ctx, wait)
		fetches := s.group.PollRecords(poll, s.config.Limits.BatchRecordsMax-b.records)
		cancel()
		for _, e := range fetches.Errors() {
			if !errors.Is(e.Err, context.DeadlineExceeded) && !errors.Is(e.Err, context.Canceled) {
				return nil, fmt.Errorf("read %s/%d: %w", e.Topic, e.Partition, e.Err)
			}
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) { b.add(p, p.Topic == s.step.Back.Name) })
		more := fetches.NumRecords() > 0 && b.records < s.config.Limits.BatchRecordsMax && b.bytes < s.config.Limits.BatchBytesMax
		if !more || s.config.Now().Sub(b.began) > s.config.Limits.BatchTimeMax {
			break
		}
	}
	return b, s.owned.addDue(b, s.config.Now())
}

// idlePoll is how long a poll waits when there is nothing to do, and so how late a wake-up may be.
const idlePoll = 200 * time.Millisecond

// commit writes what the workers made, and moves on: outputs, tables and offsets as one (invariants 2 and 4).
func (s *session) commit(ctx context.Context, workers []*worker) (bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if err := s.group.Begin(); err != nil {
		return false, fmt.Errorf("begin a transaction: %w", err)
	}
	failed := s.produce(ctx, workers)
	if failed != nil {
		_, err := s.group.End(ctx, kgo.TryAbort)
		return false, errors.Join(fmt.Errorf("write the outputs: %w", failed), err)
	}
	committed, err := s.group.End(ctx, kgo.TryCommit)
	if err != nil {
		return false, fmt.Errorf("end a transaction: %w", err)
	}
	if !committed {
		s.log.Info("transaction aborted by a rebalance; its records are read again")
		return false, nil
	}
	for _, w := range workers {
		if err := w.keep(); err != nil {
			return true, err
		}
	}
	return true, nil
}

// produce writes all outputs and waits until the brokers have them.
func (s *session) produce(ctx context.Context, workers []*worker) error {
	failures := make(chan error, 1)
	promise := func(_ *kgo.Record, err error) {
		if err != nil {
			select {
			case failures <- err:
			default:
			}
		}
	}
	for _, w := range workers {
		for i := range w.out {
			s.group.Produce(ctx, &w.out[i], promise)
		}
	}
	if err := s.group.Client().Flush(ctx); err != nil {
		return err
	}
	select {
	case err := <-failures:
		return err
	default:
		return nil
	}
}

// partitioner keeps what belongs to a partition of the input there: the step's table and what comes back to it. All else goes by
// its key, as every Kafka client does it.
type partitioner struct {
	keyed kgo.Partitioner
	own   map[string]bool
}

func newPartitioner(step processors.Processor) kgo.Partitioner {
	return partitioner{keyed: kgo.StickyKeyPartitioner(nil), own: map[string]bool{step.Table.Name: true, step.Back.Name: true}}
}

func (p partitioner) ForTopic(topic string) kgo.TopicPartitioner {
	if p.own[topic] {
		return kgo.ManualPartitioner().ForTopic(topic)
	}
	return p.keyed.ForTopic(topic)
}
