package allegro

import "waybill/connectors/reading"

// Places is where a form has what an operator corrects. A name of two words is corrected word by word, by the form's own fields.
var Places = reading.Places{"lines[].sku": {"$.lineItems[].offer.external.id"}, "lines[].offer_ref": {"$.lineItems[].offer.id"}}.
	People("ship_to", "$.delivery.address", addressParts).
	People("bill_to", "$.invoice.address", map[string]string{
		"street": "street", "city": "city", "postal_code": "zipCode", "country": "countryCode", "company": "company.name",
	}).
	People("buyer", "$.buyer", map[string]string{"company": "companyName", "phone": "phoneNumber", "email": "email", "login": "login"}).
	People("buyer", "$.buyer.address", map[string]string{"street": "street", "city": "city", "country": "countryCode", "postal_code": "postCode"})

var addressParts = map[string]string{
	"street": "street", "city": "city", "postal_code": "zipCode", "country": "countryCode", "company": "companyName", "phone": "phoneNumber",
}
