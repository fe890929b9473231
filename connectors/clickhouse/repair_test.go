package clickhouse_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waybill/topics"
)

// lose takes rows away as a crash of the engine can, which remembers the token of a part that it has lost.
func (h *house) lose(table, where string) {
	h.t.Helper()
	h.exec("ALTER TABLE " + table + " DELETE WHERE " + where + " SETTINGS mutations_sync = 2")
}

func TestRepairBringsBackWhatTheEngineLost(t *testing.T) {
	h := migrated(t)
	b := orders(0, 0, 200)
	h.write(orders(1, 0, 50), b)
	want := h.numbers()
	for name, lose := range map[string]func(){
		"rows":          func() { h.lose("orders_normalized", "_partition = 0 AND _offset % 3 = 0") },
		"audit rows":    func() { h.lose("audit", "partition = 0 AND offset < 100") },
		"everything":    func() { h.lose("orders_normalized", "1"); h.lose("audit", "1"); h.lose("landed", "1") },
		"minute counts": func() { h.exec("TRUNCATE TABLE minute_offsets"); h.exec("TRUNCATE TABLE minute_events") },
		"minute sums":   func() { h.exec("TRUNCATE TABLE minute_orders") },
		"nothing":       func() {},
	} {
		t.Run(name, func(t *testing.T) {
			lose()
			for _, block := range []*topics.Block{b, orders(1, 0, 50), b} {
				if err := h.Repair(t.Context(), block); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, h.numbers()); diff != "" {
				t.Errorf("the numbers differ (-before +repaired):\n%s", diff)
			}
			if rows := h.one("SELECT count() FROM orders_normalized"); rows != "250" {
				t.Errorf("%s rows are stored, want 250: Repair wrote what was there", rows)
			}
		})
	}
}

// TestATokenOutlivesItsRows is why Repair exists: Write trusts the token.
func TestATokenOutlivesItsRows(t *testing.T) {
	h := migrated(t)
	b := orders(0, 0, 20)
	h.write(b)
	h.lose("orders_normalized", "1")
	h.write(b)
	if rows := h.one("SELECT count() FROM orders_normalized"); rows != "0" {
		t.Errorf("%s rows came back by Write: then Repair has no reason to be", rows)
	}
}

func TestRangesCountsAndOffsetsSayWhatLanded(t *testing.T) {
	h := migrated(t)
	thinned := orders(0, 100, 50)
	thinned.Events = append(thinned.Events[:10], thinned.Events[20:]...) // compaction took ten
	h.write(orders(0, 0, 100), thinned, orders(1, 0, 10), orders(0, 0, 100))

	ranges, err := h.Ranges(t.Context(), topics.OrdersNormalized)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range ranges {
		lines = append(lines, strings.Join(strings.Fields(strings.Trim(sprint(r), "{}")), " "))
	}
	if diff := cmp.Diff([]string{"0 0 100 100 0", "0 100 150 40 10", "1 0 10 10 0"}, lines); diff != "" {
		t.Errorf("ranges (-want +got):\n%s", diff)
	}
	behind, err := h.RangesFrom(t.Context(), topics.OrdersNormalized, 0, 100)
	if err != nil || len(behind) != 1 || behind[0].From != 100 {
		t.Errorf("behind offset 100: %v, %v", behind, err)
	}
	minutes, err := h.Minutes(t.Context(), topics.OrdersNormalized, 0, 0, 100)
	if err != nil || len(minutes) == 0 || !minutes[0].Equal(noon.Time()) {
		t.Errorf("minutes: %v, %v", minutes, err)
	}
	rows, distinct, err := h.Count(t.Context(), topics.OrdersNormalized, 0, 50, 150)
	if err != nil || rows != 90 || distinct != 90 {
		t.Errorf("count: %d rows, %d distinct, %v; want 90 of each", rows, distinct, err)
	}
	offsets, err := h.Offsets(t.Context(), topics.OrdersNormalized, 0, 105, 125)
	if err != nil || len(offsets) != 10 || offsets[0] != 105 || offsets[5] != 120 {
		t.Errorf("offsets: %v, %v", offsets, err)
	}
}

func TestCountTellsRepeatedRowsFromRowsThatDisagree(t *testing.T) {
	h := migrated(t)
	h.write(orders(0, 0, 10))
	h.exec("INSERT INTO orders_normalized SELECT * FROM orders_normalized SETTINGS insert_deduplicate = 0")
	count := func() [2]int64 {
		rows, distinct, err := h.Count(t.Context(), topics.OrdersNormalized, 0, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		return [2]int64{rows, distinct}
	}
	if got := count(); got != [2]int64{10, 10} {
		t.Errorf("with every row stored twice: %v, want 10 and 10, as FINAL sees them", got)
	}
	h.exec("INSERT INTO orders_normalized (order_id, _partition, _offset, _at) SELECT 'another', _partition, _offset, _at FROM orders_normalized WHERE _offset = 3 LIMIT 1")
	if got := count(); got != [2]int64{11, 10} {
		t.Errorf("with one offset that is two orders: %v, want 11 and 10", got)
	}
	doubled, err := h.Doubled(t.Context(), topics.OrdersNormalized, 0, 0, 10)
	want := []topics.Doubled{{Offset: 3, Rows: 2, Minutes: []time.Time{noon.Time()}}}
	if diff := cmp.Diff(want, doubled); err != nil || diff != "" {
		t.Errorf("doubled (-want +got): %v\n%s", err, diff)
	}
}
