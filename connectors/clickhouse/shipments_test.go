package clickhouse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
	"waybill/topics"
)

// said is a word about a shipment of an order.
func said(order, state string, generation, part, parts int64, numbers ...string) *schemas.Shipment {
	s := &schemas.Shipment{
		ShipmentID: order + "#17", OrderID: order, Party: "allegro", Ref: "17", State: state, Generation: generation, Part: part, Parts: parts, Carrier: "dhl", At: noon,
		ShipBy: new(schemas.At(noon.Time().Add(2 * time.Hour))),
	}
	for _, number := range numbers {
		s.Parcels = append(s.Parcels, schemas.ShipmentParcel{Number: number})
	}
	return s
}

func TestShipmentsStandAsWasSaidLastAndTheLatestComesFirst(t *testing.T) {
	h := migrated(t)
	held := said("allegro/held", schemas.ShipmentHeld, 0, 0, 0)
	held.Carrier, held.Reason, held.ShipBy = "", schemas.HeldNoWeight, nil
	left := said("allegro/left", schemas.ShipmentHandedOver, 1, 0, 0)
	left.At = schemas.At(noon.Time().Add(3 * time.Hour))
	soon := said("allegro/half", schemas.ShipmentRequested, 1, 0, 0)
	soon.ShipBy = new(schemas.At(noon.Time().Add(time.Hour)))
	half := said("allegro/half", schemas.ShipmentLabelled, 1, 2, 2, "H2")
	half.ShipBy = soon.ShipBy
	given := said("allegro/given", schemas.ShipmentHeld, 0, 0, 0)
	given.Reason = schemas.HeldCancelled
	words := []any{
		said("allegro/whole", schemas.ShipmentRequested, 1, 0, 0), said("allegro/whole", schemas.ShipmentLabelled, 1, 1, 1, "W0"), said("allegro/whole", schemas.ShipmentRecalled, 1, 0, 0),
		said("allegro/whole", schemas.ShipmentRequested, 2, 0, 0), said("allegro/whole", schemas.ShipmentLabelled, 2, 1, 2, "W1"), said("allegro/whole", schemas.ShipmentLabelled, 2, 2, 2, "W2", "W3"),
		said("allegro/whole", schemas.ShipmentVoided, 1, 1, 1, "W0"), said("allegro/whole", schemas.ShipmentPrinted, 2, 1, 2, "W1"),
		soon, half, held, left, said("allegro/never", schemas.ShipmentCancelled, 0, 0, 0), given,
	}
	h.write(block(topics.Shipments, 0, 0, words...))
	h.write(block(topics.Shipments, 0, 0, words...)) // again: it counts once
	list := func(wanted clickhouse.ShipmentsWanted, after time.Duration) string {
		t.Helper()
		wanted.Most = 100
		all, err := h.Shipments(t.Context(), wanted, noon.Time().Add(after))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, s := range all {
			minutes := "-"
			if s.MinutesLeft != nil {
				minutes = fmt.Sprint(*s.MinutesLeft)
			}
			lines = append(lines, strings.TrimSpace(fmt.Sprint(strings.TrimPrefix(s.OrderID, "allegro/"), " ", s.State, " ", s.Numbers, " ", minutes, " ", s.Because)))
		}
		return strings.Join(lines, "; ")
	}
	const half1, whole, waits = "half partly_labelled [H2] 60", "whole labelled [W1 W2 W3] 120", "held held [] -"
	for i, c := range []struct {
		wanted clickhouse.ShipmentsWanted
		after  time.Duration
		want   string
	}{
		{clickhouse.ShipmentsWanted{}, 0, half1 + "; " + whole + "; " + waits},
		{clickhouse.ShipmentsWanted{Carrier: "dhl", State: schemas.ShipmentLabelled}, 0, whole},
		{clickhouse.ShipmentsWanted{Carrier: "ups"}, 0, ""},
		{clickhouse.ShipmentsWanted{DueBy: noon.Time().Add(90 * time.Minute)}, 0, half1},
		{clickhouse.ShipmentsWanted{}, 3 * time.Hour, "half partly_labelled [H2] -120 no_label; whole labelled [W1 W2 W3] -60 no_pickup; " + waits},
		{clickhouse.ShipmentsWanted{Left: true, State: schemas.ShipmentHandedOver}, 5 * time.Hour, "left handed_over [] -180 left_late"},
	} {
		if got := list(c.wanted, c.after); got != c.want {
			t.Errorf("%d: got %q, want %q", i, got, c.want)
		}
	}
}

// What nobody has packed has no shipment, and is late all the same.
func TestAnOrderThatNobodyHasPackedIsAmongTheShipments(t *testing.T) {
	h := migrated(t)
	order := func(ref, status string, by *schemas.Millis) *schemas.Order {
		return &schemas.Order{OrderID: "allegro/" + ref, Party: "allegro", Ref: ref, Status: status, PlacedAt: noon, ShipBy: by, Total: schemas.Money{Currency: "EUR"}}
	}
	by := new(schemas.At(noon.Time().Add(time.Hour)))
	h.write(block(topics.OrdersNormalized, 0, 0, order("1", schemas.StatusReady, by), order("2", schemas.StatusPending, by), order("3", schemas.StatusReady, nil), order("4", schemas.StatusReady, by)))
	h.write(block(topics.Shipments, 0, 0, said("allegro/4", schemas.ShipmentLabelled, 1, 1, 1, "N4")))
	all, err := h.Shipments(t.Context(), clickhouse.ShipmentsWanted{Most: 100}, noon.Time().Add(90*time.Minute))
	if err != nil || len(all) != 2 || all[0].OrderID != "allegro/1" || all[0].State != "not_packed" || all[0].Because != "not_packed" || all[1].OrderID != "allegro/4" || all[1].Late {
		t.Errorf("got %+v, %v", all, err)
	}
}
