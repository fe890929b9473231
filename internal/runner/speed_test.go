package runner

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// plain is a channel that does the least with a payload: what is measured is the runner.
type plain struct{}

func (plain) Mapping() string { return "plain/1" }

func (plain) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	line := schemas.Line{LineRef: "1", OfferRef: raw.Ref, SKU: raw.Ref, Title: "a title of some length, as they have it", Quantity: 1}
	return &schemas.Order{Status: "ready", Revision: raw.Ref, Lines: []schemas.Line{line, line, line}}, nil
}

func plainStep() processors.Processor {
	return processors.Normalize(processors.Sources{Channels: processors.Parties{"shop": plain{}}})
}

// The load of the benchmark: orders of three lines, each once.
const (
	loadRecords = 100_000
	loadBytes   = 1200
)

// BenchmarkNormalize reads, decodes, handles and writes orders with their rows, in transactions. Beside it stands a bare client
// that copies as many records and writes as much. CPU time is of the whole process, the broker in it.
func BenchmarkNormalize(b *testing.B) {
	for b.Loop() {
		r := newRig(b)
		r.limits = DefaultLimits()
		step := plainStep()
		r.provision(step)
		r.load()
		of := cpu(func() {
			m := r.start(step, "1")
			r.awaitRead(step)
			m.stop()
		})
		bare := cpu(r.passThrough)
		b.ReportMetric(of, "step-µsCPU/record")
		b.ReportMetric(bare, "bare-µsCPU/record")
		b.ReportMetric(bare/of, "bare/step")
	}
}

// cpu is the processor time of the whole process while f runs, in microseconds a record.
func cpu(f func()) float64 {
	runtime.GC()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			panic(err) // it takes no arguments that could be wrong
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	f()
	return float64(used()-before) / 1000 / loadRecords
}

func (r *rig) load() {
	r.t.Helper()
	const piece = 1000
	for from := 0; from < loadRecords; from += piece {
		all := make([]topics.Message, piece)
		for i := range all {
			all[i] = shopMessage(from+i, fmt.Sprint(from+i)+strings.Repeat(` "field": "value",`, loadBytes/18))
			all[i].Headers = []topics.Header{{Key: topics.HeaderOrigin, Value: []byte("feed")}}
		}
		r.put(all...)
	}
}

// passThrough is the same traffic without a step: each record read, and for each one of an order's length with its headers and
// one of a row's written, in transactions of the same size.
func (r *rig) passThrough() {
	const orderLength, rowLength = 330, 70
	client, err := kgo.NewGroupTransactSession(append([]kgo.Opt{
		kgo.TransactionalID("bare"), kgo.ConsumerGroup("bare"), kgo.ConsumeTopics(topics.OrdersRaw.Name),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	}, r.kafka...)...)
	if err != nil {
		r.t.Fatal(err)
	}
	defer client.Close()
	headers := []kgo.RecordHeader{
		{Key: topics.HeaderEventID, Value: make([]byte, 22)},
		{Key: topics.HeaderCause, Value: make([]byte, 20)},
		{Key: topics.HeaderOrderID, Value: make([]byte, 12)},
		{Key: topics.HeaderRunID, Value: make([]byte, 25)},
		{Key: topics.HeaderMode, Value: modeLive},
		{Key: topics.HeaderOrigin, Value: make([]byte, 4)},
		{Key: topics.HeaderMapping, Value: make([]byte, 7)},
	}
	for n := 0; n < loadRecords; {
		fetches := client.PollRecords(r.t.Context(), 20_000)
		if err := client.Begin(); err != nil {
			r.t.Fatal(err)
		}
		for in := range fetches.RecordsAll() {
			client.Produce(r.t.Context(), &kgo.Record{Topic: topics.OrdersNormalized.Name, Key: in.Key, Value: in.Value[:orderLength], Headers: headers}, nil)
			client.Produce(r.t.Context(), &kgo.Record{Topic: topics.TableNormalize.Name, Key: in.Key, Value: in.Value[orderLength:][:rowLength]}, nil)
			n++
		}
		if committed, err := client.End(r.t.Context(), kgo.TryCommit); err != nil || !committed {
			r.t.Fatal(committed, err)
		}
	}
}
