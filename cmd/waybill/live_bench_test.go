package main

import (
	"cmp"
	"os"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// parcelsVariable says how many parcels BenchmarkLiveParcels watches over; 20,000 if it is not set.
const parcelsVariable = "WAYBILL_LIVE_PARCELS"

// What it takes to have carriers asked for so many parcels that are on their way, all in an interval: 'waybill bench parcels', whose steps run
// in a process of their own.
//
//	WAYBILL_LIVE_PARCELS=1000000 go test ./cmd/waybill -run xxx -bench LiveParcels -benchtime 1x
func BenchmarkLiveParcels(b *testing.B) {
	for range b.N {
		for _, m := range rows[measured](b, ask(b, "bench", "parcels", "--parcels", cmp.Or(os.Getenv(parcelsVariable), "20000"), "-o", "json")) {
			b.ReportMetric(m.Value, strings.ReplaceAll(m.What+" "+m.Unit, " ", "_"))
		}
	}
}

func TestAPassThroughWritesAsManyRecordsAsCameOfWhatItReads(t *testing.T) {
	out := recordsOf(map[int32]int{0: 20, 1: 7, 2: 1})
	shares := sharesOf(out, map[int32]int64{0: 100, 1: 0, 2: 5}, map[int32]int64{0: 110, 1: 3, 2: 5})
	for partition, want := range map[int32]int{0: 2, 1: 3, 2: 1} {
		if shares[partition] != want {
			t.Errorf("partition %d: %d a record, want %d", partition, shares[partition], want)
		}
	}
}

func recordsOf(counts map[int32]int) map[int32][]*kgo.Record {
	all := map[int32][]*kgo.Record{}
	for partition, count := range counts {
		all[partition] = make([]*kgo.Record, count)
	}
	return all
}
