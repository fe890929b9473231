package amazon

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// address says who bought and whom the goods go to.
func (t *translation) address() {
	o, c := t.order, &t.customer
	buyer := schemas.Person{
		Name: c.name, Company: longer(c.company, c.payer.company()), Email: c.email, Region: c.county, TaxID: c.payer.taxID,
	}
	if buyer != (schemas.Person{}) {
		o.Buyer = &buyer
	} else if t.needsAddress() {
		t.warn(reading.NoBuyer, t.at(t.says.buyer), "nothing says who bought")
	}
	a := t.best()
	if a != nil {
		o.ShipTo = person(a)
		t.dropDistricts(a)
	}
	if t.needsAddress() {
		t.requireAddress(a)
	}
}

// best is the address that tells most: v0 has one in two documents, and hides in one what the other tells.
func (t *translation) best() *address {
	own, other := &t.addressPart, &t.sale.address
	switch {
	case own.given && !own.isRedacted():
		return own
	case other.given && !other.isRedacted():
		return other
	case own.given:
		return own
	case other.given:
		return other
	}
	return nil
}

// isRedacted is true of an address that is not told: without a role for personal data, Amazon leaves out all but city, region, postal
// code and country (ordersV0.json, ShippingAddress).
func (a *address) isRedacted() bool { return a.name == "" && a.company == "" && a.lines() == "" }

// requireAddress refuses to ship to half an address. One that is hidden is no mistake of the order's: it is taken, with a warning.
func (t *translation) requireAddress(a *address) {
	switch {
	case a == nil && t.found.Has(reading.Incomplete):
		return
	case a == nil:
		t.found.Add(reading.MissingAddress, t.at(t.says.address), "ready to ship, but nothing says where to")
		return
	}
	redacted := a.isRedacted()
	country := t.order.ShipTo.Country
	for _, part := range [...]struct {
		absent     bool
		code, name string
	}{
		{a.lines() == "" && !redacted, reading.MissingStreet, t.says.street},
		{t.order.ShipTo.City == "" && !redacted && country != "JP", reading.MissingCity, t.says.city}, // in Japan it is part of the lines
		{a.postCode == "" && !redacted && reading.HasPostCodes(country), reading.MissingPostCode, t.says.postCode},
		{a.country == "", reading.MissingCountry, t.says.country},
	} {
		if part.absent {
			t.found.Add(part.code, a.at+"."+part.name, "ready to ship, but the address lacks this")
		}
	}
	if a.country != "" && !reading.IsCountry(country) {
		t.found.Add(reading.UnknownCountry, a.at+"."+t.says.country, "no country of ISO 3166-1 alpha-2")
	}
	switch {
	case redacted:
		t.warn(reading.AddressRedacted, a.at, "Amazon hides name and street: the role for personal data is not granted")
	case a.name == "" && a.company == "":
		t.warn(reading.NoRecipient, a.at, "the address names neither a person nor a company")
	}
}

func person(a *address) *schemas.Person {
	return &schemas.Person{
		Name: a.name, Company: a.company, Street: a.lines(), PostalCode: a.postCode, City: a.town(), Region: a.region,
		Country: strings.ToUpper(a.country), Phone: a.phone,
	}
}

// lines are those of the street. In Brazil they come a second time, taken apart, and with the neighborhood, which a label there needs.
func (a *address) lines() string {
	lines := joined(", ", a.line1, a.line2, a.line3)
	if lines == "" {
		lines = joined(", ", joined(" ", a.street, a.number), a.complement)
	}
	if lines == "" || strings.Contains(lines, a.neighborhood) {
		return lines
	}
	return lines + ", " + a.neighborhood
}

func (a *address) town() string {
	for _, name := range [...]string{a.city, a.municipality, a.district, a.county} {
		if name != "" {
			return name
		}
	}
	return ""
}

// dropDistricts warns of the parts of an address that a person of ours does not have.
func (t *translation) dropDistricts(a *address) {
	city := t.order.ShipTo.City
	for _, part := range [...]struct{ value, name string }{
		{a.municipality, t.says.municipality}, {a.district, t.says.district}, {a.county, t.says.county},
	} {
		if part.value != "" && part.value != city && part.value != a.region {
			t.warn(reading.Dropped, a.at+"."+part.name, "an address has no field for it")
		}
	}
}

func joined(separator string, parts ...string) string {
	var all []string
	for _, part := range parts {
		if part != "" {
			all = append(all, part)
		}
	}
	return strings.Join(all, separator)
}
