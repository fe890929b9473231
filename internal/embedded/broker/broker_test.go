package broker_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/broker"
)

const limit = 20 * time.Second

func TestACleanStopAbortsWhatIsOpenAndKeepsWhatIsCommitted(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	create(t, first, "orders", nil)

	committed := client(t, first, kgo.TransactionalID("a"))
	inTransaction(t, committed, kgo.TryCommit, "a1", "a2")
	inTransaction(t, committed, kgo.TryAbort, "aborted")
	killed := client(t, first, kgo.TransactionalID("b"))
	inTransaction(t, killed, kgo.TryCommit, "b1")
	begin(t, killed, "open") // and its owner is never heard of again
	inTransaction(t, committed, kgo.TryCommit, "a3")
	stop(t, first)

	second := start(t, dir)
	want(t, second, "a1", "a2", "b1", "a3")

	// The ids of the former life can be used again and hide nothing.
	inTransaction(t, client(t, second, kgo.TransactionalID("b")), kgo.TryCommit, "b2")
	inTransaction(t, client(t, second, kgo.TransactionalID("a")), kgo.TryCommit, "a4")
	want(t, second, "a1", "a2", "b1", "a3", "b2", "a4")
	stop(t, second)

	third := start(t, dir)
	want(t, third, "a1", "a2", "b1", "a3", "b2", "a4")
	stop(t, third)
}

func TestAStartGivesTheClusterANewName(t *testing.T) {
	ctx := deadline(t)
	dir := t.TempDir()
	var names []string
	for range 3 {
		b := start(t, dir)
		metadata, err := kadm.NewClient(client(t, b)).BrokerMetadata(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if metadata.Cluster != broker.ClusterPrefix+b.Addresses().BootID {
			t.Errorf("metadata names the cluster %q, the broker %q", metadata.Cluster, b.Addresses().BootID)
		}
		names = append(names, metadata.Cluster)
		stop(t, b)
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != 3 {
		t.Errorf("three starts have the names %q", names)
	}
}

func start(t *testing.T, dir string, change ...func(*broker.Config)) *broker.Broker {
	t.Helper()
	config := broker.Config{Dir: dir, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	for _, c := range change {
		c(&config)
	}
	b, err := broker.Start(deadline(t), config)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func stop(t *testing.T, b *broker.Broker) {
	t.Helper()
	if err := b.Close(deadline(t)); err != nil {
		t.Fatal(err)
	}
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

func client(t *testing.T, b *broker.Broker, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	return clientOf(t, b.Addresses().Brokers, options...)
}

func clientOf(t *testing.T, brokers []string, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(brokers...),
		kgo.MetadataMinAge(50 * time.Millisecond),
		kgo.RetryBackoffFn(func(int) time.Duration { return 20 * time.Millisecond }),
		kgo.TransactionTimeout(10 * time.Second),
		kgo.DefaultProduceTopic("orders"),
		kgo.ProducerLinger(0),
		kgo.DisableClientMetrics(), // a client that is closed after its broker would wait for it to take them
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseAllowingRebalance)
	return c
}

func create(t *testing.T, b *broker.Broker, name string, configs map[string]string) {
	t.Helper()
	settings := make(map[string]*string)
	for k, v := range configs {
		settings[k] = &v
	}
	_, err := kadm.NewClient(client(t, b)).CreateTopic(deadline(t), 1, 1, settings, name)
	if err != nil {
		t.Fatal(err)
	}
}

func begin(t *testing.T, c *kgo.Client, values ...string) {
	t.Helper()
	if err := c.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		if err := c.ProduceSync(deadline(t), kgo.StringRecord(v)).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

func inTransaction(t *testing.T, c *kgo.Client, end kgo.TransactionEndTry, values ...string) {
	t.Helper()
	begin(t, c, values...)
	if err := c.EndTransaction(deadline(t), end); err != nil {
		t.Fatal(err)
	}
}

// want reads the topic "orders" from its beginning to its end, as far as it is committed.
func want(t *testing.T, b *broker.Broker, values ...string) {
	t.Helper()
	if got := readFrom(t, b.Addresses().Brokers, "orders"); !slices.Equal(got, values) {
		t.Errorf("committed records are\n %s, not\n %s", strings.Join(got, " "), strings.Join(values, " "))
	}
}

func readFrom(t *testing.T, brokers []string, topic string) (values []string) {
	t.Helper()
	ctx := deadline(t)
	admin := kadm.NewClient(clientOf(t, brokers))
	stable, err := admin.ListCommittedOffsets(ctx, topic)
	if err != nil {
		t.Fatal(err)
	}
	// What is stable now is all there is: a start has decided every transaction.
	ends, err := admin.ListEndOffsets(ctx, topic)
	if err != nil {
		t.Fatal(err)
	}
	left := map[int32]int64{}
	ends.Each(func(end kadm.ListedOffset) {
		if s, _ := stable.Lookup(end.Topic, end.Partition); s.Offset != end.Offset {
			t.Errorf("%s/%d is stable up to %d of %d", end.Topic, end.Partition, s.Offset, end.Offset)
		}
		if end.Offset > 0 {
			left[end.Partition] = end.Offset
		}
	})
	c := clientOf(t, brokers, kgo.ConsumeTopics(topic), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords())
	for len(left) > 0 {
		fetches := c.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("read %s: %v after %q, still to come %v", topic, err, values, left)
		}
		for r := range fetches.RecordsAll() {
			if !r.Attrs.IsControl() {
				values = append(values, string(r.Value))
			}
			if r.Offset >= left[r.Partition]-1 {
				delete(left, r.Partition)
			}
		}
	}
	return values
}
