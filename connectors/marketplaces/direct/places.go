package direct

import "waybill/connectors/reading"

// Places is where a document has what an operator corrects: by the same names.
var Places = reading.Places{"lines[].sku": {"$.lines[].sku"}, "lines[].offer_ref": {"$.lines[].offer_ref"}}.
	People("ship_to", "$.ship_to", people).People("bill_to", "$.bill_to", people).People("buyer", "$.buyer", people)

var people = map[string]string{
	"name": "name", "company": "company", "street": "street", "postal_code": "postal_code", "city": "city", "region": "region",
	"country": "country", "phone": "phone", "email": "email", "tax_id": "tax_id", "login": "login",
}
