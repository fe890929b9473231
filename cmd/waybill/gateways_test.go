package main

import (
	"slices"
	"testing"

	"waybill/connectors/carriers"
	"waybill/connectors/erps"
	"waybill/internal/gateway"
	"waybill/processors"
	"waybill/schemas"
)

// Each call that a party may refuse in part says which parts it is in, and what can not be read is in none.
func TestACallIsInThePartsThatItsPartyMayRefuse(t *testing.T) {
	payload := func(body schemas.Body, err error) schemas.Body {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	placing := payload((&schemas.Placing{
		Customer: schemas.Customer{Email: "a@example.com", Country: "DE"},
		Order:    schemas.Order{Party: "amazon", Marketplace: "amazon-de", Lines: []schemas.Line{{SKU: "MUG"}, {}, {SKU: "CUP"}}},
	}).Body())
	booking := payload((&schemas.Carriage{Booking: schemas.Booking{Service: "V53WPAK", To: schemas.Person{Name: "A", Country: "CH"}}}).Body())
	unserviced := payload((&schemas.Carriage{Booking: schemas.Booking{To: schemas.Person{Name: "A", Country: "CH"}}}).Body())
	shipping := payload(schemas.Shipping{Ref: "1", Carrier: "dhl", Service: "V01PAK", Number: "00340"}.Body())
	standing := payload(schemas.Standing{Ref: "1", Carrier: "dhl", Number: "00340", Word: "DELIVERED"}.Body())
	accepting := payload(schemas.Accepting{Ref: "1", Marketplace: "allegro-cz"}.Body())
	erp := func(kind string) func(*schemas.Task) []string {
		kinds := erpKinds(erps.Traits{})
		return kinds[slices.IndexFunc(kinds, func(k gateway.Kind) bool { return k.Name == kind })].Parts
	}
	ofOrder := []string{"account amazon", "storefront amazon-de", "article MUG", "article CUP"}
	for name, c := range map[string]struct {
		parts func(*schemas.Task) []string
		body  schemas.Body
		want  []string
	}{
		"order":              {erp(processors.KindOrder), placing, ofOrder},
		"amend":              {erp(processors.KindAmend), placing, ofOrder},
		"cancel":             {erp(processors.KindCancel), placing, ofOrder},
		"customer":           {erp(processors.KindCustomer), placing, []string{"account amazon", "storefront amazon-de", "country DE"}},
		"tracking":           {erp(processors.KindTracking), payload(schemas.Tracking{Carrier: "dhl", Number: "00340"}.Body()), []string{"account amazon", "carrier dhl"}},
		"accept":             {partsOfAcceptance, accepting, []string{"storefront allegro-cz"}},
		"ship":               {partsOfShipping, shipping, []string{"carrier dhl", "service V01PAK"}},
		"status":             {partsOfStanding, standing, []string{"carrier dhl", "word DELIVERED"}},
		"book":               {partsOfCarriage, booking, []string{"service V53WPAK", "country CH", "route V53WPAK to CH"}},
		"book by no service": {partsOfCarriage, unserviced, []string{"country CH"}},
	} {
		if got := c.parts(&schemas.Task{OrderID: "amazon/1", Payload: c.body}); !slices.Equal(got, c.want) {
			t.Errorf("%s: it is in %q, want %q", name, got, c.want)
		}
		if got := c.parts(&schemas.Task{OrderID: "amazon/1", Payload: schemas.Body{Bytes: []byte("{")}}); got != nil {
			t.Errorf("%s: what can not be read is in %q", name, got)
		}
	}
}

// Every call at a carrier that is about a booking says where it goes.
func TestTheCallsAboutABookingSayTheirParts(t *testing.T) {
	for _, k := range (carrierParty{carrier: "gls", account: unspoken{}}).kinds() {
		if (k.Name == processors.KindWithdraw) != (k.Parts == nil) {
			t.Errorf("%s: parts are there: %t", k.Name, k.Parts != nil)
		}
	}
}

// unspoken is a carrier that nobody calls.
type unspoken struct{ carriers.Carrier }

func (unspoken) Traits() carriers.Traits { return carriers.Traits{Finds: true} }
