package direct

import (
	"slices"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// address says who bought, whom the goods go to and whom the invoice names. None of them stands in for another.
func (t *translation) address() {
	f, o := t.form, t.order
	o.BuyerRef, o.InvoiceRequired = f.buyer.ref, f.invoiceRequired
	o.Buyer, o.ShipTo, o.BillTo = t.person(&f.buyer, "$.buyer"), t.person(&f.shipTo, "$.ship_to"), t.person(&f.billTo, "$.bill_to")
	if o.Status == schemas.StatusReady && slices.ContainsFunc(o.Lines, shipped) {
		t.requireAddress()
	}
	if !f.buyer.given && f.source != sourcePOS {
		reading.Warn(t.order, reading.NoBuyer, "$.buyer", "nothing says who bought")
	}
	if f.invoiceRequired && !f.billTo.given && o.Status == schemas.StatusReady {
		reading.Warn(t.order, reading.NoInvoiceAddress, "$.bill_to", "an invoice is asked for, but nothing says to whom")
	}
}

func shipped(l schemas.Line) bool { return l.FulfilledBy == schemas.FulfilledBySeller }

func (t *translation) person(p *person, path string) *schemas.Person {
	if !p.given {
		return nil
	}
	p.Country = strings.ToUpper(p.Country)
	if p.Country != "" && !reading.IsCountry(p.Country) {
		t.found.Add(reading.UnknownCountry, path+".country", "no country of ISO 3166-1 alpha-2")
	}
	return &p.Person
}

// requireAddress refuses to ship to half an address. Whoever fetches a parcel at a pick-up point needs none.
func (t *translation) requireAddress() {
	f := t.form
	a := &f.shipTo
	if !a.given {
		t.found.Add(reading.MissingAddress, "$.ship_to", "ready to ship, but nothing says where to; of what is not shipped, say so in fulfilled_by")
		return
	}
	if a.Name == "" && a.Company == "" {
		reading.Warn(t.order, reading.NoRecipient, "$.ship_to", "the address names neither a person nor a company")
	}
	if f.pickupPoint.given {
		return
	}
	t.found.Address(&a.Person, "$.ship_to", reading.AddressFields{Street: "street", City: "city", PostCode: "postal_code", Country: "country"})
}

// deliver says how the goods go.
func (t *translation) deliver() {
	t.order.DeliveryMethod = t.form.deliveryMethod
	p := &t.form.pickupPoint
	if !p.given {
		return
	}
	if p.Ref == "" {
		t.found.Add(reading.MissingID, "$.pickup_point.ref", "a pick-up point without the name that its carrier knows it by")
	}
	p.Country = strings.ToUpper(p.Country)
	t.order.PickupPoint = &p.PickupPoint
}
