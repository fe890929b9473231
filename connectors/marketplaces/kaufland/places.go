package kaufland

import "waybill/connectors/reading"

// Places is where an order, or one of its units, has what an operator corrects. A name of two words is corrected word by word, by the
// order's own fields.
var Places = reading.Places{}.
	People("ship_to", "$.shipping_address", addressParts).
	People("bill_to", "$.billing_address", addressParts).
	People("buyer", "$.buyer", map[string]string{"email": "email"})

var addressParts = map[string]string{
	"street": "street", "postal_code": "postcode", "city": "city", "country": "country", "company": "company_name", "phone": "phone",
}
