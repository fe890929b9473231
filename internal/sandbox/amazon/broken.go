package amazon

import (
	"slices"

	"waybill/internal/sandbox/wire"
)

// Broken writes the n-th payload that is JSON but no order: a good order that the seller must ship,
// with one fault that no reader may overlook. The faults take turns.
func (m Market) Broken(n uint64) wire.Sheet {
	s := m.start(n, forBroken, 2)
	s.byAmazon, s.order.Fulfillment.FulfilledBy = false, "MERCHANT"
	s.order.Programs = slices.DeleteFunc(s.order.Programs, func(p string) bool { return p == "IN_STORE_PICK_UP" })
	s.order.Recipient = &recipient{DeliveryAddress: s.street(s.who)} // of a withheld one, nothing could be missed
	s.confirm()
	good := s.sheet()
	broken := faults[(n+uint64(m))%uint64(len(faults))]
	answer := wire.Open(good.Body)
	broken.Put(answer.In("order"))
	sheet := wire.Sheet{Body: wire.Compact(answer), Revision: good.Revision, Fault: broken.Name}
	sheet.Ref, _ = answer.In("order")["orderId"].(string)
	return sheet
}

// Faults names the faults, in the order in which they take turns.
func (Market) Faults() []string { return wire.Names(faults) }

var faults = []wire.Fault{
	{Name: "orderId missing", Put: func(o wire.Fields) { delete(o, "orderId") }},
	{Name: "orderId empty", Put: func(o wire.Fields) { o["orderId"] = "" }},
	{Name: "orderItems missing", Put: func(o wire.Fields) { delete(o, "orderItems") }},
	{Name: "orderItems empty", Put: func(o wire.Fields) { o["orderItems"] = []any{} }},
	{Name: "orderItems an object", Put: func(o wire.Fields) { o["orderItems"] = map[string]any{"0": item(o, 0)} }},
	{Name: "orderItems null item", Put: func(o wire.Fields) { o["orderItems"] = append(o["orderItems"].([]any), nil) }},
	{Name: "orderItemId missing", Put: func(o wire.Fields) { delete(item(o, 0), "orderItemId") }},
	{Name: "orderItemId twice", Put: func(o wire.Fields) { item(o, 1)["orderItemId"] = item(o, 0)["orderItemId"] }},
	{Name: "quantityOrdered negative", Put: func(o wire.Fields) { item(o, 0)["quantityOrdered"] = -1 }},
	{Name: "quantityOrdered fractional", Put: func(o wire.Fields) { item(o, 0)["quantityOrdered"] = 2.5 }},
	{Name: "quantityOrdered text", Put: func(o wire.Fields) { item(o, 0)["quantityOrdered"] = "three" }},
	{Name: "quantityOrdered missing", Put: func(o wire.Fields) { delete(item(o, 0), "quantityOrdered") }},
	{Name: "unitPrice negative", Put: func(o wire.Fields) { unitPrice(o, 0)["amount"] = "-5" }},
	{Name: "unitPrice not a number", Put: func(o wire.Fields) { unitPrice(o, 0)["amount"] = "12,50 €" }},
	{Name: "unitPrice too precise", Put: func(o wire.Fields) { unitPrice(o, 0)["amount"] = "19.999" }},
	{Name: "unitPrice of yen with decimals", Put: func(o wire.Fields) {
		sell(o, "JPY")
		unitPrice(o, 0)["amount"] = "1999.50"
	}},
	{Name: "unitPrice beyond all bounds", Put: func(o wire.Fields) { unitPrice(o, 0)["amount"] = "98765432109876543210" }},
	{Name: "unitPrice currency missing", Put: func(o wire.Fields) { delete(unitPrice(o, 0), "currencyCode") }},
	{Name: "unitPrice currency mixed", Put: func(o wire.Fields) { unitPrice(o, 1)["currencyCode"] = foreign(o) }},
	{Name: "currency unknown", Put: func(o wire.Fields) { sell(o, "ZLX") }},
	{Name: "grandTotal currency mixed", Put: func(o wire.Fields) { grandTotal(o)["currencyCode"] = foreign(o) }},
	{Name: "grandTotal not a number", Put: func(o wire.Fields) { grandTotal(o)["amount"] = "NaN" }},
	{Name: "grandTotal negative", Put: func(o wire.Fields) { grandTotal(o)["amount"] = "-20" }},
	{Name: "recipient missing", Put: func(o wire.Fields) { delete(o, "recipient") }},
	{Name: "address city missing", Put: func(o wire.Fields) { delete(shipTo(o), "city") }},
	{Name: "address postalCode missing", Put: func(o wire.Fields) { shipTo(o)["postalCode"] = "" }},
	{Name: "address countryCode missing", Put: func(o wire.Fields) { delete(shipTo(o), "countryCode") }},
	{Name: "address countryCode unknown", Put: func(o wire.Fields) { shipTo(o)["countryCode"] = "JQ" }},
	{Name: "fulfillmentStatus unknown", Put: func(o wire.Fields) { o.In("fulfillment")["fulfillmentStatus"] = "Canceled-ish" }},
	{Name: "fulfillmentStatus a number", Put: func(o wire.Fields) { o.In("fulfillment")["fulfillmentStatus"] = 3 }},
	{Name: "createdTime impossible", Put: func(o wire.Fields) { o["createdTime"] = "2026-02-30T10:15:30Z" }},
	{Name: "lastUpdatedTime impossible", Put: func(o wire.Fields) { o["lastUpdatedTime"] = "2026-11-31T25:61:00Z" }},
	{Name: "lastUpdatedTime a number", Put: func(o wire.Fields) { o["lastUpdatedTime"] = 1793491200 }},
}

func item(o wire.Fields, i int) wire.Fields { return o.At("orderItems", i) }

func unitPrice(o wire.Fields, i int) wire.Fields {
	return item(o, i).In("product").In("price").In("unitPrice")
}

func grandTotal(o wire.Fields) wire.Fields { return o.In("proceeds").In("grandTotal") }

func shipTo(o wire.Fields) wire.Fields { return o.In("recipient").In("deliveryAddress") }

// sell puts every amount into another currency.
func sell(o wire.Fields, currency string) {
	for _, inside := range o {
		recode(inside, currency)
	}
}

func recode(value any, currency string) {
	switch value := value.(type) {
	case map[string]any:
		if _, isMoney := value["currencyCode"]; isMoney {
			value["currencyCode"] = currency
		}
		for _, inside := range value {
			recode(inside, currency)
		}
	case []any:
		for _, inside := range value {
			recode(inside, currency)
		}
	}
}

// foreign is a currency that the order is not in.
func foreign(o wire.Fields) string {
	if grandTotal(o)["currencyCode"] == "EUR" {
		return "PLN"
	}
	return "EUR"
}
