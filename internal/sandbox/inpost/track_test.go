package inpost

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	lives "waybill/internal/sandbox/parcel"
)

type trackedAs struct {
	Number  string `json:"tracking_number"`
	Status  string
	Details []struct{ Status, Datetime string } `json:"tracking_details"`
}

func TestEverybodyMayTrackWhatWasBought(t *testing.T) {
	o := open(t)
	for range 200 {
		o.make(toLocker)
	}
	number := o.inpost.shipments[0].trackedBy()
	if status, _ := o.ask("GET", "/tracking/"+number, ""); status != http.StatusNotFound {
		t.Errorf("before it is bought: %d", status)
	}
	o.now = o.now.Add(9 * lives.Day)
	o.token = "nobody's"
	ends := map[string]bool{}
	for truth := range o.inpost.Parcels().Truths {
		status, said := o.ask("GET", "/tracking/"+truth.Number, "")
		var is trackedAs
		if err := json.Unmarshal([]byte(said), &is); err != nil || status != http.StatusOK || len(is.Details) != truth.Scans || is.Details[0].Status != is.Status || is.Details[truth.Scans-1].Status != "confirmed" {
			t.Fatalf("%d %v: %s", status, err, said)
		}
		want := map[lives.Status]string{lives.StatusDelivered: "delivered", lives.StatusReturned: "returned_to_sender", lives.StatusLost: "missing"}[truth.Status]
		if ends[is.Status] = true; is.Status != want || !strings.HasSuffix(is.Details[0].Datetime, ":00.000+01:00") {
			t.Errorf("%+v: %s", truth, said)
		}
		if is.Status == "delivered" && is.Details[1].Status != "ready_to_pickup" {
			t.Errorf("collected from no locker: %s", said)
		}
	}
	if len(ends) != 3 {
		t.Errorf("%v", ends)
	}
}

func TestAShipmentHasTheStateOfItsParcelAndAnUnpaidOneHasNone(t *testing.T) {
	o := open(t)
	at := o.make(toDoor)
	o.inpost.Broke(true)
	unpaid := o.make(toDoor)
	o.now = o.now.Add(9 * lives.Day)
	for path, want := range map[string]string{at: saysOf(o.last(0), false), unpaid: "offer_selected"} {
		if _, said := o.ask("GET", path, ""); !strings.Contains(said, `"status":"`+want+`"`) {
			t.Errorf("%s: %s", want, said)
		}
	}
	if status, _ := o.ask("GET", "/tracking/"+o.inpost.shipments[1].trackedBy(), ""); status != http.StatusNotFound {
		t.Errorf("unpaid: %d", status)
	}
	if status, said := o.ask("GET", at+"/label", ""); status != http.StatusOK {
		t.Errorf("its label: %d %s", status, said)
	}
}

func (o *office) last(shipment int) lives.Scan {
	o.Helper()
	p, found := o.inpost.Parcels().Find(o.inpost.shipments[shipment].trackedBy())
	if !found {
		o.Fatal("it has no life")
	}
	return p.Last()
}

func TestAWebhookIsOfTheFormOfTheSamples(t *testing.T) {
	tell := open(t).inpost.Teller()
	p := lives.Parcel{Number: "664920617600000014588001", Scans: []lives.Scan{{Kind: lives.Announced, At: time.Date(2020, 3, 20, 14, 8, 0, 0, time.UTC)}}}
	for _, want := range []string{
		`{"event":"shipment_confirmed","event_ts":"2020-03-20 15:08:00 +0100","organization_id":7008,"payload":{"shipment_id":14588001,"tracking_number":"664920617600000014588001"}}`,
		`{"event":"shipment_status_changed","event_ts":"2020-03-21 15:08:00 +0100","organization_id":7008,"payload":{"shipment_id":14588001,"status":"delivered","tracking_number":"664920617600000014588001"}}`,
	} {
		m := tell.Tell(p, 1)
		if body, err := json.Marshal(m.JSON); err != nil || string(body) != want || len(m.Header) != 0 {
			t.Errorf("%v %v: %s", err, m.Header, body)
		}
		p.Scans = append(p.Scans, lives.Scan{Kind: lives.Delivered, At: p.Last().At.Add(lives.Day)})
	}
}
