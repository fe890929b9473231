package drain

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/sync/errgroup"

	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/landing"
	"waybill/internal/provision"
	"waybill/internal/runner"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// BenchmarkETA compares what is shown with what it takes, on the real runner and the real landing, of which one is slow because it
// waits: so other work on the machine does not change the truth. Five times as much comes as is drained, then less than that or nothing.
//
//	go test ./internal/drain -run xxx -bench ETA -benchtime 3x
func BenchmarkETA(b *testing.B) {
	for _, c := range []struct {
		name        string
		step, block time.Duration // that a record waits in the step, a block at the table
		batch       int           // records of a transaction
	}{
		{"the step is slow", 25 * time.Millisecond, 0, 20},
		{"the step is slow and commits every record", 25 * time.Millisecond, 0, 1},
		{"the landing is slow", 0, 400 * time.Millisecond, 1000},
		{"both are slow", 25 * time.Millisecond, 3 * time.Second, 20},
	} {
		b.Run(c.name, func(b *testing.B) {
			w, ratios := newWorks(b, c.step, c.block, c.batch), map[string][]float64{}
			for b.Loop() {
				for name, then := range map[string]float64{"while-they-send": 0.4, "after-they-stopped": 0} {
					shown, took := w.rush(b, then)
					b.Logf("%s: %.1f s shown, %.1f s needed: %.2f", name, shown, took, shown/took)
					ratios[name] = append(ratios[name], shown/took)
				}
			}
			for name, all := range ratios {
				slices.Sort(all)
				b.ReportMetric(all[0], name+"-least")
				b.ReportMetric(all[len(all)-1], name+"-most")
			}
		})
	}
}

const rowsOfBlock = 50

// works is a pipeline with a step and a table that wait.
type works struct {
	kafka []kgo.Opt
	store *runner.Store
	watch *Watch
	admin *kadm.Client
	fed   int
}

func newWorks(b *testing.B, step, block time.Duration, batch int) *works {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	w := &works{kafka: append(embeddedtest.Quick(), kgo.SeedBrokers(embeddedtest.Kafka(b)...))}
	registry, err := schemas.NewRegistry(embeddedtest.Registry(b))
	must(err)
	client, err := kgo.NewClient(w.kafka...)
	must(err)
	b.Cleanup(client.Close)
	w.admin = kadm.NewClient(client)
	slow := sleepy(step)
	plan, err := provision.Prepare(b.Context(), w.admin, registry, provision.Desired{
		Topics: topics.All(), StateSchemas: map[string]schemas.Any{slow.StateSubject(): slow.State}, Partitions: 4, Replication: 1,
	})
	must(err)
	must(plan.Apply(b.Context()))
	w.store, err = runner.NewStore(w.kafka, registry)
	must(err)
	b.Cleanup(w.store.Close)
	log := slog.New(slog.DiscardHandler)
	limits := runner.DefaultLimits()
	limits.BatchRecordsMax = batch
	run := runner.New(runner.Config{Kafka: w.kafka, Deployment: "test", Instance: "1", Dir: b.TempDir(), Log: log, Limits: limits}, slow, registry)
	lands, err := landing.New(landing.Config{Kafka: w.kafka, Group: "test.landing", BlockRowsMax: rowsOfBlock, Log: log}, table{block}, registry)
	must(err)
	w.watch = New(Config{Kafka: w.kafka, Stages: Stages("test", []processors.Processor{slow}), BoundSeconds: 900, Log: log, Metrics: prometheus.NewRegistry()})
	ctx, cancel := context.WithCancel(context.Background())
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range []func(context.Context) error{run.Run, lands.Run, w.watch.Run} {
		group.Go(func() error { return part(ctx) })
	}
	b.Cleanup(func() {
		cancel()
		if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
	})
	return w
}

// sleepy is a step that turns each order into one, and takes its time.
func sleepy(each time.Duration) processors.Processor {
	return processors.Step(processors.Processor{
		Name: "normalize", Reads: []*topics.Topic{topics.OrdersRaw}, Back: topics.StepNormalize, Table: topics.TableNormalize,
		Writes: []*topics.Topic{topics.OrdersNormalized}, State: schemas.OrderVersionsSchema,
	}, func(event *topics.Event, raw *schemas.RawOrder, _ *schemas.OrderVersions) (processors.Result, error) {
		time.Sleep(each)
		return processors.Result{Messages: []topics.Message{{Topic: topics.OrdersNormalized, Key: event.Key, Value: &schemas.Order{OrderID: raw.OrderID, Ref: raw.Ref}}}}, nil
	})
}

// table takes blocks, and its time.
type table struct{ each time.Duration }

func (t table) Write(context.Context, *topics.Block) error {
	time.Sleep(t.each)
	return nil
}
func (t table) Repair(ctx context.Context, b *topics.Block) error { return t.Write(ctx, b) }
func (t table) Life(context.Context) (string, error)              { return "the only one", nil }

// rush sends five times what is drained for a while, and then so much; and says what was shown in between, and how long it took.
func (w *works) rush(b *testing.B, then float64) (shown, took float64) {
	b.Helper()
	w.send(b, 5, 12*time.Second, func() bool { return true })
	asked := time.Now()
	var at time.Time
	w.send(b, then, time.Minute, func() bool {
		eta, ok := w.watch.Report().ETASeconds()
		shown, at = eta, w.watch.Report().At
		return !ok || !at.After(asked)
	})
	passed := make(chan error, 1)
	go func() {
		passed <- w.landed(b.Context())
	}()
	var err error
	w.send(b, then, time.Hour, func() bool {
		select {
		case err = <-passed:
			took = time.Since(at).Seconds()
			return false
		default:
			return true
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	return shown, took
}

// send stores so many times what is drained.
func (w *works) send(b *testing.B, times float64, d time.Duration, goOn func() bool) {
	b.Helper()
	const every = 50 * time.Millisecond
	due := 0.0
	for end := time.Now().Add(d); goOn() && time.Now().Before(end); time.Sleep(every) {
		rate := 100.0 // until one is known
		for _, s := range w.watch.Report().Stages {
			if s.Rate > 0 {
				rate = min(rate, s.Rate)
			}
		}
		var batch []topics.Message
		for due += rate * times * every.Seconds(); due >= 1; due-- {
			w.fed++
			id := schemas.OrderID("shop", fmt.Sprint(w.fed))
			batch = append(batch, topics.Message{Topic: topics.OrdersRaw, Key: id, Value: &schemas.RawOrder{OrderID: id, Party: "shop", Ref: fmt.Sprint(w.fed)}})
		}
		if len(batch) > 0 {
			if err := w.store.Store(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// landed returns when all raw orders that have come by now have landed, and what the step made of them. It is a partition's own as soon
// as the step has read the partition: an order keeps its key.
func (w *works) landed(ctx context.Context) error {
	due, err := w.ends(ctx)
	read := map[mark]bool{}
	for left := true; left && err == nil; time.Sleep(50 * time.Millisecond) {
		var at kadm.OffsetResponses
		var now map[mark]int64
		if at, err = w.admin.FetchOffsets(ctx, "test.normalize"); err == nil {
			now, err = w.ends(ctx)
		}
		left = false
		for place, end := range due {
			here, _ := at.Lookup(place.topic, place.partition)
			switch {
			case place.topic != topics.OrdersRaw.Name || read[place]:
			case here.At < end:
				left = true
			default:
				read[place] = true
				made := mark{topics.OrdersNormalized.Name, place.partition}
				due[made] = now[made]
			}
		}
	}
	for left := true; left && err == nil; time.Sleep(50 * time.Millisecond) {
		var at kadm.OffsetResponses
		at, err = w.admin.FetchOffsets(ctx, "test.landing")
		left = false
		for place, end := range due {
			here, _ := at.Lookup(place.topic, place.partition)
			left = left || here.At < end
		}
	}
	return err
}

// ends are where the topics end that land.
func (w *works) ends(ctx context.Context) (map[mark]int64, error) {
	var names []string
	for _, t := range topics.Landing() {
		names = append(names, t.Name)
	}
	listed, err := w.admin.ListCommittedOffsets(ctx, names...)
	ends := map[mark]int64{}
	listed.Each(func(o kadm.ListedOffset) { ends[mark{o.Topic, o.Partition}] = o.Offset })
	return ends, err
}
