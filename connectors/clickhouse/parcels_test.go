package clickhouse_test

import (
	"slices"
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// heard is what was heard of the parcel 7 of an order, that many hours after noon.
func heard(order, party, origin, status string, hours int64, counts bool) *schemas.ParcelEvent {
	at := noon + schemas.Millis(hours*60*60*1000)
	return &schemas.ParcelEvent{
		OrderID: order, ShipmentID: schemas.ShipmentID(order, "1"), Party: party, Carrier: party, Number: "7", Origin: origin, Status: status, At: at, HeardAt: at + 1,
		Counts: counts, Standing: status, StandingAt: at, Ended: status == schemas.ParcelDelivered,
	}
}

func TestAParcelStandsAsWasHeardLastAndSaysByWhom(t *testing.T) {
	h := migrated(t)
	late := heard("allegro/1", "dhl", schemas.OriginCron, schemas.ParcelPickedUp, 1, false)
	late.Standing, late.StandingAt, late.HeardAt, late.Ended = schemas.ParcelDelivered, noon+3*60*60*1000, noon+4*60*60*1000, true
	b := block(topics.TrackingEvents, 0, 0,
		heard("allegro/1", "dhl", schemas.OriginCron, schemas.ParcelInTransit, 2, true), heard("allegro/1", "dhl", schemas.OriginWebhook, schemas.ParcelDelivered, 3, true),
		late, heard("allegro/2", "gls", schemas.OriginCron, schemas.ParcelInTransit, 2, true))
	for _, when := range []string{"once", "twice"} {
		h.write(b)
		got := h.rows("SELECT concatWithSeparator(' ', order_id, standing, toString(toHour(since)), origin, toString(toHour(heard_at)), toString(ended)) FROM v_parcels ORDER BY order_id")
		if want := []string{"allegro/1 delivered 15 webhook 16 true", "allegro/2 in_transit 14 cron 14 false"}; !slices.Equal(got, want) {
			t.Errorf("told %s: %q, want %q", when, got, want)
		}
	}
}

func TestWhatACarrierThatPushesHasNotPushedIsCounted(t *testing.T) {
	h := migrated(t)
	b := block(topics.TrackingEvents, 0, 0,
		heard("allegro/1", "dhl", schemas.OriginCron, schemas.ParcelInTransit, 2, true), heard("allegro/1", "dhl", schemas.OriginWebhook, schemas.ParcelDelivered, 3, true),
		heard("allegro/3", "dhl", schemas.OriginWebhook, schemas.ParcelInTransit, 30, true), heard("allegro/3", "dhl", schemas.OriginManual, schemas.ParcelIgnored, 30, false),
		heard("allegro/2", "gls", schemas.OriginCron, schemas.ParcelInTransit, 2, true)) // GLS pushes nothing
	for _, when := range []string{"once", "twice"} {
		h.write(b)
		got := h.rows("SELECT party, ' ', toString(scans), ' ', toString(missed) FROM v_tracking_misses ORDER BY day")
		if want := []string{"dhl 2 1", "dhl 1 0"}; !slices.Equal(got, want) {
			t.Errorf("told %s: %q, want %q", when, got, want)
		}
	}
}

// How long a lane takes is told from the parcels that went it, and whether another will be late before it is.
func TestAParcelIsExpectedAsItsLaneHasBeenAndItsCarrierSays(t *testing.T) {
	h := migrated(t)
	hours := func(n int64) schemas.Millis { return schemas.Millis(n * 60 * 60 * 1000) }
	left := schemas.At(time.Now()) - hours(100)
	var events, shipments []any
	ship := func(order string, promised schemas.Millis) {
		id := schemas.ShipmentID(order, "1")
		shipments = append(shipments,
			&schemas.Shipment{ShipmentID: id, OrderID: order, State: schemas.ShipmentRequested, To: &schemas.Person{Country: "DE"}, DeliverBy: &promised},
			&schemas.Shipment{ShipmentID: id, OrderID: order, State: schemas.ShipmentLabelled, Service: "V01PAK"})
	}
	tell := func(order, status string, at schemas.Millis, expected *schemas.Millis) {
		e := heard(order, "dhl", schemas.OriginWebhook, status, 0, true)
		e.At, e.StandingAt, e.ExpectedAt = at, at, expected
		events = append(events, e)
	}
	for order, took := range map[string]int64{"allegro/1": 10, "allegro/2": 20, "allegro/3": 30} {
		ship(order, left+hours(40))
		tell(order, schemas.ParcelPickedUp, left, new(left+hours(22)))
		tell(order, schemas.ParcelInTransit, left+hours(5), new(left+hours(99))) // its carrier's first word is measured
		tell(order, schemas.ParcelDelivered, left+hours(took), nil)
	}
	ship("allegro/7", left+hours(40)) // of a carrier who says nothing of when
	silent := []any{heard("allegro/7", "gls", schemas.OriginCron, schemas.ParcelPickedUp, 0, true), heard("allegro/7", "gls", schemas.OriginCron, schemas.ParcelDelivered, 0, true)}
	for i, e := range silent {
		e.(*schemas.ParcelEvent).At, e.(*schemas.ParcelEvent).StandingAt = left+hours(int64(i)), left+hours(int64(i))
	}
	for order, promised := range map[string]int64{"allegro/4": 27, "allegro/5": 50} {
		ship(order, left+hours(promised))
		tell(order, schemas.ParcelPickedUp, left, nil)
	}
	ship("allegro/6", left+hours(50))
	tell("allegro/6", schemas.ParcelPickedUp, left, new(left+hours(51)))
	h.write(block(topics.Shipments, 0, 0, shipments...))
	h.write(block(topics.TrackingEvents, 0, 0, append(events, silent...)...))
	lanes := h.rows("SELECT concatWithSeparator(' ', party, service, country, toString(parcels), toString(hours_p50), toString(hours_p90), toString(expected), ifNull(toString(round(error_hours, 1)), 'none')) FROM v_lanes ORDER BY party")
	if want := []string{"dhl V01PAK DE 3 20 28 3 7.3", "gls V01PAK DE 1 1 1 0 none"}; !slices.Equal(lanes, want) {
		t.Errorf("lanes %q, want %q", lanes, want)
	}
	underWay := h.rows("SELECT concatWithSeparator(' ', order_id, toString(dateDiff('hour', left_at, p90)), toString(endangered)) FROM v_expected ORDER BY order_id")
	if want := []string{"allegro/4 28 true", "allegro/5 28 false", "allegro/6 28 true"}; !slices.Equal(underWay, want) {
		t.Errorf("under way %q, want %q", underWay, want)
	}
}
