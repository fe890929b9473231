package table

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
)

// rowsVariable says how many rows BenchmarkRestore restores; 100,000 if it is not set.
const rowsVariable = "WAYBILL_TABLE_ROWS"

// BenchmarkRestore reads a partition from nothing, and then once more from its checkpoint: rows as normalize has them.
func BenchmarkRestore(b *testing.B) {
	rows := 100_000
	if text := os.Getenv(rowsVariable); text != "" {
		var err error
		if rows, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	r := newRig(b)
	registry := r.registry()
	r.fill(registry, 0, rows)
	note := noteOf(registry)
	for b.Loop() {
		began, before := time.Now(), cpu(b)
		if err := r.store.Restore(b.Context(), r.kafka, topic, 0, note); err != nil {
			b.Fatal(err)
		}
		took, used := time.Since(began), cpu(b)-before
		b.ReportMetric(took.Seconds()*1e6/float64(rows), "µs/row")
		b.ReportMetric(used.Seconds()*1e6/float64(rows), "µsCPU/row")
		if err := r.store.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(size(b, r.dir))/float64(rows), "disk-B/row")
		began = time.Now()
		r.open()
		if err := r.store.Restore(b.Context(), r.kafka, topic, 0, note); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds()*1e3, "ms-from-checkpoint")
		_ = r.store.Close()
		if err := os.RemoveAll(r.dir); err != nil {
			b.Fatal(err)
		}
		r.open()
	}
}

// BenchmarkFollow reads on, again and again, where there are rows already: what a copy of another process's partition costs.
func BenchmarkFollow(b *testing.B) {
	const before, more = 200_000, 20_000
	r := newRig(b)
	registry := r.registry()
	r.fill(registry, 0, before)
	if err := r.store.Restore(b.Context(), r.kafka, topic, 0, noteOf(registry)); err != nil {
		b.Fatal(err)
	}
	if err := r.store.db.Compact(b.Context(), []byte{0}, []byte{255}, false); err != nil { // to where old rows end up
		b.Fatal(err)
	}
	var used time.Duration
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		r.fill(registry, before+n*more, more)
		b.StartTimer()
		from := cpu(b)
		if err := r.store.Restore(b.Context(), r.kafka, topic, 0, noteOf(registry)); err != nil {
			b.Fatal(err)
		}
		used += cpu(b) - from
	}
	b.ReportMetric(used.Seconds()*1e6/float64(b.N*more), "µsCPU/row")
}

func (r *rig) registry() *schemas.Registry {
	registry, err := schemas.NewRegistry(embeddedtest.Registry(r.TB))
	if err != nil {
		r.Fatal(err)
	}
	if _, err := registry.Register(r.Context(), topic+"-value", schemas.RowSchema); err != nil {
		r.Fatal(err)
	}
	return registry
}

// noteOf reads what a step notes of a row.
func noteOf(registry *schemas.Registry) func(row []byte) (Note, error) {
	return func(row []byte) (Note, error) {
		var decoded schemas.Row
		err := registry.Decode(context.Background(), schemas.RowSchema, row, &decoded)
		return Note{Waits: decoded.WaitsFor}, err
	}
}

// fill writes so many rows of keys of their own, in the order of their hashes, as orders come.
func (r *rig) fill(registry *schemas.Registry, from, rows int) {
	producer := r.client()
	person := &schemas.Person{Name: "Zofia Żółkiewska", Street: "os. Zwycięstwa 7/11", City: "Zakopane", PostalCode: "34-500", Country: "PL"}
	for n := from; n < from+rows; n++ {
		mixed := uint64(n+1) * 0x9E3779B97F4A7C15
		versions := &schemas.OrderVersions{
			Hash: fmt.Appendf(nil, "%016x%016x", mixed, mixed*mixed), Revision: fmt.Sprintf("%08x", n), Status: schemas.StatusReady, Events: 1,
			ShipTo: person, Buyer: person,
		}
		state, err := schemas.OrderVersionsSchema.Append([]byte{0, 0, 0, 0, 2}, versions)
		if err != nil {
			r.Fatal(err)
		}
		value, err := registry.Encode(r.Context(), nil, topic+"-value", schemas.RowSchema, &schemas.Row{State: state})
		if err != nil {
			r.Fatal(err)
		}
		key := fmt.Appendf(nil, "allegro/%08x-7f6a-11e8-ac45-%012x", uint32(mixed>>32), n)
		producer.Produce(r.Context(), &kgo.Record{Topic: topic, Key: key, Value: value}, func(_ *kgo.Record, err error) {
			if err != nil {
				r.Error(err)
			}
		})
	}
	if err := producer.Flush(r.Context()); err != nil {
		r.Fatal(err)
	}
	runtime.GC()
}

// cpu is what this process has used of processors so far, the broker in it.
func cpu(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func size(t testing.TB, dir string) (bytes int64) {
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}
