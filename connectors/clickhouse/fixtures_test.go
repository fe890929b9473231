package clickhouse_test

import (
	"fmt"
	"testing"
	"time"

	ch "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"waybill/connectors/clickhouse"
	"waybill/internal/embedded/enginetest"
	"waybill/schemas"
	"waybill/topics"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// noon is when every story begins.
var noon = schemas.At(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))

// house is a migrated database, and a connection of the test's own that sees what is really there.
type house struct {
	*clickhouse.ClickHouse
	t    testing.TB
	dsn  string
	conn driver.Conn
}

func open(t testing.TB) *house {
	t.Helper()
	return on(t, enginetest.Start(t))
}

// on is the database of a DSN.
func on(t testing.TB, dsn string) *house {
	t.Helper()
	h := &house{t: t, dsn: dsn}
	c, err := clickhouse.Open(t.Context(), h.dsn, clickhouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	options, err := ch.ParseDSN(h.dsn)
	if err != nil {
		t.Fatal(err)
	}
	h.ClickHouse = c
	if h.conn, err = ch.Open(options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); h.conn.Close() })
	return h
}

func migrated(t testing.TB) *house {
	t.Helper()
	h := open(t)
	if _, err := h.Migrate(t.Context(), topics.Landing(), false); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) write(blocks ...*topics.Block) {
	h.t.Helper()
	for _, b := range blocks {
		if err := h.Write(h.t.Context(), b); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) exec(statement string) {
	h.t.Helper()
	if err := h.conn.Exec(h.t.Context(), statement); err != nil {
		h.t.Fatalf("%s: %v", statement, err)
	}
}

// rows are the rows of a query, a text each.
func (h *house) rows(query string) (texts []string) {
	h.t.Helper()
	err := h.Query(h.t.Context(), query, func(_ []string, values []any) error {
		texts = append(texts, fmt.Sprint(values...))
		return nil
	})
	if err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return texts
}

// one is the one value of a query.
func (h *house) one(query string) string {
	h.t.Helper()
	rows := h.rows(query)
	if len(rows) != 1 {
		h.t.Fatalf("%s: %d rows", query, len(rows))
	}
	return rows[0]
}

// numbers are all that must stay the same when something lands again: of every table the distinct rows, and every rollup.
func (h *house) numbers() map[string]string {
	h.t.Helper()
	numbers := map[string]string{}
	for name, query := range map[string]string{
		"orders_raw":            "SELECT count(), sum(cityHash64(*)) FROM orders_raw FINAL",
		"orders_normalized":     "SELECT count(), sum(cityHash64(order_id, _offset, total)) FROM orders_normalized FINAL",
		"trash":                 "SELECT count() FROM trash FINAL",
		"audit":                 "SELECT count(), sum(cityHash64(*)) FROM audit FINAL",
		"landed":                "SELECT count(), sum(records), sum(superseded) FROM landed FINAL",
		"v_audit_per_minute":    "SELECT count(), sum(events), sum(cityHash64(*)) FROM v_audit_per_minute",
		"v_orders_per_minute":   "SELECT count(), sum(orders), sum(cancelled), sum(revenue), sum(cityHash64(*)) FROM v_orders_per_minute",
		"v_orders_current":      "SELECT count(), sum(total) FROM v_orders_current",
		"v_orders_current as T": "SELECT count(), uniqExact(order_id) FROM v_orders_current",
	} {
		numbers[name] = h.one(query)
	}
	return numbers
}

func order(n int, change string, minor int64, currency string) *schemas.Order {
	money := schemas.Money{Minor: minor, Currency: currency}
	updated := noon + schemas.Millis(n)
	return &schemas.Order{
		OrderID: fmt.Sprintf("allegro/%06d", n), Party: "allegro", Seller: "acme", Channel: "allegro", Marketplace: "allegro-pl",
		Ref: fmt.Sprintf("%06d", n), Change: change, Status: schemas.StatusReady, ChannelStatus: "READY_FOR_PROCESSING",
		FulfilledBy: schemas.FulfilledBySeller, PlacedAt: noon, UpdatedAt: &updated, Total: money,
		Lines: []schemas.Line{
			{LineRef: "1", OfferRef: "777", SKU: "SKU-1", Title: "Zażółć gęślą", Quantity: 2, UnitPrice: money, ListPrice: money, LineTotal: money, Discounts: []string{"coupon", "bundle"}},
			{LineRef: "2", OfferRef: "778", SKU: "SKU-2", Quantity: 1, UnitPrice: money, ListPrice: money, LineTotal: money},
		},
		Charges:  []schemas.Charge{{Kind: schemas.ChargeShipping, Quantity: 1, Amount: money}},
		Payments: []schemas.Payment{{Ref: "p", Kind: schemas.PaymentOrder, Method: schemas.MethodOnline, Paid: &money, PaidAt: &updated}, {Kind: schemas.PaymentOrder}},
		ShipTo:   &schemas.Person{Name: "Jiří Novák", City: "Plzeň", Country: "CZ", PostalCode: "30100"},
		Packages: 1, Mapping: "allegro/1", SellerNote: schemas.Text("handle \x00 with care"),
	}
}

// block is a block of values, their offsets from from on, a second apart.
func block(topic *topics.Topic, partition int32, from int64, values ...any) *topics.Block {
	b := &topics.Block{Topic: topic, Partition: partition, From: from, To: from + int64(len(values)), Promised: len(values)}
	for i, value := range values {
		b.Events = append(b.Events, landed(topic, partition, from+int64(i), value))
	}
	return b
}

func landed(topic *topics.Topic, partition int32, offset int64, value any) topics.Landed {
	e := topics.Landed{Event: topics.Event{
		Topic: topic, Partition: partition, Offset: offset, Value: value, At: noon + schemas.Millis(offset*1000),
		Headers: []topics.Header{
			{Key: topics.HeaderOrigin, Value: []byte(schemas.OriginFeed)},
			{Key: topics.HeaderMode, Value: []byte(topics.ModeLive)},
			{Key: topics.HeaderRunID, Value: []byte("run-1")},
		},
	}}
	switch v := value.(type) {
	case *schemas.Order:
		e.Key = v.OrderID
		e.Headers = append(e.Headers, topics.Header{Key: topics.HeaderCause, Value: []byte(schemas.Position("orders.raw", partition, offset))})
	case *schemas.RawOrder:
		e.Key, e.Raw = v.OrderID, v.Body.Bytes
	case *schemas.TrashEntry:
		e.Key = v.TrashID
	case *schemas.TrashNote:
		e.Key = v.NoteID
	}
	return e
}

// orders is a block of n orders, of two currencies, every tenth a cancellation.
func orders(partition int32, from int64, n int) *topics.Block {
	values := make([]any, n)
	for i := range n {
		currency, change := "PLN", schemas.ChangeReceived
		if i%3 == 0 {
			currency = "JPY"
		}
		if i%10 == 9 {
			change = schemas.ChangeCancelled
		}
		values[i] = order(int(partition)*1_000_000+int(from)+i, change, 53_414+int64(i), currency)
	}
	return block(topics.OrdersNormalized, partition, from, values...)
}

func raw(n int, body []byte) *schemas.RawOrder {
	return &schemas.RawOrder{
		OrderID: fmt.Sprintf("allegro/%06d", n), Party: "allegro", Seller: "acme", Channel: "allegro", Ref: fmt.Sprintf("%06d", n),
		Origin: schemas.OriginFeed, ReceivedAt: noon, ContentType: "application/json",
		Headers: []schemas.Header{{Name: "user-agent", Value: "x"}}, Body: schemas.Body{Bytes: body},
	}
}

func trashed(n int, state string) *schemas.TrashEntry {
	entry := &schemas.TrashEntry{
		TrashID: schemas.TrashID("normalize", "orders.raw", 0, int64(n)), Step: "normalize", State: state, Class: schemas.ClassInvalid,
		Reason: "the buyer has no postal code", Faults: []schemas.Fault{{Code: "missing_postal_code", Path: "$.delivery.address", Text: "missing"}},
		Fingerprint: "normalize/missing_postal_code", Attempts: 1, FirstAt: noon, OrderID: fmt.Sprintf("allegro/%06d", n), Party: "allegro",
		Seller: "acme", Topic: "orders.raw", Offset: int64(n), Value: schemas.Text("{}"),
	}
	if state != schemas.TrashOpen {
		entry.Value, entry.Resolution = nil, "resubmitted"
	}
	return entry
}
