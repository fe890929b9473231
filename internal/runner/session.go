package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/membership"
	"waybill/internal/table"
	"waybill/processors"
)

// session is one membership of the step's group with one transactional producer.
type session struct {
	*Runner
	group    *kgo.GroupTransactSession
	store    *table.Store
	owned    *owned
	verdicts map[int32]*verdicts // by partition, of events that failed
	aborts   int                 // turns in a row that were not committed
	lag      sync.WaitGroup

	recordBytes int           // mean length of the records of the last batch
	recordTime  time.Duration // that a worker took for one of them
}

// recordBytesFirst is what is taken for the mean length of records before any is seen.
const recordBytesFirst = 16 << 10

// recordTimeFirst is what is taken for the time that a record takes.
const recordTimeFirst = 2 * time.Millisecond

// newSession joins the group under a transactional id that no one else has any more. Its end is close.
func newSession(ctx context.Context, r *Runner, store *table.Store) (*session, error) {
	id, err := r.fence(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{Runner: r, store: store, verdicts: map[int32]*verdicts{}, recordBytes: recordBytesFirst, recordTime: recordTimeFirst}
	s.owned = newOwned(ctx, s)
	if err := s.warm(ctx); err != nil {
		return nil, err
	}
	if s.group, err = kgo.NewGroupTransactSession(append(s.options(id), r.config.Kafka...)...); err != nil {
		return nil, fmt.Errorf("join the group: %w", err)
	}
	s.lag.Go(func() { s.watchLag(ctx) })
	s.lag.Go(func() { s.standBy(ctx) })
	return s, nil
}

// options: a killed process holds its partitions up for as long as the slower of session and transaction, which are the same.
func (s *session) options(id string) []kgo.Opt {
	limits := s.config.Limits
	return []kgo.Opt{
		kgo.TransactionalID(id), kgo.TransactionTimeout(limits.SessionMax),
		kgo.ConsumerGroup(s.groupID()), kgo.InstanceID(s.config.Instance),
		kgo.SessionTimeout(limits.SessionMax), kgo.HeartbeatInterval(min(limits.SessionMax/5, heartbeatMax)),
		kgo.ConsumeTopics(s.inputs()...),
		kgo.Balancers(sharing{kgo.RangeBalancer()}, kgo.RangeBalancer()), // range is all that members of an older version know
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.BlockRebalanceOnPoll(),
		kgo.KeepControlRecords(), // which are passed over: a group that has read all is behind by nothing
		kgo.FetchMaxBytes(int32(limits.BatchBytesMax)), kgo.FetchMaxPartitionBytes(int32(limits.BatchBytesMax / 4)),
		kgo.FetchMaxWait(500 * time.Millisecond), kgo.MaxDecompressBatchBytes(decompressedMax),
		kgo.RecordPartitioner(newPartitioner(s.step)),
		kgo.ProducerBatchMaxBytesFn(s.batchBytes), kgo.MaxBufferedBytes(64 << 20),
		kgo.WithLogger(&unstable{log: s.log, most: limits.SessionMax + abortedLate}),
		kgo.OnPartitionsAssigned(s.owned.assigned), kgo.OnPartitionsRevoked(s.owned.revoked), kgo.OnPartitionsLost(s.owned.revoked),
	}
}

// heartbeatMax is also how late a member hears that partitions are shared out anew, while all others wait for it.
const heartbeatMax = time.Second

// decompressedMax bounds the memory that one compressed batch of records can ask for.
const decompressedMax = 128 << 20

// close ends the membership: for good if the process stops or may not go on, else only until its next session.
func (s *session) close(forGood bool) {
	was := membership.Of(s.group.Client(), s.groupID())
	s.group.CloseAllowingRebalance()
	s.owned.wait()
	s.lag.Wait()
	if !forGood {
		return
	}
	if err := was.Leave(s.config.Kafka); err != nil {
		s.log.Warn("the group was not left, its other members wait for this one until its session is over", "error", err)
	}
}

func (r *Runner) groupID() string { return r.config.Deployment + "." + r.step.Name }

func (s *session) inputs() []string {
	names := []string{s.step.Back.Name}
	for _, t := range s.step.Reads {
		names = append(names, t.Name)
	}
	return names
}

// batchBytes is batchBytes for the topics of the step, which a test need not have in the catalogue.
func (s *session) batchBytes(topic string) int32 {
	for _, r := range s.roads[tableRoad:] {
		if r.topic.Name == topic {
			return int32(r.topic.MessageBytes)
		}
	}
	return batchBytes(topic)
}

// fence takes the step's transactional id from whoever still has it, a predecessor of this process that was killed or stands
// still, and aborts what it left open. That comes before the group is joined, so that no row is written behind the back of a
// table that is being restored.
func (r *Runner) fence(ctx context.Context) (id string, err error) {
	id, err = r.transactionalID(ctx)
	if err != nil {
		return "", fmt.Errorf("reach the brokers: %w", err)
	}
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.TransactionalID(id), kgo.TransactionTimeout(r.config.Limits.SessionMax)}, r.config.Kafka...)...)
	if err != nil {
		return "", fmt.Errorf("reach the brokers: %w", err)
	}
	defer client.Close()
	if _, _, err := client.ProducerID(ctx); err != nil {
		return "", fmt.Errorf("take the transactional id %s: %w", id, err)
	}
	return id, nil
}

// transactionalID is deployment, step and instance. The embedded broker, which recovers transactions badly, has a new cluster id
// each time it starts, and that is part of the name (architecture §5).
func (r *Runner) transactionalID(ctx context.Context) (string, error) {
	client, err := kgo.NewClient(r.config.Kafka...)
	if err != nil {
		return "", err
	}
	defer client.Close()
	id := strings.Join([]string{r.config.Deployment, r.step.Name, r.config.Instance}, "-")
	metadata, err := kadm.NewClient(client).Metadata(ctx, r.topicNames()...)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(metadata.Cluster, "embedded-") {
		id += "-" + metadata.Cluster
	}
	return id, r.checkTopics(metadata.Topics)
}

// topicNames are those whose partition n belongs together.
func (r *Runner) topicNames() []string {
	names := []string{r.step.Table.Name, r.step.Back.Name}
	for _, t := range r.step.Reads {
		names = append(names, t.Name)
	}
	return names
}

// checkTopics refuses to work on topics whose partitions do not belong together.
func (r *Runner) checkTopics(details kadm.TopicDetails) error {
	names := r.topicNames()
	for _, name := range names {
		if err := details[name].Err; err != nil {
			return fmt.Errorf("topic %s (waybill provision makes it): %w", name, err)
		}
		if got, want := len(details[name].Partitions), len(details[names[0]].Partitions); got != want {
			return fmt.Errorf("topic %s has %d partitions and %s has %d: those of one step must have the same number",
				name, got, names[0], want)
		}
	}
	return nil
}

// lagSeconds is how often the lag is looked at.
const lagSeconds = 3

// watchLag keeps the metrics of what is still to be read and of what waits, also of partitions that rest.
func (s *session) watchLag(ctx context.Context) {
	for ; ctx.Err() == nil; pause(ctx, lagSeconds*time.Second) {
		if err := s.measureLag(ctx); err != nil && !errors.Is(err, context.Canceled) {
			s.log.Debug("lag not measured", "error", err)
		}
	}
	s.metrics.lag.Reset()
}

func (s *session) measureLag(ctx context.Context) error {
	ends, err := kadm.NewClient(s.group.Client()).ListCommittedOffsets(ctx, s.inputs()...)
	if err != nil {
		return err
	}
	s.metrics.lag.Reset()
	for topic, partitions := range s.group.Client().CommittedOffsets() {
		for n, at := range partitions {
			if end, ok := ends.Lookup(topic, n); ok && end.Err == nil {
				s.metrics.lagOf(topic, n).Set(float64(max(0, end.Offset-max(0, at.Offset))))
			}
		}
	}
	waiting, err := s.owned.waiting()
	s.metrics.waiting.Set(float64(waiting))
	return err
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
