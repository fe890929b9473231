package runner

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/trace"

	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/hanging"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// rig is a small cluster, and what a test does with it.
type rig struct {
	t        testing.TB
	broker   *embeddedtest.Broker
	kafka    []kgo.Opt
	registry *schemas.Registry
	guard    *guard
	store    *Store
	dir      string
	limits   Limits
	tracer   trace.TracerProvider
	metrics  prometheus.Registerer
	views    []View
}

const partitions = 3

// newRig is for one test alone, which then runs beside others: most of a test's time is waiting.
func newRig(t testing.TB) *rig {
	t.Helper()
	if test, ok := t.(*testing.T); ok {
		test.Parallel()
	}
	broker := embeddedtest.StartBroker(t)
	r := newRigOn(t, broker.Brokers())
	r.broker = broker
	return r
}

func newRigOn(t testing.TB, brokers []string) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), limits: DefaultLimits()}
	r.limits.SessionMax = 2 * time.Second
	r.limits.AttemptsMax = 3
	r.limits.RestTime = 300 * time.Millisecond
	r.limits.StandbyTime = 200 * time.Millisecond
	r.kafka = append(embeddedtest.Quick(), kgo.SeedBrokers(brokers...))
	var err error
	r.guard = newGuard(t, embeddedtest.Registry(t))
	r.upgrade()
	if r.store, err = NewStore(r.kafka, r.registry); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.store.Close)
	return r
}

// provision makes all topics of a step, and registers what lies on them.
func (r *rig) provision(step processors.Processor) {
	r.t.Helper()
	r.makeTopics(slices.Concat(step.Reads, step.Writes, []*topics.Topic{step.Back, step.Table, topics.Trash})...)
	r.register(step.StateSubject(), step.State)
}

// provisionMore makes the topics of a step that reads what another writes.
func (r *rig) provisionMore(step processors.Processor) {
	r.t.Helper()
	r.makeTopics(append(slices.Clone(step.Writes), step.Back, step.Table)...)
	r.register(step.StateSubject(), step.State)
}

func (r *rig) makeTopics(all ...*topics.Topic) {
	r.t.Helper()
	for _, topic := range all {
		policy := "delete"
		if topic.Compacted {
			policy = "compact"
		}
		longest := strconv.Itoa(topic.MessageBytes)
		configs := map[string]*string{"cleanup.policy": &policy, "max.message.bytes": &longest}
		if _, err := kadm.NewClient(r.client()).CreateTopic(r.t.Context(), partitions, 1, configs, topic.Name); err != nil {
			r.t.Fatal(err)
		}
		r.register(topic.Subject(), topic.Schema)
	}
}

func (r *rig) register(subject string, schema schemas.Any) {
	r.t.Helper()
	if _, err := r.registry.Register(r.t.Context(), subject, schema); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) client(opts ...kgo.Opt) *kgo.Client {
	r.t.Helper()
	client, err := kgo.NewClient(append(opts, r.kafka...)...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(client.CloseAllowingRebalance)
	return client
}

// member is a step that runs in the test's process.
type member struct {
	*Runner
	cancel func() // tells it to stop
	stop   func() // and waits until it has
}

// start runs a step until the test ends or stop is called.
func (r *rig) start(step processors.Processor, instance string, extra ...kgo.Opt) *member {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	run := New(Config{
		Kafka: append(slices.Clone(r.kafka), extra...), Deployment: "test", Instance: instance, Dir: filepath.Join(r.dir, instance),
		Log:    slog.New(slog.NewTextHandler(r.t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo})).With("instance", instance),
		Limits: r.limits, Tracer: r.tracer, Metrics: r.metrics, Views: r.views,
	}, step, r.registry)
	done := make(chan error, 1)
	go func() { done <- run.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			r.t.Errorf("run %s: %v", instance, err)
		}
	})
	r.t.Cleanup(stop)
	return &member{Runner: run, cancel: cancel, stop: stop}
}

// put stores messages as a door does.
func (r *rig) put(messages ...topics.Message) {
	r.t.Helper()
	if err := r.store.Store(r.t.Context(), messages); err != nil {
		r.t.Fatal(err)
	}
}

// landed is a record that a read_committed reader sees, and what it says.
type landed[T any] struct {
	record *kgo.Record
	value  T
}

// readAll gives all that read_committed readers see on a topic at this moment.
func readAll[T any](r *rig, topic *topics.Topic) (all []landed[T]) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 5*time.Minute) // of a million records, on a machine that does other things too
	defer cancel()
	client := r.client(kgo.ConsumeTopics(topic.Name), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords())
	defer client.CloseAllowingRebalance()
	ends, err := kadm.NewClient(client).ListEndOffsets(ctx, topic.Name) // a transaction that has moved its offsets may still have to end here: it is waited for
	if err != nil {
		r.t.Fatal(err)
	}
	missing := map[int32]int64{}
	ends.Each(func(o kadm.ListedOffset) {
		if o.Offset > 0 {
			missing[o.Partition] = o.Offset
		}
	})
	for len(missing) > 0 {
		fetches := client.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			r.t.Fatalf("read %s: %v", topic.Name, err)
		}
		for record := range fetches.RecordsAll() {
			if record.Offset+1 >= missing[record.Partition] {
				delete(missing, record.Partition)
			}
			if record.Attrs.IsControl() {
				continue
			}
			l := landed[T]{record: record}
			if record.Value != nil {
				if err := r.registry.Decode(ctx, topic.Schema, record.Value, &l.value); err != nil {
					r.t.Fatalf("%s/%d at %d: %v", topic.Name, record.Partition, record.Offset, err)
				}
			}
			all = append(all, l)
		}
	}
	return all
}

// await waits until what is asked for is so.
func (r *rig) await(what string, is func() bool) {
	r.t.Helper()
	r.awaitWithin(time.Minute, what, is)
}

func (r *rig) awaitWithin(most time.Duration, what string, is func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), most)
	defer cancel()
	for tick := time.NewTicker(20 * time.Millisecond); !is(); {
		select {
		case <-tick.C:
		case <-ctx.Done():
			r.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// awaitRead waits until the group has committed everything that lies on the step's inputs.
func (r *rig) awaitRead(step processors.Processor) {
	r.t.Helper()
	admin := kadm.NewClient(r.client())
	before, since := int64(-1), time.Now()
	r.await("all is read", func() bool {
		var left int64
		for _, topic := range step.Reads {
			left += r.unread(admin, step, topic)
		}
		if left != before {
			before, since = left, time.Now()
		}
		if left > 0 && time.Since(since) > stuckTime && r.broker != nil && r.broker.Real() {
			r.endWhatHangs(admin, step)
			since = time.Now()
		}
		return left == 0
	})
}

// stuckTime is how long a real broker may let nothing be read before it is asked whether a transaction hangs.
const stuckTime = 10 * time.Second

// endWhatHangs ends, as it was decided, what a real broker forgot to end while it was restarted (KIP-664).
func (r *rig) endWhatHangs(admin *kadm.Client, step processors.Processor) {
	r.t.Helper()
	names := []string{hanging.Offsets, step.Back.Name, step.Table.Name, topics.Trash.Name}
	for _, topic := range step.Writes {
		names = append(names, topic.Name)
	}
	hang, err := hanging.Find(r.t.Context(), admin, names...)
	if err != nil {
		r.t.Logf("whether a transaction hangs is not known: %v", err)
	}
	for _, one := range hang {
		decided, err := hanging.Decided(r.t.Context(), r.kafka, one)
		if err == nil {
			err = hanging.End(r.t.Context(), admin, one, decided)
		}
		r.t.Logf("the broker left a transaction open, which is ended now: %+v, %s: %v", one, decided, err)
	}
}

func (r *rig) unread(admin *kadm.Client, step processors.Processor, topic *topics.Topic) (n int64) {
	ends, err := admin.ListEndOffsets(r.t.Context(), topic.Name)
	if err != nil {
		return 1
	}
	committed, err := admin.FetchOffsets(r.t.Context(), "test."+step.Name)
	if err != nil {
		return 1
	}
	ends.Each(func(end kadm.ListedOffset) {
		at, _ := committed.Lookup(topic.Name, end.Partition)
		n += end.Offset - max(at.At, 0)
	})
	return n
}

// rows is the table of a step, as its topic has it.
func (r *rig) rows(step processors.Processor) map[string]schemas.Row {
	r.t.Helper()
	rows := map[string]schemas.Row{}
	for _, l := range readAll[schemas.Row](r, step.Table) {
		rows[string(l.record.Key)] = l.value
	}
	return rows
}

// state is what a step that remembers OrderVersions knows of a key.
func (r *rig) state(step processors.Processor, key string) (state schemas.OrderVersions) {
	r.t.Helper()
	if err := r.registry.Decode(r.t.Context(), step.State, r.rows(step)[key].State, &state); err != nil {
		r.t.Fatal(err)
	}
	return state
}

func (r *rig) count(topic *topics.Topic) int { return len(readAll[schemas.RawOrder](r, topic)) }

func (r *rig) partitionOf(key string) int32 {
	record := kgo.KeySliceRecord([]byte(key), nil)
	return int32(kgo.StickyKeyPartitioner(nil).ForTopic("").Partition(record, partitions))
}

// members are the ids of the step's, which a broker gives to each that joins.
func (r *rig) members(step processors.Processor) (ids []string) {
	r.t.Helper()
	groups, err := kadm.NewClient(r.client()).DescribeGroups(r.t.Context(), "test."+step.Name)
	if err != nil {
		return nil
	}
	for _, m := range groups["test."+step.Name].Members {
		ids = append(ids, m.MemberID)
	}
	return ids
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func messages(all ...topics.Message) []topics.Message { return all }
