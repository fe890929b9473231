package woocommerce

import "waybill/connectors/reading"

// Places is where an order has what an operator corrects. A name of two words is corrected word by word, by the order's own fields.
var Places = reading.Places{"lines[].sku": {"$.line_items[].sku"}}.
	People("ship_to", "$.shipping", people).People("bill_to", "$.billing", people)

var people = map[string]string{
	"company": "company", "street": "address_1", "postal_code": "postcode", "city": "city", "region": "state", "country": "country", "phone": "phone",
	"email": "email",
}
