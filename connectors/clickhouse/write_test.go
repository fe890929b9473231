package clickhouse_test

import (
	"testing"

	"waybill/topics"

	"github.com/google/go-cmp/cmp"
)

func TestABlockThatIsWrittenAgainChangesNothing(t *testing.T) {
	h := migrated(t)
	blocks := []*topics.Block{
		block(topics.OrdersRaw, 0, 0, raw(1, []byte("{}")), raw(2, []byte("[]"))),
		orders(0, 0, 200), orders(1, 0, 100), orders(0, 200, 50),
	}
	h.write(blocks...)
	want := h.numbers()
	t.Log(want)
	if want["orders_normalized"] == "" || h.one("SELECT count() FROM orders_normalized FINAL") != "350" {
		t.Fatalf("after the first time: %v", want)
	}
	for range 3 {
		h.write(blocks...)
	}
	if diff := cmp.Diff(want, h.numbers()); diff != "" {
		t.Errorf("written four times, the numbers changed (-once +four times):\n%s", diff)
	}
}

func TestATimelineIsInOrder(t *testing.T) {
	h := migrated(t)
	h.write(orders(0, 0, 3), block(topics.OrdersRaw, 0, 0, raw(0, nil), raw(1, nil), raw(2, nil)))
	events, err := h.Timeline(t.Context(), "allegro/000001")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", events)
	if len(events) != 2 || events[0].Topic != "orders.raw" || events[1].Cause != "orders.raw/0/1" {
		t.Errorf("got %+v", events)
	}
}
