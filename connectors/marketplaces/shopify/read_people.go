package shopify

import (
	"cmp"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// person is somebody as read: the customer, or an address.
type person struct {
	schemas.Person
	id, first, last          string
	line1, line2             string
	province, name, codeless string // codeless: the country by its name
}

func somebody(r *reading.Reader) *person {
	p := new(person)
	if !reading.Object(r, personFields, p) {
		return nil
	}
	p.Name = cmp.Or(p.name, strings.TrimSpace(p.first+" "+p.last))
	p.Street = joined(p.line1, p.line2)
	p.Region = cmp.Or(p.Region, p.province)
	if p.Country == "" {
		p.Country, _ = reading.Country(p.codeless)
	}
	return p
}

// joined are the lines of a street.
func joined(a, b string) string { return strings.Trim(a+", "+b, ", ") }

var personFields = []reading.Field[person]{
	reading.Named("id", func(r *reading.Reader, p *person) { p.id = r.Word() }),
	reading.Named("first_name", func(r *reading.Reader, p *person) { p.first = r.Text() }),
	reading.Named("last_name", func(r *reading.Reader, p *person) { p.last = r.Text() }),
	reading.Named("name", func(r *reading.Reader, p *person) { p.name = r.Text() }),
	reading.Named("company", func(r *reading.Reader, p *person) { p.Company = r.Text() }),
	reading.Named("address1", func(r *reading.Reader, p *person) { p.line1 = r.Text() }),
	reading.Named("address2", func(r *reading.Reader, p *person) { p.line2 = r.Text() }),
	reading.Named("city", func(r *reading.Reader, p *person) { p.City = r.Text() }),
	reading.Named("zip", func(r *reading.Reader, p *person) { p.PostalCode = r.Text() }),
	reading.Named("province", func(r *reading.Reader, p *person) { p.province = r.Text() }),
	reading.Named("province_code", func(r *reading.Reader, p *person) { p.Region = r.Text() }),
	reading.Named("country", func(r *reading.Reader, p *person) { p.codeless = r.Text() }),
	reading.Named("country_code", func(r *reading.Reader, p *person) { p.Country = strings.ToUpper(r.Text()) }),
	reading.Named("email", func(r *reading.Reader, p *person) { p.Email = r.Text() }),
	reading.Named("phone", func(r *reading.Reader, p *person) { p.Phone = r.Text() }),
}

// Places is where an order has what an operator corrects.
var (
	Places = reading.Places{"lines[].sku": {"$.line_items[].sku"}}.People("ship_to", "$.shipping_address", people).People("bill_to", "$.billing_address", people)
	people = map[string]string{
		"name": "name", "company": "company", "street": "address1", "postal_code": "zip", "city": "city",
		"region": "province_code", "country": "country_code", "phone": "phone",
	}
)
