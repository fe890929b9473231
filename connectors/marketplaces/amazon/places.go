package amazon

import "waybill/connectors/reading"

// Places is where an order has what an operator corrects, as each version of the API writes it: whole, or a part of it alone.
var Places = reading.Places{"lines[].sku": {"$.orderItems[].product.sellerSku", "$.OrderItems[].SellerSKU"}}.
	People("ship_to", "$.recipient.deliveryAddress", newest).
	People("ship_to", "$.ShippingAddress", oldest).
	People("buyer", "$.buyer", map[string]string{"name": "buyerName", "email": "buyerEmail", "company": "buyerCompanyName"}).
	People("buyer", "$.BuyerInfo", map[string]string{"name": "BuyerName", "email": "BuyerEmail"})

var newest = map[string]string{
	"name": "name", "company": "companyName", "street": "addressLine1", "city": "city", "region": "stateOrRegion", "postal_code": "postalCode",
	"country": "countryCode", "phone": "phone",
}

var oldest = map[string]string{
	"name": "Name", "company": "CompanyName", "street": "AddressLine1", "city": "City", "region": "StateOrRegion", "postal_code": "PostalCode",
	"country": "CountryCode", "phone": "Phone",
}
