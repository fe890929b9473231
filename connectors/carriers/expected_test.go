package carriers

import (
	"os"
	"testing"
	"time"
)

func TestWhenACarrierExpectsToDeliverIsRead(t *testing.T) {
	recorded := func(file string) string {
		said, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(said)
	}
	rescheduled := `{"trackResponse": {"shipment": [{"package": [{"trackingNumber": "1Z1", "deliveryDate": [
		{"type": "SDD", "date": "20251020"}, {"type": "RDD", "date": "20251022"}], "deliveryTime": {"type": "EDW", "startTime": "100000", "endTime": "140000"}}]}]}}`
	for name, of := range map[string]struct{ carrier, said, number, at string }{
		"UPS, rescheduled":           {"ups", rescheduled, "1Z1", "2025-10-22T14:00:00Z"},
		"UPS, pushed":                {"ups", recorded("ups/testdata/track/track-alert-webhook-1.json"), "1Z204W4R0308071865", "2024-04-23T23:59:59Z"},
		"DHL Unified, a time frame":  {"dhl", `{"shipments": [{"id": "1", "service": "parcel-de", "status": {"timestamp": "2024-01-14T17:00:00", "statusCode": "transit"}, "estimatedTimeOfDelivery": "2024-01-15T10:00:00", "estimatedDeliveryTimeFrame": {"estimatedThrough": "2024-01-15T17:00:00"}}]}`, "1", "2024-01-15T16:00:00Z"},
		"UPS, delivered: not at all": {"ups", `{"trackResponse": {"shipment": [{"package": [{"trackingNumber": "1Z1", "deliveryDate": [{"type": "DEL", "date": "20251020"}]}]}]}}`, "", ""},
	} {
		track, err := TrackerOf(of.carrier)
		if err != nil {
			t.Fatal(err)
		}
		tracked, err := track([]byte(of.said), "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var number, at string
		for _, a := range tracked.Arrivals {
			number, at = a.Number, a.At.Time().UTC().Format(time.RFC3339)
		}
		if number != of.number || at != of.at {
			t.Errorf("%s: %s at %s, want %s at %s", name, number, at, of.number, of.at)
		}
	}
}
