package allegro

import "waybill/connectors/reading"

var buyerFields = []reading.Field[buyer]{
	reading.Named("id", func(r *reading.Reader, b *buyer) { b.id = r.Word() }),
	reading.Named("email", func(r *reading.Reader, b *buyer) { b.email = r.Text() }),
	reading.Named("login", func(r *reading.Reader, b *buyer) { b.login = r.Text() }),
	reading.Named("firstName", func(r *reading.Reader, b *buyer) { b.firstName = r.Text() }),
	reading.Named("lastName", func(r *reading.Reader, b *buyer) { b.lastName = r.Text() }),
	reading.Named("companyName", func(r *reading.Reader, b *buyer) { b.companyName = r.Text() }),
	reading.Named("phoneNumber", func(r *reading.Reader, b *buyer) { b.phone = r.Text() }),
	reading.Named("address", func(r *reading.Reader, b *buyer) { b.address.given = reading.Object(r, addressFields, &b.address) }),
}

var addressFields = []reading.Field[address]{
	reading.Named("firstName", func(r *reading.Reader, a *address) { a.firstName = r.Text() }),
	reading.Named("lastName", func(r *reading.Reader, a *address) { a.lastName = r.Text() }),
	reading.Named("street", func(r *reading.Reader, a *address) { a.street = r.Text() }),
	reading.Named("city", func(r *reading.Reader, a *address) { a.city = r.Text() }),
	reading.Named("zipCode", func(r *reading.Reader, a *address) { a.postCode = r.Text() }),
	reading.Named("postCode", func(r *reading.Reader, a *address) { a.postCode = r.Text() }),
	reading.Named("countryCode", func(r *reading.Reader, a *address) { a.country = r.Text() }),
	reading.Named("companyName", func(r *reading.Reader, a *address) { a.companyName = r.Text() }),
	reading.Named("phoneNumber", func(r *reading.Reader, a *address) { a.phone = r.Text() }),
}

var invoiceFields = []reading.Field[invoice]{
	reading.Named("required", func(r *reading.Reader, i *invoice) { i.required = r.Flag() }),
	reading.Named("address", func(r *reading.Reader, i *invoice) {
		i.address.given = reading.Object(r, invoiceAddressFields, &i.address)
	}),
}

var invoiceAddressFields = []reading.Field[invoiceAddress]{
	reading.Named("street", func(r *reading.Reader, a *invoiceAddress) { a.street = r.Text() }),
	reading.Named("city", func(r *reading.Reader, a *invoiceAddress) { a.city = r.Text() }),
	reading.Named("zipCode", func(r *reading.Reader, a *invoiceAddress) { a.postCode = r.Text() }),
	reading.Named("countryCode", func(r *reading.Reader, a *invoiceAddress) { a.country = r.Text() }),
	reading.Named("company", func(r *reading.Reader, a *invoiceAddress) {
		a.company.given = reading.Object(r, companyFields, &a.company)
	}),
	reading.Named("naturalPerson", func(r *reading.Reader, a *invoiceAddress) { reading.Object(r, addressFields, &a.person) }),
}

var companyFields = []reading.Field[company]{
	reading.Named("name", func(r *reading.Reader, c *company) { c.name = r.Text() }),
	reading.Named("ids", func(r *reading.Reader, c *company) {
		c.ids = reading.List(r, taxIDFields, itemsMax, reading.TooManyItems)
	}),
	reading.Named("taxId", func(r *reading.Reader, c *company) { c.taxID = r.Word() }),
}

var taxIDFields = []reading.Field[taxID]{
	reading.Named("value", func(r *reading.Reader, t *taxID) { t.value = r.Word() }),
}
