package clickhouse_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// receiptRowsVariable is how many rows of the ledger are of orders that are done, beside those that are open.
const receiptRowsVariable = "WAYBILL_RECEIPT_ROWS"

// fillLedger gives the ledger orders of two facts each, the customer and the order: of the first so many the order is not confirmed.
func (h *house) fillLedger(open, done int) {
	h.t.Helper()
	for from := 0; from < open+done; from += 250_000 {
		h.exec(fmt.Sprintf(`INSERT INTO ledger_erp (task_task_id, task_party, task_kind, task_order_id, state, attempts, at, their_ref, asked_at, _key, _partition, _offset, _at)
SELECT concat('erp/', kind, ':allegro/', toString(n)) AS id, 'erp', kind, concat('allegro/', toString(n)), if(j = 2 AND n < %d, 'open', 'done') AS s, 1,
    toDateTime64('2026-11-20 12:00:00', 3, 'UTC'), if(s = 'done', toString(n), ''), toDateTime64('2026-11-20 11:59:00', 3, 'UTC'), id, 0, n * 2 + j, toDateTime64('2026-11-20 12:00:00', 3, 'UTC')
FROM (SELECT number AS n, arrayJoin([1, 2]) AS j, if(j = 1, 'customer', 'order') AS kind FROM numbers(%d, %d))`, open, from, min(250_000, open+done-from)))
	}
}

// BenchmarkReceipts asks who does not know what, of 100,000 orders that are not confirmed.
func BenchmarkReceipts(b *testing.B) {
	const open = 100_000
	done := 0
	if text := os.Getenv(receiptRowsVariable); text != "" {
		var err error
		if done, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	h := migrated(b)
	h.fillLedger(open, done)
	for name, query := range map[string]string{
		"matrix": "SELECT fact, participant, receipt, count(), min(asked_at) FROM v_receipts_open GROUP BY fact, participant, receipt",
		"oldest": "SELECT order_id, fact, participant, receipt, since FROM v_receipts_open ORDER BY asked_at LIMIT 1000",
		"every":  "SELECT count() FROM (SELECT order_id, fact, participant, receipt, since, evidence FROM v_receipts_open)",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h.rows(query)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/query")
		})
	}
}
