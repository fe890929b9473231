package carriers_test

import (
	"encoding/json"
	"strings"
	"testing"

	"waybill/connectors/carriers"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

var shop = schemas.Person{Company: "Waybill Handels GmbH", Street: "Sträßchensweg 10", PostalCode: "53113", City: "Bonn", Country: "DE", Email: "shop@example.com", Phone: "+49 228 1234567"}

var playedDHL = played{
	settings: map[string]string{"billing_number_v53wpak": "33333333335301"},
	booking: schemas.Booking{
		From: shop, To: schemas.Person{Name: "Maria Musterfrau", Street: "Kurt-Schumacher-Str. 20", PostalCode: "53113", City: "Bonn", Country: "DE", Email: "maria@example.com", Phone: "+49 170 1234567"},
	},
	create: "orders.create", cancel: "orders.delete",
	refuse: func(b *schemas.Booking) { b.To.PostalCode = "12345" }, // of Berlin
	close:  func(at *town) { at.play.DHL().CloseDay() },
}

func TestAtDHLAnAddressThatIsNotCodeableHasNoLabel(t *testing.T) {
	at := visit(t, "dhl", nil)
	b := at.next(1)
	b.To.PostalCode = "12345"
	_, said, err := at.carrier.Create(t.Context(), b)
	if f := at.fails(err, remote.Business, false); f.Code != "not_codeable" || !strings.Contains(f.Reason, "consignee") || at.times(b) != 0 {
		t.Errorf("%s, billed %d times: %s", f, at.times(b), said)
	}
}

func TestAtDHLAParcelGoesToAPointAndAbroad(t *testing.T) {
	at := visit(t, "dhl", map[string]string{"contacts": "send"})
	packstation, branch, abroad := at.next(1), at.next(1), at.next(1)
	packstation.Point, packstation.PostNumber = "Packstation 105", "12345678"
	branch.Point = "Postfiliale 518"
	abroad.Service, abroad.To = "V53WPAK", schemas.Person{Name: "Jan Vermeer", Street: "Museumstraat 1", PostalCode: "1071 AA", City: "Amsterdam", Country: "NL", Phone: "+31 888888888", Email: "jan@example.com"}
	for _, b := range []*schemas.Booking{packstation, branch, abroad} {
		if _, faults, _, _ := carriers.Check("dhl", *b); len(faults) > 0 {
			t.Errorf("%s: %v", b.Point, faults)
		}
		at.book(b)
	}
	for point, b := range map[string]*schemas.Booking{"Packstation 99": packstation, "Postfiliale 105": branch, "at my aunt's": branch} {
		wrong := *b
		wrong.Point, wrong.PostNumber = point, "12345678"
		if _, faults, _, _ := carriers.Check("dhl", wrong); len(faults) != 1 || faults[0].Field != "point" {
			t.Errorf("%s: %v", point, faults)
		}
	}
}

func TestAtDHLWhatAFieldBreaksIsNamed(t *testing.T) {
	at := visit(t, "dhl", nil)
	for field, change := range map[string]func(*schemas.Booking){
		"shipments[0].consignee.country":       func(b *schemas.Booking) { b.To.Country = "XX" },
		"shipments[0].refNo":                   func(b *schemas.Booking) { b.Reference = "WB-1" },
		"shipments[0].shipper.postalCode":      func(b *schemas.Booking) { b.From.PostalCode = "" },
		"shipments[0].consignee.addressStreet": func(b *schemas.Booking) { b.To.Street = strings.Repeat("Lange Zeile ", 5) },
		"shipments[0].product":                 func(b *schemas.Booking) { b.Service = "V99" },
		"details.weight":                       func(b *schemas.Booking) { b.Parcels[0].Grams = 31_501 },
		"billingNumber":                        func(b *schemas.Booking) { b.Service = "V62KP" },
		"customs": func(b *schemas.Booking) {
			b.Service, b.To = "V53WPAK", schemas.Person{Name: "Joe Black", Street: "42 Street", PostalCode: "SW1A 1AA", City: "London", Country: "GB"}
		},
	} {
		b := at.next(1)
		change(b)
		_, _, err := at.carrier.Create(t.Context(), b)
		if f := at.fails(err, remote.Business, false); !strings.Contains(f.Reason, field) || f.Code != "invalid_request" && f.Code != "invalid_shipment" {
			t.Errorf("%s: %s", field, f)
		}
	}
}

// Without a secret of the application the user logs in by HTTP Basic; both ways lead to the same.
func TestAtDHLBothWaysOfLoggingInAreGood(t *testing.T) {
	basic := visit(t, "dhl", map[string]string{"api_secret": ""})
	basic.book(basic.next(1))
	if asked := basic.play.Books()["dhl"].Requests["login"]; len(asked) != 0 {
		t.Errorf("a token was asked for: %v", asked)
	}
	oauth := visit(t, "dhl", nil)
	oauth.book(oauth.next(1))
	oauth.book(oauth.next(1))
	if asked := oauth.play.Books()["dhl"].Requests["login"]["200"]; asked != 1 {
		t.Errorf("%d tokens for two shipments", asked)
	}
}

func TestAtDHLALabelIsGotAgainUntilTheDayIsClosed(t *testing.T) {
	at := visit(t, "dhl", nil)
	b := at.next(1)
	booked := at.book(b)
	b.Format = schemas.LabelZPL
	again, _, err := at.carrier.Complete(t.Context(), booked.Ref, b)
	if err != nil || len(again.Parcels) != 1 || !strings.Contains(string(again.Parcels[0].Label), booked.Ref) || at.times(b) != 1 {
		t.Errorf("%+v, %v", again, err)
	}
	at.play.DHL().CloseDay()
	_, _, err = at.carrier.Complete(t.Context(), booked.Ref, b)
	at.fails(err, remote.Business, false)
}

func TestABookingIsReadAsItWasWritten(t *testing.T) {
	b := playedDHL.booking
	written, err := b.Body()
	if err != nil || !json.Valid(written.Bytes) {
		t.Fatal(err)
	}
	if read, err := schemas.ParseBooking(written); err != nil || read.To != b.To {
		t.Errorf("%+v, %v", read, err)
	}
}

// A cancellation that may have been done is tried again; that DHL does not know the shipment then is no lie.
func TestAtDHLACancellationThatGotLostIsDone(t *testing.T) {
	at := visit(t, "dhl", nil)
	booked := at.book(at.next(1))
	at.strike(fault.Drop, at.cancel)
	_, err := at.carrier.Cancel(t.Context(), booked.Ref)
	at.fails(err, remote.Transient, true)
	at.strike("", "")
	if _, err := at.carrier.Cancel(t.Context(), booked.Ref); err == nil || !strings.Contains(err.Error(), remote.ErrAbsent.Error()) {
		t.Error(err)
	}
}
