package ebay

import (
	"time"

	"waybill/internal/sandbox/wire"
)

// price is an amount as eBay writes it.
func (s *sale) price(hundredths int64) map[string]string {
	return map[string]string{"value": wire.Cents(hundredths), "currency": s.site.currency}
}

// document is the order as getOrder answers it, less what nobody reads.
func (s *sale) document() map[string]any {
	goods, off, total := s.totals()
	pricing := map[string]any{"priceSubtotal": s.price(goods), "deliveryCost": s.price(s.delivery), "total": s.price(total)}
	if off > 0 {
		pricing["priceDiscount"] = s.price(-off)
	}
	step := map[string]any{"shippingCarrierCode": "Other", "shippingServiceCode": s.site.service, "shipTo": s.contact()}
	return map[string]any{
		"orderId": s.id, "legacyOrderId": s.id, "creationDate": instant(s.created), "lastModifiedDate": instant(s.updated), "sellerId": "a_seller",
		"orderFulfillmentStatus": s.goods, "orderPaymentStatus": s.money, "salesRecordReference": s.id[9:],
		"buyer":          map[string]any{"username": "buyer_" + s.id[3:8], "buyerRegistrationAddress": s.contact()},
		"pricingSummary": pricing, "cancelStatus": map[string]any{"cancelState": s.cancel, "cancelRequests": []any{}},
		"paymentSummary": map[string]any{"refunds": []any{}, "payments": []any{map[string]any{
			"paymentMethod": "EBAY", "paymentReferenceId": "54" + s.id[3:8], "paymentDate": instant(s.created), "amount": s.price(total), "paymentStatus": s.money,
		}}},
		"fulfillmentStartInstructions": []any{map[string]any{
			"fulfillmentInstructionsType": "SHIP_TO", "ebaySupportedFulfillment": false, "shippingStep": step,
			"minEstimatedDeliveryDate": instant(s.created.Add(48 * time.Hour)), "maxEstimatedDeliveryDate": instant(s.created.Add(96 * time.Hour)),
		}},
		"lineItems": s.items(),
	}
}

func (s *sale) contact() map[string]any {
	p := &s.who
	c := map[string]any{
		"fullName": p.Name(), "email": "m" + s.id[9:] + "@members.example", "primaryPhone": map[string]string{"phoneNumber": p.Phone},
		"contactAddress": map[string]string{
			"addressLine1": p.Line(), "city": p.At.City, "stateOrProvince": p.At.Region, "postalCode": p.At.Zip, "countryCode": p.From.Code,
		},
	}
	if p.Firm != "" {
		c["companyName"] = p.Firm
	}
	return c
}

func (s *sale) items() (items []any) {
	for i := range s.lines {
		l := &s.lines[i]
		item := map[string]any{
			"lineItemId": l.id, "legacyItemId": l.item, "title": l.title, "quantity": l.quantity, "lineItemCost": s.price(l.cost), "appliedPromotions": []any{},
			"lineItemFulfillmentStatus": s.goods, "listingMarketplaceId": s.site.id, "purchaseMarketplaceId": s.site.id, "refunds": []any{},
			"lineItemFulfillmentInstructions": map[string]string{"shipByDate": instant(s.created.Add(24 * time.Hour))},
		}
		if l.sku != "" {
			item["sku"] = l.sku
		}
		if l.off > 0 {
			item["discountedLineItemCost"] = s.price(l.cost - l.off)
			item["appliedPromotions"] = []any{map[string]any{"promotionId": "PROMO-1", "discountAmount": s.price(l.off)}}
		}
		if l.collected > 0 {
			item["ebayCollectAndRemitTaxes"] = []any{map[string]any{"taxType": "STATE_SALES_TAX", "amount": s.price(l.collected), "collectionMethod": "NET"}}
		}
		items = append(items, item)
	}
	return items
}

// Broken writes the n-th payload that is JSON but no order: a good order, with one fault that no reader may overlook. The faults take turns.
func (m Market) Broken(n uint64) wire.Sheet {
	s := m.start(wire.Throw(uint64(m), n, forBroken), 2*n+1)
	good := s.sheet()
	broken := faults[(n+uint64(m))%uint64(len(faults))]
	order := wire.Open(good.Body)
	broken.Put(order)
	sheet := wire.Sheet{Body: wire.Compact(order), Revision: good.Revision, Fault: broken.Name}
	sheet.Ref, _ = order["orderId"].(string)
	return sheet
}

// Faults names the faults, in the order in which they take turns.
func (Market) Faults() []string { return wire.Names(faults) }

func item(f wire.Fields) wire.Fields { return f.At("lineItems", 0) }

func address(f wire.Fields) wire.Fields {
	return f.At("fulfillmentStartInstructions", 0).In("shippingStep").In("shipTo").In("contactAddress")
}

var faults = []wire.Fault{
	{Name: "orderId missing", Put: func(f wire.Fields) { delete(f, "orderId") }},
	{Name: "lineItems empty", Put: func(f wire.Fields) { f["lineItems"] = []any{} }},
	{Name: "lineItems an object", Put: func(f wire.Fields) { f["lineItems"] = map[string]any{"0": item(f)} }},
	{Name: "lineItems null line", Put: func(f wire.Fields) { f["lineItems"] = append(f["lineItems"].([]any), nil) }},
	{Name: "lineItemId missing", Put: func(f wire.Fields) { delete(item(f), "lineItemId") }},
	{Name: "quantity zero", Put: func(f wire.Fields) { item(f)["quantity"] = 0 }},
	{Name: "quantity text", Put: func(f wire.Fields) { item(f)["quantity"] = "two" }},
	{Name: "sku and item missing", Put: func(f wire.Fields) { delete(item(f), "sku"); delete(item(f), "legacyItemId") }},
	{Name: "cost missing", Put: func(f wire.Fields) { delete(item(f), "lineItemCost"); delete(item(f), "discountedLineItemCost") }},
	{Name: "cost negative", Put: func(f wire.Fields) { item(f).In("lineItemCost")["value"] = "-5.00" }},
	{Name: "cost in another currency", Put: func(f wire.Fields) { item(f).In("lineItemCost")["currency"] = "CHF" }},
	{Name: "total missing", Put: func(f wire.Fields) { delete(f.In("pricingSummary"), "total") }},
	{Name: "total not a number", Put: func(f wire.Fields) { f.In("pricingSummary").In("total")["value"] = "12,50" }},
	{Name: "orderPaymentStatus unknown", Put: func(f wire.Fields) { f["orderPaymentStatus"] = "MAYBE" }},
	{Name: "orderFulfillmentStatus missing", Put: func(f wire.Fields) { delete(f, "orderFulfillmentStatus") }},
	{Name: "creationDate impossible", Put: func(f wire.Fields) { f["creationDate"] = "2026-02-30T10:15:30.133Z" }},
	{Name: "shipTo missing", Put: func(f wire.Fields) { delete(f.At("fulfillmentStartInstructions", 0).In("shippingStep"), "shipTo") }},
	{Name: "city missing", Put: func(f wire.Fields) { delete(address(f), "city") }},
	{Name: "countryCode unknown", Put: func(f wire.Fields) { address(f)["countryCode"] = "JQ" }},
}
