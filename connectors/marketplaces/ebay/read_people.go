package ebay

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// contact is somebody with an address, as read.
type contact struct {
	schemas.Person
	line1, line2, county string
}

func person(r *reading.Reader) *contact {
	c := new(contact)
	if !reading.Object(r, contactFields, c) {
		return nil
	}
	c.Street = strings.Trim(c.line1+", "+c.line2, ", ")
	if c.Region == "" {
		c.Region = c.county
	}
	return c
}

// person is the contact as ours; nil if there is none.
func (c *contact) person() *schemas.Person {
	if c == nil || c.Person == (schemas.Person{}) {
		return nil
	}
	return &c.Person
}

var contactFields = []reading.Field[contact]{
	reading.Named("fullName", func(r *reading.Reader, c *contact) { c.Name = r.Text() }),
	reading.Named("companyName", func(r *reading.Reader, c *contact) { c.Company = r.Text() }),
	reading.Named("contactAddress", func(r *reading.Reader, c *contact) { reading.Object(r, addressFields, c) }),
	reading.Named("primaryPhone", func(r *reading.Reader, c *contact) { reading.Object(r, phoneFields, c) }),
	reading.Named("email", func(r *reading.Reader, c *contact) { c.Email = r.Text() }),
}

var addressFields = []reading.Field[contact]{
	reading.Named("addressLine1", func(r *reading.Reader, c *contact) { c.line1 = r.Text() }),
	reading.Named("addressLine2", func(r *reading.Reader, c *contact) { c.line2 = r.Text() }),
	reading.Named("city", func(r *reading.Reader, c *contact) { c.City = r.Text() }),
	reading.Named("county", func(r *reading.Reader, c *contact) { c.county = r.Text() }),
	reading.Named("stateOrProvince", func(r *reading.Reader, c *contact) { c.Region = r.Text() }),
	reading.Named("postalCode", func(r *reading.Reader, c *contact) { c.PostalCode = r.Word() }),
	reading.Named("countryCode", func(r *reading.Reader, c *contact) { c.Country = strings.ToUpper(r.Text()) }),
}

var phoneFields = []reading.Field[contact]{
	reading.Named("phoneNumber", func(r *reading.Reader, c *contact) { c.Phone = r.Word() }),
}

var buyerFields = []reading.Field[buyer]{
	reading.Named("username", func(r *reading.Reader, b *buyer) { b.name = r.Word() }),
	reading.Named("taxIdentifier", func(r *reading.Reader, b *buyer) { reading.Object(r, taxFields, b) }),
	reading.Named("buyerRegistrationAddress", func(r *reading.Reader, b *buyer) { b.registered = person(r) }),
}

var taxFields = []reading.Field[buyer]{
	reading.Named("taxpayerId", func(r *reading.Reader, b *buyer) { b.taxID = r.Word() }),
}

// Places is where an order has what an operator corrects.
var (
	Places = reading.Places{"lines[].sku": {"$.lineItems[].sku"}}.
		People("ship_to", "$.fulfillmentStartInstructions[0].shippingStep.shipTo", people).
		People("bill_to", "$.buyer.buyerRegistrationAddress", people)
	people = map[string]string{
		"name": "fullName", "company": "companyName", "street": "contactAddress.addressLine1", "postal_code": "contactAddress.postalCode",
		"city": "contactAddress.city", "region": "contactAddress.stateOrProvince", "country": "contactAddress.countryCode",
		"phone": "primaryPhone.phoneNumber", "email": "email",
	}
)
