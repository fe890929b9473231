package clickhouse_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/topics"
)

// What may be set from outside for a run of another size.
const (
	auditRowsVariable = "WAYBILL_AUDIT_ROWS" // rows of the audit
	auditDSNVariable  = "WAYBILL_AUDIT_DSN"  // http DSN of an empty database to use, or of one that such a run has left: only what is missing is added
)

const (
	eventsAnOrder = 8
	storyDays     = 400       // over which the orders are spread
	fillRows      = 1_000_000 // of one insert, about: the embedded engine gives a query a gigabyte
)

// fillAudit makes the audit of so many rows: orders of three parties, eight events each, over four hundred days, landed in the order
// of their times, so that the events of an order lie in several parts.
func (h *house) fillAudit(rows int) {
	h.t.Helper()
	orders := rows / eventsAnOrder
	fillDays := min(max(fillRows*storyDays/rows, 1), 10) // that one insert covers
	for day := 0; day < storyDays; day += fillDays {
		window := fmt.Sprintf("at >= toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalDay(%d) AND at < toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalDay(%d)", day, day+fillDays)
		if h.one("SELECT count() > 0 FROM audit WHERE "+window) == "true" {
			continue
		}
		from := max(0, orders*(day-6)/storyDays)
		to := orders * (day + fillDays) / storyDays
		h.exec(fmt.Sprintf(`INSERT INTO audit (order_id, at, topic, partition, offset, kind, summary, party, seller, event_id, cause, origin, run_id, mode, mapping_version)
WITH ['orders.raw', 'orders.normalized', 'id.map', 'orders.placed', 'shipments', 'shipments', 'tracking.events', 'receipts'] AS roads,
    ['received', 'normalized', 'linked', 'placed', 'requested', 'booked', 'in_transit', 'told'] AS kinds,
    [0, 1, 1, 4, 7200, 7203, 97200, 97260] AS delays,
    ['allegro', 'amazon', 'kaufland'] AS parties,
    number AS n, parties[1 + n %% 3] AS p, lower(hex(sipHash128(n))) AS x
SELECT concat(p, '/', x), toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(intDiv(n * %[4]d * 86400000, %[3]d) + delays[j] * 1000 + n %% 977) AS at,
    roads[j], n %% 4, intDiv(n, 4) * 2 + (j = 6), kinds[j], concat(kinds[j], ' ', toString(n %% 9973), ' ', p), p, 'default',
    concat(roads[j - (j > 1)], '/', toString(n %% 4), '/', toString(intDiv(n, 4) * 2 + (j = 7)), '#0'),
    if(j = 1, '', concat(roads[j - 1], '/', toString(n %% 4), '/', toString(intDiv(n, 4) * 2 + (j = 7)))),
    'webhook', concat('normalize-1-', toString(intDiv(n, 100000))), 'live', if(j = 2, concat(p, '/1'), '')
FROM (SELECT number, arrayJoin(range(1, 9)) AS j FROM numbers(%[1]d, %[2]d)) WHERE %[5]s`,
			from, to-from, max(orders, 1), storyDays, window))
	}
}

// benchHouse is a migrated database: one that is named, or one of the test's own.
func benchHouse(b *testing.B) *house {
	dsn := os.Getenv(auditDSNVariable)
	if dsn == "" {
		return migrated(b)
	}
	h := on(b, dsn)
	if _, err := h.Migrate(b.Context(), topics.Landing(), false); err != nil {
		b.Fatal(err)
	}
	return h
}

// BenchmarkTimeline looks orders up in an audit of so many rows.
func BenchmarkTimeline(b *testing.B) {
	rows := 400_000
	if text := os.Getenv(auditRowsVariable); text != "" {
		var err error
		if rows, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	h := benchHouse(b)
	h.fillAudit(rows)
	b.Logf("%s rows, parts: %s, %s bytes", h.one("SELECT count() FROM audit"),
		h.one("SELECT count() FROM system.parts WHERE active AND table = 'audit' AND database = currentDatabase()"),
		h.one("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'audit' AND database = currentDatabase()"))
	var took []time.Duration
	var read []int
	orphans := 0
	for b.Loop() {
		order := h.one(fmt.Sprintf("SELECT lower(hex(sipHash128(toUInt64(%d))))", rand.IntN(rows/eventsAnOrder/2)))
		for _, party := range []string{"allegro", "amazon", "kaufland"} {
			began := time.Now()
			events, err := h.Timeline(b.Context(), party+"/"+order)
			took = append(took, time.Since(began))
			if err != nil {
				b.Fatal(err)
			}
			orphans += orphansOf(events)
			read = append(read, h.rowsRead(clickhouse.TimelineQuery, party+"/"+order, 1000))
		}
	}
	slices.Sort(took)
	slices.Sort(read)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(read[len(read)/2]), "p50-rows-read")
	b.ReportMetric(float64(read[len(read)-1]), "max-rows-read")
	b.ReportMetric(float64(orphans), "orphans")
}

// orphansOf counts the events whose cause is not among them.
func orphansOf(events []clickhouse.TimelineEvent) (orphans int) {
	known := map[string]bool{"": true}
	for _, e := range events {
		known[fmt.Sprintf("%s/%d/%d", e.Topic, e.Partition, e.Offset)] = true
	}
	for _, e := range events {
		if !known[e.Cause] {
			orphans++
		}
	}
	return orphans
}

// rowsRead is how many rows the server has read to answer a query, as it says itself.
func (h *house) rowsRead(query string, arguments ...any) int {
	h.t.Helper()
	at, err := url.Parse(h.dsn)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, a := range arguments {
		query = strings.Replace(query, "?", literal(a), 1)
	}
	query += " SETTINGS use_query_condition_cache = 0 FORMAT JSON"
	answer, err := http.Post("http://"+at.Host+"/?database="+strings.Trim(at.Path, "/"), "text/plain", strings.NewReader(query))
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		h.t.Fatalf("%v: %s", err, text)
	}
	var said struct {
		Statistics struct {
			Rows int `json:"rows_read"`
		} `json:"statistics"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		h.t.Fatalf("%v: %s", err, text)
	}
	return said.Statistics.Rows
}

// literal is a value as SQL has it.
func literal(value any) string {
	switch v := value.(type) {
	case string:
		return "'" + strings.ReplaceAll(v, "'", `\'`) + "'"
	case []string:
		all := make([]string, len(v))
		for i := range v {
			all[i] = literal(v[i])
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	return fmt.Sprint(value)
}
