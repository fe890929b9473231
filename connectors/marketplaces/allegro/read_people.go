package allegro

var buyerFields = []field[buyer]{
	{"id", func(r *reader, b *buyer) { b.id = r.word() }},
	{"email", func(r *reader, b *buyer) { b.email = r.text() }},
	{"login", func(r *reader, b *buyer) { b.login = r.text() }},
	{"firstName", func(r *reader, b *buyer) { b.firstName = r.text() }},
	{"lastName", func(r *reader, b *buyer) { b.lastName = r.text() }},
	{"companyName", func(r *reader, b *buyer) { b.companyName = r.text() }},
	{"phoneNumber", func(r *reader, b *buyer) { b.phone = r.text() }},
	{"address", func(r *reader, b *buyer) { b.address.given = object(r, addressFields, &b.address) }},
}

var addressFields = []field[address]{
	{"firstName", func(r *reader, a *address) { a.firstName = r.text() }},
	{"lastName", func(r *reader, a *address) { a.lastName = r.text() }},
	{"street", func(r *reader, a *address) { a.street = r.text() }},
	{"city", func(r *reader, a *address) { a.city = r.text() }},
	{"zipCode", func(r *reader, a *address) { a.postCode = r.text() }},
	{"postCode", func(r *reader, a *address) { a.postCode = r.text() }},
	{"countryCode", func(r *reader, a *address) { a.country = r.text() }},
	{"companyName", func(r *reader, a *address) { a.companyName = r.text() }},
	{"phoneNumber", func(r *reader, a *address) { a.phone = r.text() }},
}

var invoiceFields = []field[invoice]{
	{"required", func(r *reader, i *invoice) { i.required = r.flag() }},
	{"address", func(r *reader, i *invoice) { i.address.given = object(r, invoiceAddressFields, &i.address) }},
}

var invoiceAddressFields = []field[invoiceAddress]{
	{"street", func(r *reader, a *invoiceAddress) { a.street = r.text() }},
	{"city", func(r *reader, a *invoiceAddress) { a.city = r.text() }},
	{"zipCode", func(r *reader, a *invoiceAddress) { a.postCode = r.text() }},
	{"countryCode", func(r *reader, a *invoiceAddress) { a.country = r.text() }},
	{"company", func(r *reader, a *invoiceAddress) { a.company.given = object(r, companyFields, &a.company) }},
	{"naturalPerson", func(r *reader, a *invoiceAddress) { object(r, addressFields, &a.person) }},
}

var companyFields = []field[company]{
	{"name", func(r *reader, c *company) { c.name = r.text() }},
	{"ids", func(r *reader, c *company) { c.ids = list(r, taxIDFields, itemsMax, tooManyItems) }},
	{"taxId", func(r *reader, c *company) { c.taxID = r.word() }},
}

var taxIDFields = []field[taxID]{
	{"value", func(r *reader, t *taxID) { t.value = r.word() }},
}
