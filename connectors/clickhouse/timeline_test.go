package clickhouse_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
	"waybill/topics"
)

func sprint(v any) string { return fmt.Sprint(v) }

// positions are the events of an order's timeline, in order.
func (h *house) positions(order string) (positions []string) {
	h.t.Helper()
	events, err := h.Timeline(h.t.Context(), order)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range events {
		positions = append(positions, schemas.Position(e.Topic, e.Partition, e.Offset))
	}
	return positions
}

func causedBy(b *topics.Block, cause string, at schemas.Millis) *topics.Block {
	b.Events[0].Headers = []topics.Header{{Key: topics.HeaderCause, Value: []byte(cause)}}
	b.Events[0].At = at
	return b
}

func TestATimelineIsInOrderAndCausesStandFirst(t *testing.T) {
	h := migrated(t)
	one := order(1, schemas.ChangeReceived, 1, "PLN")
	amended := order(1, schemas.ChangeAmended, 2, "PLN")
	h.write(
		causedBy(block(topics.OrdersNormalized, 0, 0, one), "orders.raw/0/7", noon), // in the same millisecond
		causedBy(block(topics.OrdersRaw, 0, 7, raw(1, nil)), "", noon),
		causedBy(block(topics.OrdersRaw, 0, 9, raw(1, nil)), "", noon+1000),
		causedBy(block(topics.OrdersNormalized, 0, 1, amended), "orders.raw/0/9", noon+990),       // by a clock that is behind
		causedBy(block(topics.Trash, 0, 0, trashed(1, schemas.TrashOpen)), "trash/0/0", noon+500), // a header that lies
		causedBy(block(topics.OrdersNormalized, 0, 2, order(2, schemas.ChangeReceived, 1, "PLN")), "", noon),
	)
	want := []string{"orders.raw/0/7", "orders.normalized/0/0", "trash/0/0", "orders.raw/0/9", "orders.normalized/0/1"}
	if diff := cmp.Diff(want, h.positions("allegro/000001")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := h.positions("allegro/nobody's"); len(got) != 0 {
		t.Errorf("an order that nothing is known of has %v", got)
	}
}

func TestATimelineShowsARepeatedRecordOnce(t *testing.T) {
	h := migrated(t)
	h.write(orders(0, 0, 2), orders(0, 0, 1)) // two ranges, two tokens
	if got := h.positions("allegro/000000"); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestTheViewsAnswer(t *testing.T) {
	h := migrated(t)
	h.write(
		block(topics.OrdersNormalized, 0, 0,
			order(1, schemas.ChangeReceived, 10_000, "PLN"), order(2, schemas.ChangeReceived, 500, "JPY"),
			order(1, schemas.ChangeAmended, 9_000, "PLN"), order(2, schemas.ChangeCancelled, 500, "JPY")),
		block(topics.Trash, 0, 0, trashed(1, schemas.TrashOpen), trashed(2, schemas.TrashOpen), trashed(1, schemas.TrashRepaired)),
	)
	for query, want := range map[string][]string{
		"SELECT order_id, change, toString(total) FROM v_orders_current ORDER BY 1":                                                         {"allegro/000001amended90", "allegro/000002cancelled500"},
		"SELECT toString(minute), party, channel, currency, orders, amended, cancelled, revenue FROM v_orders_per_minute ORDER BY currency": {"2026-11-20 12:00:00allegroallegroJPY1 0 1500", "2026-11-20 12:00:00allegroallegroPLN1 1 0100"},
		"SELECT step, class, reason, codes, age_seconds > 0, order_id FROM v_trash":                                                         {"normalizeinvalidthe buyer has no postal code[missing_postal_code] 1allegro/000002"},
		"SELECT topic, kind, events FROM v_audit_per_minute ORDER BY topic, kind": {
			"orders.normalizedamended1", "orders.normalizedcancelled1", "orders.normalizednormalized2", "trashrepaired1", "trashtrashed2",
		},
	} {
		if diff := cmp.Diff(want, h.rows(query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

// TestRollupsReadOnlyWhatTheyNeed: without the projections every block would scan its whole table.
func TestRollupsReadOnlyWhatTheyNeed(t *testing.T) {
	h := migrated(t)
	h.write(orders(0, 0, 20_000))
	for query, projection := range map[string]string{
		"SELECT DISTINCT _at, _partition, _offset, total FROM orders_normalized WHERE _at >= toDateTime64(1795176000, 3, 'UTC') AND _at < toDateTime64(1795176060, 3, 'UTC') AND _unreadable = ''": "minutes",
		"SELECT count(), uniqExact(_offset) FROM orders_normalized WHERE _partition = 0 AND _offset >= 5 AND _offset < 10":                                                                         "positions",
		"SELECT at, kind, groupBitmapState(toUInt64(offset)) FROM audit WHERE topic = 'orders.normalized' AND partition = 0 AND offset >= 5 AND offset < 10 GROUP BY at, kind":                     "positions",
	} {
		plan := sprint(h.rows("EXPLAIN " + query))
		if !contains(plan, "ReadFromMergeTree ("+projection+")") {
			t.Errorf("%s does not use the projection %s:\n%s", query, projection, plan)
		}
	}
}

func link(party, kind, ref, order string) *schemas.Link {
	return &schemas.Link{Party: party, Kind: kind, Ref: ref, OurID: order, At: noon, By: "test"}
}

// linked is a block of one link, under its key.
func linked(offset int64, l *schemas.Link) *topics.Block {
	b := block(topics.IDMap, 0, offset, l)
	b.Events[0].Key = schemas.LinkKey(l.Party, l.Kind, l.Ref)
	return b
}

func TestAnOrderIsFoundByWhateverAnyoneCallsIt(t *testing.T) {
	h := migrated(t)
	h.write(
		block(topics.OrdersNormalized, 0, 0, order(1, schemas.ChangeReceived, 1, "PLN"), order(2, schemas.ChangeReceived, 1, "PLN")),
		linked(0, link("kaufland", schemas.LinkUnit, "314", "kaufland/M1")),
		linked(1, link("erp", schemas.LinkOrder, "SO-7", "allegro/000001")),
		linked(2, link("erp", schemas.LinkOrder, "SO-7", "allegro/000002")), // a later word
		linked(3, link("dhl", schemas.LinkTracking, "SO-7", "parcel 1")),
		linked(4, link("erp", schemas.LinkOrder, "000001", "kaufland/M1")), // two orders that somebody calls the same
		linked(5, link("dhl", schemas.LinkTracking, "00340", "allegro/000002")),
	)
	parties := []string{"allegro", "kaufland", "erp", "dhl"}
	for ref, want := range map[string][]string{
		"000002": {"allegro/000002"},
		"314":    {"kaufland/M1"},
		"00340":  {"allegro/000002"},
		"SO-7":   {"allegro/000002"},
		"000001": {"allegro/000001", "kaufland/M1"},
		"nobody": nil,
	} {
		got, err := h.OrdersNamed(t.Context(), ref, parties)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s (-want +got), %v:\n%s", ref, err, diff)
		}
	}
}

// TestALookUpReadsOnlyWhatHoldsTheOrder: without the index a granule of each part is read, and the parts grow with the months.
func TestALookUpReadsOnlyWhatHoldsTheOrder(t *testing.T) {
	h := migrated(t)
	h.exec("SYSTEM STOP MERGES audit")
	const months, orders = 12, 3000
	for month := range months {
		h.exec(fmt.Sprintf(`INSERT INTO audit (order_id, at, topic, partition, offset, kind)
			SELECT concat('allegro/', leftPad(toString(cityHash64(number) %% 1000000), 6, '0')), toDateTime64('2026-01-15 12:00:00', 3, 'UTC') + toIntervalMonth(%[1]d), 'orders.raw', 0, number, 'received'
			FROM numbers(%[2]d, %[3]d)`, month, month*orders, orders))
	}
	order := h.one(fmt.Sprintf("SELECT order_id FROM audit WHERE offset = %d", 5*orders+7))
	if parts := h.one("SELECT uniqExact(_part) FROM audit WHERE order_id = '" + order + "'"); parts != "1" {
		t.Fatalf("the order lies in %s parts; take another", parts)
	}
	if read := h.rowsRead(clickhouse.TimelineQuery, order, months); read == 0 || read > orders {
		t.Errorf("%d rows were read; the part with the order has %d, and there are %d", read, orders, months)
	}
	if read := h.rowsRead(clickhouse.TimelineQuery, "allegro/nobody's", months); read != 0 {
		t.Errorf("%d rows were read for an order that is not there", read)
	}
}
