package clickhouse_test

import (
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

func TestMoneyIsExact(t *testing.T) {
	h := migrated(t)
	for i, c := range []struct {
		minor          int64
		currency, want string
	}{
		{53_414, "PLN", "534.1400PLN"},
		{1_200, "JPY", "1200.0000JPY"},
		{-1, "EUR", "-0.0100EUR"},
		{-70_000, "JPY", "-70000.0000JPY"},
		{1_234_567, "KWD", "1234.5670KWD"},
		{1, "CLF", "0.0001CLF"},
		{schemas.MinorMax, "JPY", "1000000000000000.0000JPY"},
		{-schemas.MinorMax, "PLN", "-10000000000000.0000PLN"},
	} {
		h.write(block(topics.OrdersNormalized, 0, int64(i), order(i, schemas.ChangeReceived, c.minor, c.currency)))
		where := " FROM orders_normalized WHERE _offset = " + h.one("SELECT max(_offset) FROM orders_normalized")
		if got := h.one("SELECT toDecimalString(total, 4) || total_currency" + where); got != c.want {
			t.Errorf("total: got %s, want %s", got, c.want)
		}
		if got := h.one("SELECT toDecimalString(lines_line_total[2], 4) || lines_line_total_currency[2]" + where); got != c.want {
			t.Errorf("line total: got %s, want %s", got, c.want)
		}
	}
}

func TestARecordBecomesColumns(t *testing.T) {
	h := migrated(t)
	h.write(block(topics.OrdersNormalized, 3, 41, order(1, schemas.ChangeReceived, 53_414, "PLN")))
	for expression, want := range map[string]string{
		"order_id":                            "allegro/000001",
		"ship_to_city":                        "Plzeň",
		"buyer_city":                          "", // a null record
		"toString(ship_by)":                   "<nil>",
		"toString(updated_at)":                "2026-11-20 12:00:00.001",
		"lines_sku":                           "[SKU-1 SKU-2]",
		"lines_quantity":                      "[2 1]",
		"lines_discounts":                     "[[coupon bundle] []]",
		"payments_paid":                       "[534.14 <nil>]",
		"payments_paid_currency":              "[PLN ]",
		"payments_paid_at":                    "[2026-11-20T12:00:00.001Z <nil>]",
		"charges_amount":                      "[534.14]",
		"warnings_code":                       "[]",
		"hex(seller_note)":                    "68616E646C65200020776974682063617265",
		"_partition, _offset, _key":           "3 41allegro/000001",
		"_at":                                 "2026-11-20T12:00:41Z",
		"_event_id, ' ', _cause":              "orders.normalized/3/41 orders.raw/3/41",
		"_origin, _mode, _run_id":             "feedliverun-1",
		"_unreadable, _deleted":               "false",
		"_unreadable_value = '', packages":    "1 1",
		"length(lines_title), lines_line_ref": "2 [1 2]",
	} {
		if got := h.one("SELECT " + expression + " FROM orders_normalized"); got != want {
			t.Errorf("%s: got %q, want %q", expression, got, want)
		}
	}
}

func TestARecordThatCannotBeReadLandsWithItsReason(t *testing.T) {
	h := migrated(t)
	b := block(topics.OrdersNormalized, 0, 5, nil)
	b.Events[0].Key, b.Events[0].Fault, b.Events[0].Raw = "allegro/77", "unknown schema id 9", []byte{0, 0, 0, 0, 9, 0xff}
	h.write(b)
	if got := h.one("SELECT order_id, ' ', _unreadable, ' ', hex(_unreadable_value), ' ', _deleted FROM orders_normalized"); got != "allegro/77 unknown schema id 9 0000000009FF false" {
		t.Errorf("the row is %s", got)
	}
	if got := h.one("SELECT order_id, ' ', kind, ' ', summary, ' ', party FROM audit"); got != "allegro/77 unreadable unknown schema id 9 allegro" {
		t.Errorf("the audit says %s", got)
	}
	if got := h.one("SELECT count() FROM v_orders_per_minute"); got != "0" {
		t.Errorf("%s minutes have an order that nobody could read", got)
	}
	if got := h.one("SELECT count() FROM v_orders_current"); got != "0" {
		t.Errorf("%s orders are current that nobody could read", got)
	}
}

func TestATombstoneLandsAsOne(t *testing.T) {
	h := migrated(t)
	closed := block(topics.Trash, 0, 0, trashed(1, schemas.TrashOpen), nil)
	closed.Events[1].Key = closed.Events[0].Key
	closed.Events[1].Headers = []topics.Header{{Key: topics.HeaderOrderID, Value: []byte("allegro/000001")}}
	h.write(closed)
	if got := h.one("SELECT trash_id, ' ', _deleted, ' ', state FROM trash WHERE _offset = 1"); got != closed.Events[0].Key+" true " {
		t.Errorf("the row is %s", got)
	}
	if got := h.one("SELECT order_id, ' ', kind, ' ', party FROM audit WHERE offset = 1"); got != "allegro/000001 deleted allegro" {
		t.Errorf("the audit says %s", got)
	}
	if got := h.one("SELECT count() FROM v_trash"); got != "0" {
		t.Errorf("v_trash shows %s entries that were deleted", got)
	}
}

func TestWhatWasDeletedIsNotWhatItWasBefore(t *testing.T) {
	h := migrated(t)
	pair := &schemas.CatalogueEntry{Party: "allegro", OfferRef: "9", SKU: "TEA", Quantity: "1", Unit: schemas.UnitPiece}
	put := block(topics.IDCatalogue, 0, 0, pair, pair, nil)
	for i, key := range []string{"allegro/8", "allegro/9", "allegro/9"} {
		put.Events[i].Key = key
	}
	h.write(put)
	if got := h.one("SELECT arraySort(groupArray(_key)) FROM v_catalogue"); got != "[allegro/8]" {
		t.Errorf("the catalogue is %s", got)
	}
}

func TestAnOddDateDoesNotKeepAnOrderFromLanding(t *testing.T) {
	h := migrated(t)
	never := order(1, schemas.ChangeReceived, 1, "PLN")
	year9999, year1 := schemas.Millis(253402300799000), schemas.Millis(-62135596800000)
	never.ShipBy, never.DeliverBy, never.PlacedAt = &year9999, &year1, -1<<62
	b := block(topics.OrdersNormalized, 0, 0, never, never)
	b.Events[1].At = 1 << 62
	h.write(b)
	if got := h.one("SELECT toYear(assumeNotNull(ship_by)), toYear(assumeNotNull(deliver_by)), toYear(placed_at) FROM orders_normalized WHERE _offset = 0"); got != "2261 1900 1900" {
		t.Errorf("the years are %s", got)
	}
	if got := h.one("SELECT sum(orders) FROM v_orders_per_minute"); got != "2" {
		t.Errorf("the minutes have %s orders, want 2", got)
	}
}
