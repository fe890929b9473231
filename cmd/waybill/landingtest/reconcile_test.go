package landingtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	ch "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/enginetest"
	"waybill/internal/landing"
	"waybill/schemas"
	"waybill/topics"
)

// rowsVariable says how many rows there are, of which one is lost and another is doubled; the test only runs by hand:
//
//	WAYBILL_ROWS=10000000 go test ./cmd/waybill/landingtest -run TestOneRowOfMany -timeout 1h -v
const rowsVariable = "WAYBILL_ROWS"

const rangeRecords = 20_000

func TestOneRowOfManyThatIsLostOrDoubledIsFound(t *testing.T) {
	n, err := strconv.ParseInt(os.Getenv(rowsVariable), 10, 64)
	if err != nil || n%rangeRecords != 0 {
		t.Skipf("it takes minutes: %s says of how many rows, a multiple of %d", rowsVariable, rangeRecords)
	}
	w := open(t, enginetest.Start(t))
	w.fill(n)
	metrics := prometheus.NewRegistry()
	l, err := landing.New(landing.Config{Kafka: w.kafka, Instance: "one", Metrics: metrics}, w.table, w.registry)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	defer func() { end(); <-done }()
	w.shows(metrics, "waybill_landing_counted_records", float64(n), nil)

	lost, doubled := rand.Int64N(n), rand.Int64N(n)
	w.do(fmt.Sprintf("ALTER TABLE orders_raw DELETE WHERE _partition = 0 AND _offset = %d SETTINGS mutations_sync = 2", lost))
	took := w.shows(metrics, "waybill_landing_damage_rows", 1, map[string]string{"from": fmt.Sprint(lost), "to": fmt.Sprint(lost + 1), "kind": "missing"})
	t.Logf("of %d rows one was lost, at offset %d: it showed after %s", n, lost, took)
	w.do(fmt.Sprintf("INSERT INTO orders_raw (order_id, _partition, _offset, _at) SELECT 'another', 0, %d, now64(3, 'UTC')", doubled))
	took = w.shows(metrics, "waybill_landing_damage_rows", 1, map[string]string{"from": fmt.Sprint(doubled), "to": fmt.Sprint(doubled + 1), "kind": "doubled"})
	t.Logf("of %d rows one was doubled, at offset %d: it showed after %s", n, doubled, took)
}

// fill puts n records on partition 0 of orders.raw, and their rows where they would have landed.
func (w *world) fill(n int64) {
	w.Helper()
	framed, err := w.registry.Encode(w.Context(), nil, topics.OrdersRaw.Subject(), topics.OrdersRaw.Schema, &schemas.RawOrder{Party: "allegro"})
	if err != nil {
		w.Fatal(err)
	}
	client, err := kgo.NewClient(append(w.kafka, kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(20*time.Millisecond))...)
	if err != nil {
		w.Fatal(err)
	}
	defer client.Close()
	for range n {
		client.Produce(w.Context(), &kgo.Record{Topic: topics.OrdersRaw.Name, Value: framed}, func(_ *kgo.Record, err error) {
			if err != nil {
				w.Error(err)
			}
		})
	}
	if err := client.Flush(w.Context()); err != nil {
		w.Fatal(err)
	}
	offsets := kadm.Offsets{}
	offsets.AddOffset(topics.OrdersRaw.Name, 0, n, -1)
	if _, err := kadm.NewClient(client).CommitOffsets(w.Context(), "waybill.landing", offsets); err != nil {
		w.Fatal(err)
	}
	for at := int64(0); at < n; at += 50 * rangeRecords {
		rows := min(50*rangeRecords, n-at)
		w.do(fmt.Sprintf(`INSERT INTO orders_raw (order_id, party, _partition, _offset, _at)
SELECT concat('allegro/', toString(number)), 'allegro', 0, number, now64(3, 'UTC') FROM numbers(%d, %d)`, at, rows))
	}
	w.do(fmt.Sprintf(`INSERT INTO landed (topic, partition, from_offset, to_offset, records, superseded, token, at)
SELECT 'orders.raw', 0, number * %d, (number + 1) * %d, %d, 0, '', now64(3, 'UTC') FROM numbers(%d)`, rangeRecords, rangeRecords, rangeRecords, n/rangeRecords))
}

// shows waits until a metric has a value, and says how long that took.
func (w *world) shows(metrics prometheus.Gatherer, name string, want float64, labels map[string]string) time.Duration {
	w.Helper()
	began := time.Now()
	for time.Since(began) < 10*time.Minute {
		families, err := metrics.Gather()
		if err != nil {
			w.Fatal(err)
		}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				fits := f.GetName() == name && m.GetGauge().GetValue() == want
				for _, l := range m.GetLabel() {
					if value, asked := labels[l.GetName()]; asked && value != l.GetValue() {
						fits = false
					}
				}
				if fits {
					return time.Since(began)
				}
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.Fatalf("%s %v is not %v after ten minutes", name, labels, want)
	return 0
}

// do changes the tables behind the landing's back.
func (w *world) do(statement string) {
	w.Helper()
	options, err := ch.ParseDSN(w.dsn)
	if err != nil {
		w.Fatal(err)
	}
	conn, err := ch.Open(options)
	if err != nil {
		w.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Exec(w.Context(), statement); err != nil {
		w.Fatalf("%s: %v", statement, err)
	}
}
