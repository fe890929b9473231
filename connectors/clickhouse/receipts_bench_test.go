package clickhouse_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// receiptRowsVariable is how many rows of the ledger are of orders that are done, beside those that are open.
const receiptRowsVariable = "WAYBILL_RECEIPT_ROWS"

// fillLedger gives the ledger orders of two facts each, the customer and the order: of the first so many the order is not confirmed. A
// confirmed fact has three rows, an open one has one.
func (h *house) fillLedger(open, done int) {
	h.t.Helper()
	for from := 0; from < open+done; from += 100_000 {
		h.exec(fmt.Sprintf(`INSERT INTO ledger_erp (task_task_id, task_party, task_kind, task_order_id, offset, state, attempts, at, their_ref, asked_at, _key, _partition, _offset, _at)
SELECT concat('erp/', kind, ':allegro/', toString(n)) AS id, 'erp', kind, concat('allegro/', toString(n)), n * 2 + j, s, s != 'open',
    toDateTime64('2026-11-20 12:00:00', 3, 'UTC'), if(s = 'done', toString(n), ''), toDateTime64('2026-11-20 11:59:00', 3, 'UTC'), id, 0, n * 6 + j * 3 + k, toDateTime64('2026-11-20 12:00:00', 3, 'UTC')
FROM (SELECT number AS n, arrayJoin([1, 2]) AS j, if(j = 1, 'customer', 'order') AS kind, arrayJoin([0, 1, 2]) AS k, ['open', 'intent', 'done'][k + 1] AS s FROM numbers(%d, %d))
WHERE k = 0 OR j = 1 OR n >= %d`, from, min(100_000, open+done-from), open))
	}
}

// BenchmarkReceipts asks who does not know what, of 100,000 orders that are not confirmed; and says how long the same takes where every
// call is looked at.
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
		"matrix": "SELECT fact, participant, receipt, count(), min(asked_at) FROM %s GROUP BY fact, participant, receipt",
		"oldest": "SELECT order_id, fact, participant, receipt, since FROM %s ORDER BY asked_at LIMIT 1000",
		"every":  "SELECT count() FROM (SELECT order_id, fact, participant, receipt, since, evidence FROM %s)",
	} {
		b.Run(name, func(b *testing.B) {
			began := time.Now()
			h.rows(fmt.Sprintf(query, "(SELECT * FROM v_receipts WHERE receipt NOT IN ('confirmed', 'needless'))"))
			whole := time.Since(began)
			for b.Loop() {
				h.rows(fmt.Sprintf(query, "v_receipts_open"))
			}
			one := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(one.Milliseconds()), "ms/query")
			b.ReportMetric(float64(whole)/float64(one), "times-faster")
		})
	}
}
