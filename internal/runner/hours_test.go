package runner

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// In a bubble of its own time, an hour passes at once.
func TestAnHourWithoutBrokersLosesAndDoublesNothing(t *testing.T) {
	outside := newRig(t) // for its registry, which a bubble can not wait for: all ids are known before
	step := processors.Normalize(processors.Sources{Channels: processors.Parties{"toy": hourly{}}})
	outside.provision(step)
	dir := t.TempDir()
	embeddedtest.InBubble(t, func(t *testing.T) {
		way := embeddedtest.Cable{Network: new(kfake.VirtualNetwork)}
		cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ListenFn(way.Network.Listen))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(cluster.Close)
		kafka := []kgo.Opt{kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.Dialer(way.Dial)}
		store, err := NewStore(kafka, outside.registry)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(store.Close)
		for _, topic := range []*topics.Topic{topics.OrdersRaw, step.Back, step.Table, topics.OrdersNormalized, topics.Trash} {
			if _, err := kadm.NewClient(store.client).CreateTopic(t.Context(), partitions, 1, nil, topic.Name); err != nil {
				t.Fatal(err)
			}
		}
		runner := New(Config{
			Kafka: kafka, Deployment: "test", Instance: "1", Dir: filepath.Join(dir, "1"), Log: slog.New(slog.DiscardHandler), Limits: DefaultLimits(),
		}, step, outside.registry)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- runner.Run(ctx) }()

		put(t, store, 0, 40)
		time.Sleep(time.Minute)
		put(t, store, 40, 80)
		way.Set(true)
		time.Sleep(time.Hour)
		way.Set(false)
		time.Sleep(time.Minute)
		put(t, store, 80, 120)
		time.Sleep(time.Minute)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		seen := normalized(t, kafka)
		for n := range 120 {
			if id := fmt.Sprint("toy/", n); seen[id] != 1 {
				t.Errorf("%s stands there %d times", id, seen[id])
			}
		}
	})
}

// hourly is a channel that takes everything.
type hourly struct{}

func (hourly) Mapping() string { return "toy/1" }

func (hourly) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	return &schemas.Order{Status: schemas.StatusReady, Revision: string(raw.Body.Bytes)}, nil
}

func put(t *testing.T, store *Store, from, to int) {
	t.Helper()
	for n := from; n < to; n++ {
		id := fmt.Sprint("toy/", n)
		raw := &schemas.RawOrder{OrderID: id, Party: "toy", Channel: "toy", Ref: fmt.Sprint(n), Body: schemas.Body{Bytes: []byte("1")}}
		if err := store.Store(t.Context(), []topics.Message{{Topic: topics.OrdersRaw, Key: id, Value: raw}}); err != nil {
			t.Fatal(err)
		}
	}
}

// normalized counts what a read_committed reader finds of every order.
func normalized(t *testing.T, kafka []kgo.Opt) map[string]int {
	t.Helper()
	reader, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(topics.OrdersNormalized.Name), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	}, kafka...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	seen := map[string]int{}
	for ctx.Err() == nil {
		reader.PollFetches(ctx).EachRecord(func(r *kgo.Record) { seen[string(r.Key)]++ })
	}
	return seen
}
