package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// bench is a small cluster with the topics of normalize, and what a test does with it.
type bench struct {
	t        *testing.T
	kafka    []kgo.Opt
	registry *schemas.Registry
	store    *Store
	dir      string
}

const partitions = 3

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, kafka: []kgo.Opt{kgo.SeedBrokers(embeddedtest.Kafka(t)...)}, dir: t.TempDir()}
	registry, err := schemas.NewRegistry(embeddedtest.Registry(t))
	if err != nil {
		t.Fatal(err)
	}
	b.registry = registry
	b.provision(topics.OrdersRaw, topics.StepNormalize, topics.TableNormalize, topics.OrdersNormalized, topics.Trash)
	b.register(processors.Normalize(nil).StateSubject(), schemas.OrderVersionsSchema)
	if b.store, err = NewStore(b.kafka, registry); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.store.Close)
	return b
}

func (b *bench) provision(all ...*topics.Topic) {
	b.t.Helper()
	client := b.client()
	for _, topic := range all {
		policy := "delete"
		if topic.Compacted {
			policy = "compact"
		}
		if _, err := kadm.NewClient(client).CreateTopic(b.t.Context(), partitions, 1, map[string]*string{"cleanup.policy": &policy}, topic.Name); err != nil {
			b.t.Fatal(err)
		}
		b.register(topic.Subject(), topic.Schema)
	}
}

func (b *bench) register(subject string, schema schemas.Any) {
	b.t.Helper()
	if _, err := b.registry.Register(b.t.Context(), subject, schema); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) client(opts ...kgo.Opt) *kgo.Client {
	b.t.Helper()
	client, err := kgo.NewClient(append(opts, b.kafka...)...)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(client.CloseAllowingRebalance)
	return client
}

// toy is a channel whose payloads are {"status":…,"revision":…,"total":…}.
type toy struct{}

func (toy) Mapping() string { return "toy/1" }

func (toy) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	var payload struct {
		Status, Revision string
		Total            int64
	}
	if err := json.Unmarshal(raw.Body.Bytes, &payload); err != nil {
		return nil, schemas.Faults{{Code: "not_json", Path: "$", Text: "not JSON"}}
	}
	if payload.Status == "panic" {
		panic("toy")
	}
	return &schemas.Order{Status: payload.Status, Revision: payload.Revision, Total: schemas.Money{Minor: payload.Total, Currency: "PLN"}}, nil
}

func (b *bench) feed(ref, body string) {
	b.t.Helper()
	id := schemas.OrderID("toy", ref)
	err := b.store.Store(b.t.Context(), []topics.Message{{
		Topic: topics.OrdersRaw, Key: id,
		Value: &schemas.RawOrder{OrderID: id, Party: "toy", Channel: "toy", Ref: ref, Origin: schemas.OriginFeed, Body: schemas.Body{Bytes: []byte(body)}},
	}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// start runs a step until the test ends or stop is called.
func (b *bench) start(step processors.Processor, instance string) (stop func()) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := New(Config{
		Kafka: b.kafka, Deployment: "test", Instance: instance, Dir: filepath.Join(b.dir, instance),
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}, step, b.registry)
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			b.t.Errorf("run: %v", err)
		}
	}
	b.t.Cleanup(stop)
	return stop
}

func (b *bench) normalize() processors.Processor {
	return processors.Normalize(map[string]processors.Channel{"toy": toy{}})
}

// read gives what read_committed readers see on a topic, until there are n records of it.
func read[T any](b *bench, topic *topics.Topic, n int) []T {
	b.t.Helper()
	client := b.client(kgo.ConsumeTopics(topic.Name), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	defer client.CloseAllowingRebalance()
	ctx, cancel := context.WithTimeout(b.t.Context(), 30*time.Second)
	defer cancel()
	var values []T
	for len(values) < n {
		fetches := client.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			b.t.Fatalf("%s: got %d of %d records: %v", topic.Name, len(values), n, values)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			var v T
			if err := b.registry.Decode(ctx, topic.Schema, r.Value, &v); err != nil {
				b.t.Fatalf("%s at %d: %v", topic.Name, r.Offset, err)
			}
			values = append(values, v)
		})
	}
	return values
}

func TestEveryOrderIsNormalizedOnceAndEveryRepeatIsCounted(t *testing.T) {
	b := newBench(t)
	for i := range 50 {
		b.feed(fmt.Sprint(i), `{"status":"ready","revision":"a","total":100}`)
		b.feed(fmt.Sprint(i), `{"status":"ready","revision":"a","total":100}`)
	}
	b.feed("7", `{"status":"cancelled","revision":"b","total":100}`)
	b.feed("bad", `nonsense`)
	b.feed("bad", `nonsense`)
	stop := b.start(b.normalize(), "1")
	orders := read[schemas.Order](b, topics.OrdersNormalized, 51)
	entries := read[schemas.TrashEntry](b, topics.Trash, 1)
	stop()
	if len(orders) != 51 || len(entries) != 1 || entries[0].Faults[0].Code != "not_json" {
		t.Fatalf("got %d orders and entries %+v", len(orders), entries)
	}
}
