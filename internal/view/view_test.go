package view

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// rig is a broker with id.catalogue, and what a test does with it.
type rig struct {
	t           testing.TB
	brokers     []string
	kafka       []kgo.Opt
	registryURL string
	registry    *schemas.Registry
	client      *kgo.Client
	dir         string
}

const partitions = 4

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), registryURL: embeddedtest.Registry(t)}
	r.brokers = embeddedtest.StartBroker(t).Brokers()
	r.kafka = append(embeddedtest.Quick(), kgo.SeedBrokers(r.brokers...))
	var err error
	if r.registry, err = schemas.NewRegistry(r.registryURL); err != nil {
		t.Fatal(err)
	}
	if _, err := r.registry.Register(t.Context(), topics.IDCatalogue.Subject(), topics.IDCatalogue.Schema); err != nil {
		t.Fatal(err)
	}
	if r.client, err = kgo.NewClient(append(slices.Clone(r.kafka), kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)))...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.client.Close)
	compact := "compact"
	if _, err := kadm.NewClient(r.client).CreateTopic(t.Context(), partitions, 1, map[string]*string{"cleanup.policy": &compact}, topics.IDCatalogue.Name); err != nil {
		t.Fatal(err)
	}
	return r
}

// put says that an offer is that article.
func (r *rig) put(offer, sku string) {
	r.t.Helper()
	if err := r.client.ProduceSync(r.t.Context(), r.record(offer, sku)).FirstErr(); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) record(offer, sku string) *kgo.Record {
	return r.recordOf(&schemas.CatalogueEntry{Party: "shop", OfferRef: offer, SKU: sku, Quantity: "1", Unit: schemas.UnitPiece})
}

func (r *rig) recordOf(entry *schemas.CatalogueEntry) *kgo.Record {
	r.t.Helper()
	value, err := r.registry.Encode(r.t.Context(), nil, topics.IDCatalogue.Subject(), topics.IDCatalogue.Schema, entry)
	if err != nil {
		r.t.Fatal(err)
	}
	return &kgo.Record{Topic: topics.IDCatalogue.Name, Key: []byte(schemas.OfferKey("shop", entry.OfferRef)), Value: value}
}

// open runs a view until the test ends or stop is called.
func (r *rig) open() (v *View, stop func()) {
	r.t.Helper()
	v = New(Config{Kafka: r.kafka, Dir: r.dir, Log: slog.New(slog.NewTextHandler(r.t.Output(), nil))}, topics.IDCatalogue, r.registry)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- v.Run(ctx) }()
	stop = func() {
		cancel()
		if err := <-done; err != nil {
			r.t.Errorf("run: %v", err)
		}
	}
	return v, stop
}

// await waits until what is asked for is so.
func (r *rig) await(is func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatal("waited in vain")
		}
	}
}

func (r *rig) sku(v *View, offer string) string {
	r.t.Helper()
	var entry schemas.CatalogueEntry
	found, err := v.Get(r.t.Context(), schemas.OfferKey("shop", offer), &entry)
	if err != nil {
		r.t.Fatal(err)
	}
	if !found {
		return ""
	}
	return entry.SKU
}

func TestAViewAnswersNothingBeforeItHasReadWhatWasThere(t *testing.T) {
	r := newRig(t)
	for i := range 5000 {
		r.client.Produce(t.Context(), r.record(fmt.Sprint(i), fmt.Sprint("A", i)), nil)
	}
	if err := r.client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, stop := r.open()
	defer stop()
	for {
		var entry schemas.CatalogueEntry
		found, err := v.Get(t.Context(), schemas.OfferKey("shop", "4999"), &entry)
		if errors.Is(err, ErrNotReady) {
			continue
		}
		if err != nil || !found || entry.SKU != "A4999" {
			t.Fatalf("the first answer is %v, %v, %v", entry.SKU, found, err)
		}
		break
	}
	for i := range 5000 {
		if got := r.sku(v, fmt.Sprint(i)); got != fmt.Sprint("A", i) {
			t.Fatalf("offer %d is %q", i, got)
		}
	}
	if got := r.sku(v, "5000"); got != "" {
		t.Errorf("an offer nobody has is %q", got)
	}
}

func TestAViewFollowsItsTopicAndItsVersionMoves(t *testing.T) {
	r := newRig(t)
	v, stop := r.open()
	defer stop()
	r.await(func() bool { return v.Ready() == nil })
	for i := range 20 {
		before := v.Version()
		r.put("o", fmt.Sprint("A", i))
		r.await(func() bool { return r.sku(v, "o") == fmt.Sprint("A", i) })
		if v.Version() == before {
			t.Fatal("the view changed, its version did not")
		}
	}
	tombstone := &kgo.Record{Topic: topics.IDCatalogue.Name, Key: []byte(schemas.OfferKey("shop", "o"))}
	if err := r.client.ProduceSync(t.Context(), tombstone).FirstErr(); err != nil {
		t.Fatal(err)
	}
	r.await(func() bool { return r.sku(v, "o") == "" })
}

// A pair that another producer put where we would not have is found all the same.
func TestAKeyIsFoundInWhateverPartitionItLies(t *testing.T) {
	r := newRig(t)
	manual, err := kgo.NewClient(append(slices.Clone(r.kafka), kgo.RecordPartitioner(kgo.ManualPartitioner()))...)
	if err != nil {
		t.Fatal(err)
	}
	defer manual.Close()
	for n := range int32(partitions) {
		record := r.record(fmt.Sprint(n), "A")
		record.Partition = n
		if err := manual.ProduceSync(t.Context(), record).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	v, stop := r.open()
	defer stop()
	r.await(func() bool { return v.Ready() == nil })
	for n := range partitions {
		if got := r.sku(v, fmt.Sprint(n)); got != "A" {
			t.Errorf("the key in partition %d is %q", n, got)
		}
	}
}

func TestAViewThatStartsAgainHasWhatWasWrittenMeanwhile(t *testing.T) {
	r := newRig(t)
	r.put("a", "1")
	v, stop := r.open()
	r.await(func() bool { return v.Ready() == nil })
	stop()
	if _, err := v.Get(t.Context(), "shop/a", &schemas.CatalogueEntry{}); !errors.Is(err, ErrNotReady) {
		t.Errorf("a view that is closed answers %v", err)
	}
	r.put("a", "2")
	r.put("b", "3")
	again, stop := r.open()
	defer stop()
	r.await(func() bool { return again.Ready() == nil })
	if a, b := r.sku(again, "a"), r.sku(again, "b"); a != "2" || b != "3" {
		t.Errorf("a is %q, b is %q", a, b)
	}
}

// BenchmarkGet looks up among a million pairs; how long the view took to read them is a metric of its own.
func BenchmarkGet(b *testing.B) {
	r := newRig(b)
	const pairs = 1_000_000
	for i := range pairs {
		r.client.Produce(b.Context(), r.record(fmt.Sprint("offer-", i), fmt.Sprint("SKU-", i)), nil)
	}
	if err := r.client.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	v, stop := r.open()
	defer stop()
	for v.Ready() != nil {
		time.Sleep(10 * time.Millisecond)
	}
	cold := time.Since(began)
	var took []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		if got := r.sku(v, fmt.Sprint("offer-", rand.IntN(pairs))); got == "" {
			b.Fatal("not found")
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(cold.Seconds(), "cold-s")
}

func TestAViewThatHasLostItsTopicAnswersNothing(t *testing.T) {
	r := newRig(t)
	r.put("1", "A")
	v, stop := r.open()
	defer stop()
	r.await(func() bool { return v.Ready() == nil })
	admin := kadm.NewClient(r.client)
	if _, err := admin.DeleteTopic(t.Context(), topics.IDCatalogue.Name); err != nil {
		t.Fatal(err)
	}
	r.await(func() bool {
		_, err := v.Get(t.Context(), schemas.OfferKey("shop", "1"), new(schemas.CatalogueEntry))
		return errors.Is(err, ErrNotReady)
	})
	if _, err := admin.CreateTopic(t.Context(), partitions, 1, nil, topics.IDCatalogue.Name); err != nil {
		t.Fatal(err)
	}
	r.await(func() bool { return v.Ready() == nil })
	if got := r.sku(v, "1"); got != "" {
		t.Errorf("of the topic that is gone it says %q", got)
	}
}
