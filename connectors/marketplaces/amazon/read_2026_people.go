package amazon

import "waybill/connectors/reading"

var buyer2026 = []reading.Field[customer]{
	reading.Named("buyerName", func(r *reading.Reader, c *customer) { c.name = open(r) }),
	reading.Named("buyerEmail", func(r *reading.Reader, c *customer) { c.email = open(r) }),
	reading.Named("buyerCompanyName", func(r *reading.Reader, c *customer) { c.company = open(r) }),
	reading.Named("buyerPurchaseOrderNumber", func(r *reading.Reader, c *customer) { c.purchaseOrder = r.Word() }),
}

var recipient2026 = []reading.Field[sale]{
	reading.Named("deliveryAddress", func(r *reading.Reader, s *sale) { s.address.read(r, address2026) }),
	reading.Named("deliveryPreference", func(r *reading.Reader, s *sale) { reading.Object(r, preference2026, &s.preference) }),
}

var address2026 = []reading.Field[address]{
	reading.Named("name", func(r *reading.Reader, a *address) { a.name = open(r) }),
	reading.Named("companyName", func(r *reading.Reader, a *address) { a.company = open(r) }),
	reading.Named("addressLine1", func(r *reading.Reader, a *address) { a.line1 = open(r) }),
	reading.Named("addressLine2", func(r *reading.Reader, a *address) { a.line2 = open(r) }),
	reading.Named("addressLine3", func(r *reading.Reader, a *address) { a.line3 = open(r) }),
	reading.Named("city", func(r *reading.Reader, a *address) { a.city = open(r) }),
	reading.Named("districtOrCounty", func(r *reading.Reader, a *address) { a.district = open(r) }),
	reading.Named("stateOrRegion", func(r *reading.Reader, a *address) { a.region = open(r) }),
	reading.Named("municipality", func(r *reading.Reader, a *address) { a.municipality = open(r) }),
	reading.Named("postalCode", func(r *reading.Reader, a *address) { a.postCode = open(r) }),
	reading.Named("countryCode", func(r *reading.Reader, a *address) { a.country = open(r) }),
	reading.Named("phone", func(r *reading.Reader, a *address) { a.phone = open(r) }),
	reading.Named("extendedFields", func(r *reading.Reader, a *address) { reading.Object(r, extended2026, a) }),
	reading.Named("addressType", func(r *reading.Reader, a *address) { a.kind = r.Text() }),
}

var extended2026 = []reading.Field[address]{
	reading.Named("streetName", func(r *reading.Reader, a *address) { a.street = open(r) }),
	reading.Named("streetNumber", func(r *reading.Reader, a *address) { a.number = open(r) }),
	reading.Named("complement", func(r *reading.Reader, a *address) { a.complement = open(r) }),
	reading.Named("neighborhood", func(r *reading.Reader, a *address) { a.neighborhood = open(r) }),
}

var tax2026 = []reading.Field[sale]{
	reading.Named("taxRegistrations", registrations),
	reading.Named("taxInvoicing", func(r *reading.Reader, s *sale) { reading.Object(r, invoicing2026, s) }),
}

// registration is a tax number of the buyer, of the seller, or of Amazon.
type registration struct {
	owner, name, kind, number string
	address                   address
	office                    bool
}

// registrations takes the buyer's first that has a number; an invoice names one.
func registrations(r *reading.Reader, s *sale) {
	place := r.Place()
	for i, n := range reading.List(r, registration2026, itemsMax, reading.TooManyItems) {
		if n.owner != "BUYER" || s.customer.payer.taxID != "" {
			continue
		}
		s.customer.payer = payer{name: n.name, taxID: n.number, natural: n.kind == "CPF", address: n.address}
		if n.office {
			s.dropAt(place+reading.At("[%d].taxRegistrationAttributes", i), "the tax office of whom the invoice names")
		}
	}
}

var registration2026 = []reading.Field[registration]{
	reading.Named("entityType", func(r *reading.Reader, n *registration) { n.owner = r.Text() }),
	reading.Named("legalName", func(r *reading.Reader, n *registration) { n.name = open(r) }),
	reading.Named("taxRegistrationType", func(r *reading.Reader, n *registration) { n.kind = r.Text() }),
	reading.Named("taxRegistrationNumber", func(r *reading.Reader, n *registration) { n.number = openWord(r) }),
	reading.Named("taxRegistrationAddress", func(r *reading.Reader, n *registration) {
		n.address.given = reading.Object(r, address2026, &n.address)
	}),
	reading.Named("taxRegistrationAttributes", func(r *reading.Reader, n *registration) { n.office = r.Says() }),
}

var invoicing2026 = []reading.Field[sale]{
	reading.Named("buyerInvoicePreference", func(r *reading.Reader, s *sale) { s.invoiced = r.Text() != "" || s.invoiced }),
	reading.Named("invoiceStatus", func(r *reading.Reader, s *sale) { s.invoiced = lacksInvoice(r.Text()) || s.invoiced }),
}
