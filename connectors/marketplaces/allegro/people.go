package allegro

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// address says who bought, whom the goods go to and whom the invoice names: three people, each with an address of their own.
// The goods never go to the buyer's.
func (t *translation) address() {
	f, o := t.form, t.order
	if f.buyer.given {
		o.BuyerRef, o.Buyer = f.buyer.id, buyerOf(&f.buyer)
	} else {
		t.warn(reading.NoBuyer, "$.buyer", "nothing says who bought")
	}
	if f.delivery.address.given {
		o.ShipTo = person(&f.delivery.address)
	}
	if o.Status != schemas.StatusPending && o.Status != schemas.StatusCancelled {
		t.requireAddress()
	}
	o.InvoiceRequired = f.invoice.required
	switch {
	case !f.invoice.required:
	case f.invoice.address.given:
		o.BillTo = payer(&f.invoice.address)
	case o.Status == schemas.StatusReady:
		t.warn(reading.NoInvoiceAddress, "$.invoice.address", "an invoice is asked for, but nothing says to whom")
	}
}

// requireAddress refuses to ship to half an address. An order with no delivery at all may be one of digital goods, so it is not
// refused; before it is ready, or once it is cancelled, the address may be missing (ALL#936, ALL#3217).
func (t *translation) requireAddress() {
	d := &t.form.delivery
	switch {
	case !d.given:
		t.warn(reading.NoDeliveryAddress, "$.delivery", "nothing says where the goods go")
		return
	case !d.address.given:
		t.found.Add(reading.MissingAddress, "$.delivery.address", "ready to ship, but nothing says where to")
		return
	}
	a := &d.address
	for _, part := range [...]struct{ value, code, name string }{
		{a.street, reading.MissingStreet, "street"},
		{a.city, reading.MissingCity, "city"},
		{a.postCode, reading.MissingPostCode, "zipCode"},
		{a.country, reading.MissingCountry, "countryCode"},
	} {
		if part.value == "" {
			t.found.Add(part.code, "$.delivery.address."+part.name, "ready to ship, but the address lacks this")
		}
	}
	if a.country != "" && !reading.IsCountry(t.order.ShipTo.Country) {
		t.found.Add(reading.UnknownCountry, "$.delivery.address.countryCode", "no country of ISO 3166-1 alpha-2")
	}
	if t.order.ShipTo.Name == "" && t.order.ShipTo.Company == "" {
		t.warn(reading.NoRecipient, "$.delivery.address", "the address names neither a person nor a company")
	}
}

func person(a *address) *schemas.Person {
	return &schemas.Person{
		Name: fullName(a.firstName, a.lastName), Company: a.companyName, Street: a.street, PostalCode: a.postCode, City: a.city,
		Country: strings.ToUpper(a.country), Phone: a.phone,
	}
}

// buyerOf leaves the buyer's national identity number (personalIdentity) where it is: nobody needs it to ship.
func buyerOf(b *buyer) *schemas.Person {
	p := person(&b.address)
	p.Name, p.Company, p.Phone = fullName(b.firstName, b.lastName), b.companyName, b.phone
	p.Email, p.Login = b.email, b.login
	return p
}

// payer is a company with its tax number, or a natural person.
func payer(i *invoiceAddress) *schemas.Person {
	p := person(&i.address)
	p.Name, p.Company, p.TaxID = fullName(i.person.firstName, i.person.lastName), i.company.name, i.company.taxID
	if len(i.company.ids) > 0 {
		p.TaxID = i.company.ids[0].value // taxId is its deprecated twin
	}
	return p
}

func fullName(first, last string) string {
	if first == "" || last == "" {
		return first + last
	}
	return first + " " + last
}
