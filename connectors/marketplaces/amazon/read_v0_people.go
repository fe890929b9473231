package amazon

import (
	"strings"

	"waybill/connectors/reading"
)

// shippingAddress reads one more address that a document has. What only says null says nothing.
func shippingAddress(r *reading.Reader, s *sale) {
	a := address{at: r.Place()}
	if a.given = reading.Object(r, addressV0, &a); a.given {
		s.addresses = append(s.addresses, a)
	}
}

var addressV0 = []reading.Field[address]{
	reading.Named("Name", func(r *reading.Reader, a *address) { a.name = a.text(r) }),
	reading.Named("CompanyName", func(r *reading.Reader, a *address) { a.company = a.text(r) }),
	reading.Named("AddressLine1", func(r *reading.Reader, a *address) { a.line1 = a.text(r) }),
	reading.Named("AddressLine2", func(r *reading.Reader, a *address) { a.line2 = a.text(r) }),
	reading.Named("AddressLine3", func(r *reading.Reader, a *address) { a.line3 = a.text(r) }),
	reading.Named("City", func(r *reading.Reader, a *address) { a.city = a.text(r) }),
	reading.Named("County", func(r *reading.Reader, a *address) { a.county = a.text(r) }),
	reading.Named("District", func(r *reading.Reader, a *address) { a.district = a.text(r) }),
	reading.Named("StateOrRegion", func(r *reading.Reader, a *address) { a.region = a.text(r) }),
	reading.Named("Municipality", func(r *reading.Reader, a *address) { a.municipality = a.text(r) }),
	reading.Named("PostalCode", func(r *reading.Reader, a *address) { a.postCode = a.text(r) }),
	reading.Named("CountryCode", func(r *reading.Reader, a *address) { a.country = a.text(r) }),
	reading.Named("Phone", func(r *reading.Reader, a *address) { a.phone = a.text(r) }),
	reading.Named("AddressType", func(r *reading.Reader, a *address) { a.kind = r.Text() }),
	reading.Named("ExtendedFields", func(r *reading.Reader, a *address) { reading.Object(r, extendedV0, a) }),
}

var extendedV0 = []reading.Field[address]{
	reading.Named("StreetName", func(r *reading.Reader, a *address) { a.street = a.text(r) }),
	reading.Named("StreetNumber", func(r *reading.Reader, a *address) { a.number = a.text(r) }),
	reading.Named("Complement", func(r *reading.Reader, a *address) { a.complement = a.text(r) }),
	reading.Named("Neighborhood", func(r *reading.Reader, a *address) { a.neighborhood = a.text(r) }),
}

// text is what comes next, unless it is a placeholder such as <city>, which stands for what may not be told.
func (a *address) text(r *reading.Reader) string {
	text := r.Text()
	if isPlaceholder(text) {
		a.hidden = true
		return ""
	}
	return text
}

func isPlaceholder(text string) bool {
	return len(text) > 2 && strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">")
}

// open is a text that is told, "" for a placeholder.
func open(r *reading.Reader) string {
	if text := r.Text(); !isPlaceholder(text) {
		return text
	}
	return ""
}

var buyerV0 = []reading.Field[sale]{
	reading.Named("BuyerEmail", func(r *reading.Reader, s *sale) { s.buyer.email = longer(open(r), s.buyer.email) }),
	reading.Named("BuyerName", func(r *reading.Reader, s *sale) { s.buyer.name = longer(open(r), s.buyer.name) }),
	reading.Named("BuyerCounty", func(r *reading.Reader, s *sale) { s.buyer.county = longer(open(r), s.buyer.county) }),
	reading.Named("PurchaseOrderNumber", func(r *reading.Reader, s *sale) {
		s.buyer.purchaseOrder = longer(r.Word(), s.buyer.purchaseOrder)
	}),
	reading.Named("BuyerTaxInfo", func(r *reading.Reader, s *sale) { s.payer.given = reading.Object(r, taxInfoV0, s) || s.payer.given }),
}

var taxInfoV0 = []reading.Field[sale]{
	reading.Named("CompanyLegalName", func(r *reading.Reader, s *sale) { s.payer.name = longer(open(r), s.payer.name) }),
	reading.Named("TaxingRegion", func(r *reading.Reader, s *sale) { s.payer.region = longer(open(r), s.payer.region) }),
	reading.Named("TaxClassifications", func(r *reading.Reader, s *sale) {
		for _, c := range reading.List(r, classificationV0, itemsMax, reading.TooManyItems) {
			if c.value != "" && s.payer.taxID == "" {
				s.payer.taxID, s.payer.natural = c.value, c.name == "CPF"
			}
		}
	}),
}

type classification struct{ name, value string }

var classificationV0 = []reading.Field[classification]{
	reading.Named("Name", func(r *reading.Reader, c *classification) { c.name = r.Text() }),
	reading.Named("Value", func(r *reading.Reader, c *classification) {
		if c.value = r.Word(); isPlaceholder(c.value) {
			c.value = ""
		}
	}),
}

// taxInformationV0 is who pays in Turkey.
var taxInformationV0 = []reading.Field[sale]{
	reading.Named("BuyerLegalCompanyName", func(r *reading.Reader, s *sale) { s.payer.name = open(r) }),
	reading.Named("BuyerBusinessAddress", func(r *reading.Reader, s *sale) { s.payer.street = open(r) }),
	reading.Named("BuyerTaxRegistrationId", func(r *reading.Reader, s *sale) { s.payer.taxID = r.Word() }),
	reading.Named("BuyerTaxOffice", func(r *reading.Reader, s *sale) { s.drop(r, "the tax office of whom the invoice names") }),
}
