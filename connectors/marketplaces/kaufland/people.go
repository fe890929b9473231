package kaufland

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// address says who bought, whom the goods go to and whom the invoice names. All of it is hidden while a unit is open, and some of
// it when all is over.
func (t *translation) address() {
	o := t.order
	if head := t.newest(func(u *unit) bool { return u.buyer != nil }); head != nil {
		o.BuyerRef, o.Buyer = head.buyer.id, head.buyer.person()
	} else if o.Status == schemas.StatusReady {
		t.warn(reading.NoBuyer, t.heads[0].headField(".buyer"), "nothing says who bought")
	}
	if head := t.newest(func(u *unit) bool { return u.billTo != nil }); head != nil {
		o.BillTo = person(head.billTo)
	}
	head := t.newest(func(u *unit) bool { return u.shipTo != nil })
	if head != nil {
		o.ShipTo = person(head.shipTo)
		t.addPostNumber(head.shipTo)
		t.compareAddresses(head)
	}
	if o.Status == schemas.StatusReady && o.FulfilledBy == schemas.FulfilledBySeller {
		t.requireAddress(head)
	}
}

// newest is the document that changed last among those that say something: what one of them hides, another may have told.
func (t *translation) newest(says func(*unit) bool) *unit {
	var newest *unit
	for _, head := range t.heads {
		if says(head) && (newest == nil || later(head.touched(), newest.touched())) {
			newest = head
		}
	}
	return newest
}

// compareAddresses warns where a unit that is to be sent goes elsewhere, as far as it knows.
func (t *translation) compareAddresses(newest *unit) {
	for _, head := range t.heads {
		if head.shipTo != nil && *head.shipTo != *newest.shipTo && head.state.toSend() && t.order.Status != schemas.StatusCancelled {
			t.warn(reading.AddressesDiffer, head.headField(".shipping_address"), "not where the unit that changed last goes to; that one counts")
			return
		}
	}
}

// requireAddress refuses to ship to half an address.
func (t *translation) requireAddress(head *unit) {
	if head == nil {
		t.found.Add(reading.MissingAddress, t.heads[0].headField(".shipping_address"), "ready to ship, but nothing says where to")
		return
	}
	a := head.shipTo
	path := head.headField(".shipping_address")
	for _, part := range [...]struct{ value, code, name string }{
		{a.street + a.house, reading.MissingStreet, ".street"},
		{a.city, reading.MissingCity, ".city"},
		{a.postCode, reading.MissingPostCode, ".postcode"},
		{a.country, reading.MissingCountry, ".country"},
	} {
		if part.value == "" {
			t.found.Add(part.code, path+part.name, "ready to ship, but the address lacks this")
		}
	}
	if _, known := reading.Country(a.country); a.country != "" && !known {
		t.found.Add(reading.UnknownCountry, path+".country", "no country of ISO 3166-1, in two letters or in three")
	}
	if t.order.ShipTo.Name == "" && t.order.ShipTo.Company == "" {
		t.warn(reading.NoRecipient, path, "the address names neither a person nor a company")
	}
}

// headField is the path of a field that stands beside the units.
func (u *unit) headField(name string) string { return place{part: u.where.part}.at(name) }

// person is nil while the alias is hidden, so that it takes the place of none that is known.
func (b *buyer) person() *schemas.Person {
	if b.email == "" {
		return nil
	}
	return &schemas.Person{Email: b.email}
}

func person(a *address) *schemas.Person {
	country, _ := reading.Country(a.country)
	return &schemas.Person{
		Name: spaced(a.firstName, a.lastName), Company: a.company, Street: a.lines(country),
		PostalCode: a.postCode, City: a.city, Country: country, Phone: a.phone,
	}
}

// lines is the street with the number on the side where the country has it, and what was added to it behind a comma.
func (a *address) lines(country string) string {
	street := spaced(a.street, a.house)
	if strings.Contains(numberFirst, " "+country+" ") {
		street = spaced(a.house, a.street)
	}
	return beside(street, a.additional)
}

// numberFirst are the countries that write the number before the street (Universal Postal Union, addressing guides): 12 rue de Rivoli.
const numberFirst = " FR MC LU GB IE MT US CA AU NZ "

func spaced(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

func beside(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}
