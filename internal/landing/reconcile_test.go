package landing

import (
	"context"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/topics"
)

// grown is a table in which partition 0 has so many pieces, and says which were counted.
type grown struct {
	*ledger
	pieces  int64
	counted []int64
}

func (g *grown) RangesFrom(_ context.Context, _ *topics.Topic, partition int32, from int64) (ranges []topics.Range, err error) {
	for at := from; partition == 0 && at < g.pieces*pieceRecordsMax; at += pieceRecordsMax {
		ranges = append(ranges, topics.Range{From: at, To: at + pieceRecordsMax, Records: pieceRecordsMax})
	}
	return ranges, nil
}

func (g *grown) Count(_ context.Context, _ *topics.Topic, _ int32, from, to int64) (rows, distinct int64, err error) {
	g.counted = append(g.counted, from/pieceRecordsMax)
	return to - from, to - from, nil
}

// Its budget was once dealt to all partitions alike: beside fifty others, no row of one was ever counted again once a million had come after it.
func TestOldRowsAreCountedEachMinuteHoweverManyPartitionsThereAre(t *testing.T) {
	g := &grown{ledger: newLedger(), pieces: 80}
	metrics, err := newMetrics(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	l := &Landing{partitions: map[place]*partition{}, table: g, metrics: metrics}
	for n := range int32(200) {
		l.partitions[place{topics.OrdersRaw.Name, n}] = &partition{topic: topics.OrdersRaw, number: n}
	}
	l.reconcileOnce(t.Context(), g) // what was never counted is, whatever it costs
	g.counted = nil
	for minute := range 2 {
		l.reconcileOnce(t.Context(), g)
		if want := (minute + 1) * (1 + reconcileRowsMax/pieceRecordsMax); len(g.counted) != want {
			t.Errorf("after %d minutes %d pieces were counted again, want %d", minute+1, len(g.counted), want)
		}
	}
	slices.Sort(g.counted)
	if all := slices.Compact(g.counted); int64(len(all)) != g.pieces {
		t.Errorf("of eighty million rows, after two minutes the pieces %v were counted again", all)
	}
}
