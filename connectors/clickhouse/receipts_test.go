package clickhouse_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
	"waybill/topics"
)

// told is a block of the ERP's ledger: of each call the states that it had, one after the other.
func told(from int64, calls map[int64][]string) *topics.Block {
	b := &topics.Block{Topic: topics.Ledger("erp"), From: from}
	for place := range int64(10) {
		for _, state := range calls[place] {
			id := fmt.Sprintf("erp/order:allegro/%d", place)
			task := schemas.Task{TaskID: id, Party: "erp", Kind: "order", OrderID: fmt.Sprintf("allegro/%d", place)}
			row := &schemas.LedgerRow{Task: task, Offset: place, State: state, At: noon, AskedAt: noon}
			b.Events = append(b.Events, topics.Landed{Event: topics.Event{Topic: b.Topic, Offset: from + int64(len(b.Events)), At: noon, Key: id, Value: row}})
		}
	}
	b.Promised = len(b.Events)
	b.To = from + int64(len(b.Events))
	return b
}

// openByScan is what v_receipts_open has to say, by looking at every call.
const openByScan = "SELECT * FROM v_receipts WHERE receipt NOT IN ('confirmed', 'needless') ORDER BY order_id"

func (h *house) mustFindOpen(when string, open ...string) {
	h.t.Helper()
	if diff := cmp.Diff(h.rows(openByScan), h.rows("SELECT * FROM v_receipts_open ORDER BY order_id")); diff != "" {
		h.t.Errorf("%s, what is open is not what looking at every call finds (-all +open):\n%s", when, diff)
	}
	if diff := cmp.Diff(open, h.rows("SELECT order_id, ' ', receipt FROM v_receipts_open ORDER BY order_id")); diff != "" {
		h.t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

func TestWhatIsOpenIsWhatNoParticipantHasConfirmed(t *testing.T) {
	h := migrated(t)
	first := told(0, map[int64][]string{
		1: {schemas.TaskOpen, schemas.TaskIntent, schemas.TaskDone}, 2: {schemas.TaskOpen, schemas.TaskIntent}, 3: {schemas.TaskOpen, schemas.TaskTrashed},
		4: {schemas.TaskOpen}, 5: {schemas.TaskStanding}, 6: {schemas.TaskOpen, schemas.TaskDropped},
	})
	later := told(first.To, map[int64][]string{2: {schemas.TaskDoubt}, 3: {schemas.TaskDropped}, 4: {schemas.TaskIntent, schemas.TaskDone}, 7: {schemas.TaskWaiting}})
	h.write(first)
	h.mustFindOpen("first", "allegro/2 sent", "allegro/3 rejected", "allegro/4 pending")
	h.write(later)
	want := []string{"allegro/2 in_doubt", "allegro/7 pending"}
	h.mustFindOpen("then", want...)
	h.write(first, later, first)
	h.mustFindOpen("told twice", want...)
	h.exec("OPTIMIZE TABLE calls_latest FINAL")
	h.mustFindOpen("merged", want...)
	for when, again := range map[string]func(){
		"an insert that broke off between the two tables was made again": func() { h.write(first, later) },
		"a crash lost it, and the range was repaired": func() {
			for _, b := range []*topics.Block{later, first} {
				if err := h.Repair(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
		},
		"a database of an earlier version was brought up to date": func() {
			h.exec("DROP VIEW told_ledger_erp")
			h.exec("DROP VIEW v_receipts_open")
			if _, err := h.Migrate(t.Context(), topics.Landing(), false); err != nil {
				t.Fatal(err)
			}
		},
	} {
		h.exec("TRUNCATE TABLE calls_latest")
		again()
		h.mustFindOpen(when, want...)
	}
}
