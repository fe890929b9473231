package clickhouse_test

import (
	"slices"
	"testing"

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
