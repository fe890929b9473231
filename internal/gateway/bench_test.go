package gateway

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/gateway/breaker"
	"waybill/internal/table"
	"waybill/schemas"
	"waybill/topics"
)

// inFlight is how many calls are under way at once in all measurements.
const inFlight = 64

// overHTTP is a party on this machine that answers after 5 ms, as a near one does.
type overHTTP struct {
	server *httptest.Server
	client *http.Client
	served atomic.Int64
}

func newOverHTTP(b *testing.B) *overHTTP {
	p := &overHTTP{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: inFlight}}}
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(5 * time.Millisecond)
		p.served.Add(1)
		_, _ = io.WriteString(w, `{"id":"4711"}`)
	}))
	b.Cleanup(p.server.Close)
	return p
}

func (p *overHTTP) Call(ctx context.Context, task *schemas.Task) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.server.URL, bytes.NewReader(task.Payload.Bytes))
	if err != nil {
		return Answer{}, err
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return Answer{TheirRef: "4711", Receipt: body}, err
}

func (p *overHTTP) Find(context.Context, *schemas.Task) (Answer, error) { return Answer{}, ErrAbsent }

// bare is the calls a second that the same client makes in a loop.
func (p *overHTTP) bare(b *testing.B, calls int) float64 {
	began, left := time.Now(), atomic.Int64{}
	left.Store(int64(calls))
	var all sync.WaitGroup
	for range inFlight {
		all.Go(func() {
			task := &schemas.Task{Payload: schemas.Body{Bytes: make([]byte, 1024)}}
			for left.Add(-1) >= 0 {
				if _, err := p.Call(b.Context(), task); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return float64(calls) / time.Since(began).Seconds()
}

// broker is a real one, with the topics of the party.
func broker(b *testing.B) (kafka []kgo.Opt, client *kgo.Client) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.DataDir(b.TempDir()))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(cluster.Close)
	kafka = []kgo.Opt{kgo.SeedBrokers(cluster.ListenAddrs()...)}
	if client, err = kgo.NewClient(kafka...); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.Close)
	for _, topic := range []string{topics.Outbox(simParty).Name, topics.Ledger(simParty).Name, topics.Trash.Name, topics.Gateways.Name, topics.Receipts.Name} {
		if _, err := kadm.NewClient(client).CreateTopic(b.Context(), 1, 1, nil, topic); err != nil {
			b.Fatal(err)
		}
	}
	return kafka, client
}

// The share of a bare loop of the same client that is left with an outbox, a ledger and all that makes a call happen once.
func BenchmarkCalls(b *testing.B) {
	const calls = 10_000
	for _, kind := range []Kind{{Name: "repeatable", Repeatable: true, CallMax: time.Minute}, {Name: "with_intent", Findable: true, CallMax: time.Minute}} {
		b.Run(kind.Name, func(b *testing.B) {
			registry := toyRegistry(b)
			for b.Loop() {
				p := newOverHTTP(b)
				bare := p.bare(b, calls)
				kafka, client := broker(b)
				for n := range calls {
					task := &schemas.Task{TaskID: fmt.Sprint("task ", n), Party: simParty, Kind: kind.Name, Holds: []string{fmt.Sprint("order ", n)}, Payload: schemas.Body{Bytes: make([]byte, 1024)}}
					v, err := registry.Encode(b.Context(), nil, topics.Outbox(simParty).Subject(), schemas.TaskSchema, task)
					if err != nil {
						b.Fatal(err)
					}
					client.Produce(b.Context(), &kgo.Record{Topic: topics.Outbox(simParty).Name, Key: []byte(task.TaskID), Value: v}, nil)
				}
				if err := client.Flush(b.Context()); err != nil {
					b.Fatal(err)
				}
				p.served.Store(0)
				ctx, cancel := context.WithCancel(b.Context())
				g := New(Config{Kafka: kafka, Deployment: "bench", Instance: "1", Name: simParty, Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler), Limits: DefaultLimits()}, p, []Kind{kind}, registry)
				done := make(chan error)
				go func() { done <- g.Run(ctx) }()
				for p.served.Load() < 100 {
					time.Sleep(time.Millisecond)
				}
				began, first := time.Now(), p.served.Load()
				for p.served.Load() < calls {
					time.Sleep(time.Millisecond)
				}
				rate := float64(calls-first) / time.Since(began).Seconds()
				cancel()
				if err := <-done; err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(bare, "bare/s")
				b.ReportMetric(rate, "calls/s")
				b.ReportMetric(rate/bare, "of-bare")
			}
		})
	}
}

// ledgerVariable says how many rows BenchmarkLedger has; 100,000 if it is not set. One in a hundred is not finished.
const ledgerVariable = "WAYBILL_LEDGER_ROWS"

// A ledger that a new owner has nothing of is read from its beginning before the first call.
func BenchmarkLedger(b *testing.B) {
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv(ledgerVariable)); err == nil {
		rows = n
	}
	registry := toyRegistry(b)
	kafka, client := broker(b)
	ledger := topics.Ledger(simParty)
	for n := range rows {
		row := &schemas.LedgerRow{
			Task:   schemas.Task{TaskID: fmt.Sprint("erp/place:allegro/", n), Party: simParty, Kind: "findable", OrderID: fmt.Sprint("allegro/", n), Payload: schemas.Body{Bytes: make([]byte, 300)}},
			Offset: int64(n), State: schemas.TaskDone, Attempts: 1, TheirRef: "SO4711", At: schemas.At(time.Now()),
		}
		if n%100 == 0 {
			row.State = schemas.TaskWaiting
		}
		v, err := registry.Encode(b.Context(), nil, ledger.Subject(), schemas.LedgerRowSchema, row)
		if err != nil {
			b.Fatal(err)
		}
		client.Produce(b.Context(), &kgo.Record{Topic: ledger.Name, Key: []byte(row.Task.TaskID), Value: v}, nil)
	}
	if err := client.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		g := New(Config{Kafka: kafka, Deployment: "bench", Name: simParty, Log: slog.New(slog.DiscardHandler), Limits: Limits{Breaker: breaker.Settings{}}}, nil, toyKinds, registry)
		store, err := table.Open(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		t := &tenure{Gateway: g, store: store, desk: newDesk(g.priority), gate: newGate(g, began), report: newReport(began)}
		if err := t.load(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/takeover")
		if len(t.desk.tasks) != rows/100 {
			b.Fatalf("%d tasks are on the desk", len(t.desk.tasks))
		}
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
