// Package landingtest lands records in the real ClickHouse engine: the landing and the table it is made for may not know each
// other, so they meet here.
package landingtest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/clickhouse"
	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/embedded/enginetest"
	"waybill/internal/landing"
	"waybill/schemas"
	"waybill/topics"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// world is a broker with the topics that land, a registry, and a migrated database.
type world struct {
	*testing.T
	kafka    []kgo.Opt
	registry *schemas.Registry
	table    *clickhouse.ClickHouse
	dsn      string
	client   *kgo.Client
}

func open(t *testing.T, dsn string) *world {
	t.Helper()
	kafka := append(embeddedtest.Quick(), kgo.SeedBrokers(embeddedtest.Kafka(t)...))
	w := &world{T: t, kafka: kafka, dsn: dsn}
	var err error
	if w.registry, err = schemas.NewRegistry(embeddedtest.Registry(t)); err != nil {
		t.Fatal(err)
	}
	if w.client, err = kgo.NewClient(append(kafka, kgo.TransactionalID("world"))...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Close)
	for _, topic := range topics.Landing() {
		if _, err := w.registry.Register(t.Context(), topic.Subject(), topic.Schema); err != nil {
			t.Fatal(err)
		}
		if _, err := kadm.NewClient(w.client).CreateTopic(t.Context(), 3, 1, nil, topic.Name); err != nil {
			t.Fatal(err)
		}
	}
	w.connect(dsn)
	return w
}

func (w *world) connect(dsn string) {
	w.Helper()
	var err error
	if w.table, err = clickhouse.Open(w.Context(), dsn, clickhouse.Options{}); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { w.table.Close() })
	if _, err := w.table.Migrate(w.Context(), topics.Landing(), false); err != nil {
		w.Fatal(err)
	}
}

// produce puts n records on each of two topics, in transactions of which some are aborted.
func (w *world) produce(n int) {
	w.Helper()
	for at := 0; at < n; at += 500 {
		if err := w.client.BeginTransaction(); err != nil {
			w.Fatal(err)
		}
		for i := at; i < min(at+500, n); i++ {
			id := fmt.Sprintf("allegro/%d", i)
			w.send(topics.OrdersRaw, id, &schemas.RawOrder{OrderID: id, Party: "allegro", Body: schemas.Body{Bytes: []byte("{}")}})
			w.send(topics.Trash, "normalize/"+id, &schemas.TrashEntry{TrashID: id, OrderID: id, State: schemas.TrashOpen})
		}
		if err := w.client.Flush(w.Context()); err != nil {
			w.Fatal(err)
		}
		if err := w.client.EndTransaction(w.Context(), kgo.TransactionEndTry(at%1500 != 1000)); err != nil {
			w.Fatal(err)
		}
	}
}

func (w *world) send(topic *topics.Topic, key string, value any) {
	framed, err := w.registry.Encode(w.Context(), nil, topic.Subject(), topic.Schema, value)
	if err != nil {
		w.Fatal(err)
	}
	w.client.Produce(w.Context(), &kgo.Record{Topic: topic.Name, Key: []byte(key), Value: framed}, func(_ *kgo.Record, err error) {
		if err != nil {
			w.Errorf("produce: %v", err)
		}
	})
}

// start runs a member until the test ends, or end is called.
func (w *world) start(table landing.Table) (end func()) {
	w.Helper()
	l, err := landing.New(landing.Config{Kafka: w.kafka, Instance: "one", BlockMilliseconds: 50, BlockRowsMax: 400}, table, w.registry)
	if err != nil {
		w.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	var ended atomic.Bool
	end = func() {
		if ended.CompareAndSwap(false, true) {
			cancel()
			if err := <-done; err != nil {
				w.Error(err)
			}
		}
	}
	w.Cleanup(end)
	return end
}

// verified is that Verify finds everything, once, and that so many records were there to find.
func (w *world) verified(want map[string]int64) {
	w.Helper()
	err := landing.Verify(w.Context(), landing.VerifyConfig{Kafka: w.kafka}, w.table, func(r landing.Report) error {
		if n := want[r.Topic]; !r.Sound() || r.Records != n || r.Rows != n || r.Distinct != n || r.Superseded != 0 {
			w.Errorf("of %d records, verify reports %+v", n, r)
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func TestEverythingLandsInClickHouseAlsoWhenAMemberIsStoppedInBetween(t *testing.T) {
	w := open(t, enginetest.Start(t))
	end := w.start(w.table)
	w.produce(3000)
	end()
	w.produce(3000)
	w.start(w.table)
	w.verified(map[string]int64{"orders.raw": 4000, "trash": 4000})
}
