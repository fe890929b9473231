package amazon

import (
	"strings"

	"waybill/connectors/reading"
)

// read reads an address. What only says null says nothing.
func (a *address) read(r *reading.Reader, fields []reading.Field[address]) {
	a.at = r.Place()
	a.given = reading.Object(r, fields, a)
}

var addressV0 = []reading.Field[address]{
	reading.Named("Name", func(r *reading.Reader, a *address) { a.name = open(r) }),
	reading.Named("CompanyName", func(r *reading.Reader, a *address) { a.company = open(r) }),
	reading.Named("AddressLine1", func(r *reading.Reader, a *address) { a.line1 = open(r) }),
	reading.Named("AddressLine2", func(r *reading.Reader, a *address) { a.line2 = open(r) }),
	reading.Named("AddressLine3", func(r *reading.Reader, a *address) { a.line3 = open(r) }),
	reading.Named("City", func(r *reading.Reader, a *address) { a.city = open(r) }),
	reading.Named("County", func(r *reading.Reader, a *address) { a.county = open(r) }),
	reading.Named("District", func(r *reading.Reader, a *address) { a.district = open(r) }),
	reading.Named("StateOrRegion", func(r *reading.Reader, a *address) { a.region = open(r) }),
	reading.Named("Municipality", func(r *reading.Reader, a *address) { a.municipality = open(r) }),
	reading.Named("PostalCode", func(r *reading.Reader, a *address) { a.postCode = open(r) }),
	reading.Named("CountryCode", func(r *reading.Reader, a *address) { a.country = open(r) }),
	reading.Named("Phone", func(r *reading.Reader, a *address) { a.phone = open(r) }),
	reading.Named("AddressType", func(r *reading.Reader, a *address) { a.kind = r.Text() }),
	reading.Named("ExtendedFields", func(r *reading.Reader, a *address) { reading.Object(r, extendedV0, a) }),
}

var extendedV0 = []reading.Field[address]{
	reading.Named("StreetName", func(r *reading.Reader, a *address) { a.street = open(r) }),
	reading.Named("StreetNumber", func(r *reading.Reader, a *address) { a.number = open(r) }),
	reading.Named("Complement", func(r *reading.Reader, a *address) { a.complement = open(r) }),
	reading.Named("Neighborhood", func(r *reading.Reader, a *address) { a.neighborhood = open(r) }),
}

// isPlaceholder tells a text such as <city>, which stands for what may not be told.
func isPlaceholder(text string) bool {
	return len(text) > 2 && strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">")
}

// open is a text that is told, "" for a placeholder.
func open(r *reading.Reader) string { return told(r.Text()) }

func openWord(r *reading.Reader) string { return told(r.Word()) }

func told(text string) string {
	if isPlaceholder(text) {
		return ""
	}
	return text
}

var buyerV0 = []reading.Field[customer]{
	reading.Named("BuyerEmail", func(r *reading.Reader, c *customer) { c.email = open(r) }),
	reading.Named("BuyerName", func(r *reading.Reader, c *customer) { c.name = open(r) }),
	reading.Named("BuyerCounty", func(r *reading.Reader, c *customer) { c.county = open(r) }),
	reading.Named("PurchaseOrderNumber", func(r *reading.Reader, c *customer) { c.purchaseOrder = r.Word() }),
	reading.Named("BuyerTaxInfo", func(r *reading.Reader, c *customer) { reading.Object(r, taxInfoV0, &c.payer) }),
}

var taxInfoV0 = []reading.Field[payer]{
	reading.Named("CompanyLegalName", func(r *reading.Reader, p *payer) { p.name = open(r) }),
	reading.Named("TaxingRegion", func(r *reading.Reader, p *payer) { p.region = open(r) }),
	reading.Named("TaxClassifications", func(r *reading.Reader, p *payer) {
		for _, c := range reading.List(r, classificationV0, itemsMax, reading.TooManyItems) {
			if p.taxID == "" && c.id != "" {
				p.taxID, p.natural = c.id, c.kind == "CPF"
			}
		}
	}),
}

var classificationV0 = []reading.Field[named]{
	reading.Named("Name", func(r *reading.Reader, n *named) { n.kind = r.Text() }),
	reading.Named("Value", func(r *reading.Reader, n *named) { n.id = openWord(r) }),
}

// taxInformationV0 is who pays in Turkey.
var taxInformationV0 = []reading.Field[customer]{
	reading.Named("BuyerLegalCompanyName", func(r *reading.Reader, c *customer) { c.payer.name = open(r) }),
	reading.Named("BuyerBusinessAddress", func(r *reading.Reader, c *customer) { c.payer.street = open(r) }),
	reading.Named("BuyerTaxRegistrationId", func(r *reading.Reader, c *customer) { c.payer.taxID = openWord(r) }),
	reading.Named("BuyerTaxOffice", func(r *reading.Reader, c *customer) { c.drop(r, "the tax office of whom the invoice names") }),
}
