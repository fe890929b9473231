package clickhouse_test

import (
	"fmt"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// parted is an order of a line of three pieces and one of two, of which some are cancelled and some have left, and what is said of its shipments.
func parted(n int, cancelled, left, asked int64, status, by string, shipped int64) (order *schemas.Order, said []any) {
	order = &schemas.Order{
		OrderID: fmt.Sprint("allegro/", n), Party: "allegro", Status: status, FulfilledBy: schemas.FulfilledBySeller, PlacedAt: noon,
		Lines: []schemas.Line{{LineRef: "1", SKU: "MUG", Quantity: 3, Cancelled: cancelled, Shipped: shipped}, {LineRef: "2", SKU: "TEA", Quantity: 2, FulfilledBy: by}},
	}
	say := func(ref, state string, pieces int64) {
		s := &schemas.Shipment{ShipmentID: order.OrderID + "#" + ref, OrderID: order.OrderID, Party: "allegro", Ref: ref, State: state, At: noon}
		if pieces > 0 {
			s.Lines = []schemas.ShipmentLine{{LineRef: "1", SKU: "MUG", Quantity: pieces}}
		}
		said = append(said, s)
	}
	say("held", schemas.ShipmentHeld, 0)
	say("back", schemas.ShipmentRequested, 1)
	say("back", schemas.ShipmentRecalled, 1)
	say("back", schemas.ShipmentCancelled, 1)
	for i := range left {
		say(fmt.Sprint("left", i), schemas.ShipmentRequested, 1)
		say(fmt.Sprint("left", i), schemas.ShipmentHandedOver, 1)
	}
	if asked > 0 {
		say("asked", schemas.ShipmentRequested, asked)
	}
	return order, said
}

// For every way in which the pieces of an order can stand, the view counts what schemas.Order.Fulfilment counts (item 78).
func TestTheViewCountsPiecesAsTheStepDoes(t *testing.T) {
	h := migrated(t)
	var orders, shipments []any
	want := map[string]string{}
	for _, status := range []string{schemas.StatusReady, schemas.StatusShipped, schemas.StatusCancelled} {
		for _, by := range []string{"", schemas.FulfilledBySeller, schemas.FulfilledByChannel, schemas.FulfilledByDownload} {
			for way := range int64(4 * 4 * 2 * 3) {
				cancelled, left, asked, shipped := way%4, way/4%4, way/16%2, way/32
				order, said := parted(len(orders)/2, cancelled, left, asked, status, by, shipped)
				older := *order
				older.Lines = []schemas.Line{{LineRef: "1", SKU: "MUG", Quantity: 9}}
				orders, shipments = append(orders, &older, order), append(shipments, said...)
				lines, state := order.Fulfilment(map[string]int64{"1": left})
				for i, l := range lines {
					in := int64(0)
					if i == 0 {
						in = min(l.Open, asked)
					}
					want[order.OrderID+" "+l.LineRef] = fmt.Sprint(l.Ordered, l.Shipped, l.Cancelled, l.Open, in, state)
				}
			}
		}
	}
	h.write(block(topics.OrdersNormalized, 0, 0, orders...), block(topics.Shipments, 0, 0, shipments...))
	counted := 0
	err := h.Query(t.Context(), "SELECT order_id, line_ref, ordered, shipped, cancelled, open, in_shipment, state FROM v_fulfilment", func(_ []string, v []any) error {
		counted++
		id := fmt.Sprint(v[0], " ", v[1])
		if got := fmt.Sprint(v[2], v[3], v[4], v[5], v[6], v[7]); got != want[id] {
			t.Errorf("%s is %s, want %s", id, got, want[id])
		}
		return nil
	})
	if err != nil || counted != len(want) {
		t.Errorf("%d lines of %d were counted, %v", counted, len(want), err)
	}
}

// Of what left without a label of ours nobody knows what is in it: it is taken for all of the order.
func TestWhatLeftWithoutALabelIsTakenForAllOfIt(t *testing.T) {
	h := migrated(t)
	order, said := parted(1, 1, 0, 0, schemas.StatusReady, "", 0)
	said = append(said, &schemas.Shipment{ShipmentID: "allegro/1#x", OrderID: order.OrderID, Party: "allegro", Ref: "x", State: schemas.ShipmentHandedOver, Reason: schemas.HeldLeftWithout, At: noon})
	h.write(block(topics.OrdersNormalized, 0, 0, order), block(topics.Shipments, 0, 0, said...))
	lines, err := h.Fulfilment(t.Context(), order.OrderID)
	if err != nil || len(lines) != 2 || lines[0].Shipped != 2 || lines[0].Cancelled != 1 || lines[1].Shipped != 2 || lines[0].State != schemas.FulfilmentComplete {
		t.Errorf("it stands as %+v, %v", lines, err)
	}
	if none, err := h.Fulfilment(t.Context(), "allegro/404"); err != nil || none != nil {
		t.Errorf("of an order that nobody knows there is %+v, %v", none, err)
	}
}

// What was paid back is that of the order's last word, and told only of orders whose channel says how much.
func TestWhatWasPaidBackIsThatOfTheLastWord(t *testing.T) {
	h := migrated(t)
	order := func(n int, back ...int64) *schemas.Order {
		o, _ := parted(n, 0, 0, 0, schemas.StatusReady, "", 0)
		for _, minor := range back {
			o.Refund = &schemas.Refund{Amount: schemas.Money{Minor: minor, Currency: "JPY"}, Paid: schemas.Money{Minor: 500, Currency: "JPY"}}
		}
		return o
	}
	h.write(block(topics.OrdersNormalized, 0, 0, order(1), order(1, 200), order(1, 500), order(2), order(3, 501)))
	for id, want := range map[string]string{"allegro/1": "500 of 500 JPY, false", "allegro/2": "none", "allegro/3": "501 of 500 JPY, true"} {
		r, err := h.Refund(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if r != nil {
			got = fmt.Sprintf("%s of %s %s, %v", r.Amount, r.Paid, r.Currency, r.Exceeds)
		}
		if got != want {
			t.Errorf("%s: paid back is %s, want %s", id, got, want)
		}
	}
}
