package amazon

import (
	"fmt"

	"waybill/connectors/reading"
)

// spelling is where a version of the API says what: paths from an order, from a line and from an address.
type spelling struct {
	id, status, fulfiller, placed, total, shipBy, deliver              string
	buyer, address                                                     string
	lineID, lineProduct, lineSKU, lineTitle, lineQuantity, lineShipped string
	lineWindow, linePrice, lineCancel, lineGift                        string
	street, city, postCode, country, district, county, municipality    string
	amount, currency                                                   string
}

var spelling2026 = spelling{
	id: "orderId", status: "fulfillment.fulfillmentStatus", fulfiller: "fulfillment.fulfilledBy", placed: "createdTime",
	total: "proceeds.grandTotal", shipBy: "fulfillment.shipByWindow.latestDateTime", deliver: "fulfillment.deliverByWindow",
	buyer: "buyer", address: "recipient.deliveryAddress",
	lineID: "orderItemId", lineProduct: "product", lineSKU: "product.sellerSku", lineTitle: "product.title", lineQuantity: "quantityOrdered",
	lineShipped: "fulfillment.quantityFulfilled", lineWindow: "fulfillment.shipping.scheduledDeliveryWindow", linePrice: "product.price.unitPrice",
	lineCancel: "cancellation.cancellationRequest", lineGift: "fulfillment.packing.giftOption",
	street: "addressLine1", city: "city", postCode: "postalCode", country: "countryCode", district: "districtOrCounty",
	county: "districtOrCounty", municipality: "municipality", amount: "amount", currency: "currencyCode",
}

var spellingV0 = spelling{
	id: "AmazonOrderId", status: "OrderStatus", fulfiller: "FulfillmentChannel", placed: "PurchaseDate",
	total: "OrderTotal", shipBy: "LatestShipDate", deliver: "LatestDeliveryDate",
	buyer: "BuyerInfo", address: "ShippingAddress",
	lineID: "OrderItemId", lineProduct: "SellerSKU", lineSKU: "SellerSKU", lineTitle: "Title", lineQuantity: "QuantityOrdered",
	lineShipped: "QuantityShipped", lineWindow: "ScheduledDeliveryEndDate", linePrice: "ItemPrice",
	lineCancel: "BuyerRequestedCancel", lineGift: "IsGift",
	street: "AddressLine1", city: "City", postCode: "PostalCode", country: "CountryCode", district: "District",
	county: "County", municipality: "Municipality", amount: "Amount", currency: "CurrencyCode",
}

// at is the place of something the order says.
func (s *sale) at(name string) string { return s.root + "." + name }

// lineAt is the place of something a line says.
func (s *sale) lineAt(i int, name string) string { return fmt.Sprintf("%s[%d].%s", s.itemsAt, i, name) }

// partAt is the place of an amount that a line states; of one that the order states, the line is below zero.
func (s *sale) partAt(line int, p *part) string {
	name := p.name
	if p.i >= 0 {
		name = reading.At(p.name, p.i)
	}
	switch {
	case p.at != "":
		return p.at
	case line < 0:
		return s.at(name)
	}
	return s.lineAt(line, name)
}
