package shopify

import (
	"encoding/json"

	"waybill/internal/sandbox/wire"
)

// document is the order as its webhook brings it, less what nobody reads.
func (s *sale) document() map[string]any {
	all, left, tax, _ := s.totals()
	if s.cancelled != nil {
		left = 0
	}
	o := map[string]any{
		"id": json.Number(s.id), "admin_graphql_api_id": "gid://shopify/Order/" + s.id, "name": "#" + s.id[len(s.id)-5:], "source_name": "web",
		"created_at": stamp(s.created), "processed_at": stamp(s.created), "updated_at": stamp(s.updated), "cancelled_at": s.cancelled, "test": false,
		"financial_status": s.money, "fulfillment_status": nil, "currency": s.place.booked, "presentment_currency": s.place.paid, "taxes_included": s.place.gross,
		"total_price": s.amount(all), "total_price_set": s.set(all), "current_total_price": s.amount(left), "current_total_price_set": s.set(left),
		"total_tax": s.amount(tax), "total_tax_set": s.set(tax), "total_tip_received": s.amount(0), "note": s.note, "note_attributes": []any{},
		"email": "buyer-" + s.id + "@mail.example", "payment_gateway_names": []string{"shopify_payments"}, "discount_codes": []any{}, "refunds": []any{},
		"customer":        map[string]any{"id": json.Number("7" + s.id[3:]), "first_name": s.who.First, "last_name": s.who.Last},
		"billing_address": s.address(), "shipping_address": s.address(), "line_items": s.items(), "fulfillments": []any{},
		"shipping_lines": []any{map[string]any{
			"id": 1, "code": "standard", "title": "Standard", "price": s.amount(s.shipping), "price_set": s.set(s.shipping), "discounted_price": s.amount(s.shipping),
			"discounted_price_set": s.set(s.shipping), "discount_allocations": []any{}, "is_removed": false,
		}},
	}
	if s.goods != "" {
		o["fulfillment_status"] = s.goods
	}
	return o
}

func (s *sale) address() map[string]any {
	p := &s.who
	a := map[string]any{
		"first_name": p.First, "last_name": p.Last, "name": p.Name(), "company": nil, "address1": p.Line(), "address2": nil, "city": p.At.City,
		"zip": p.At.Zip, "province": p.At.Region, "country": p.From.Code, "country_code": p.From.Code, "phone": nil,
	}
	if p.Firm != "" {
		a["company"] = p.Firm
	}
	if p.Phone != "" {
		a["phone"] = p.Phone
	}
	return a
}

func (s *sale) items() (items []any) {
	for i := range s.lines {
		l := &s.lines[i]
		item := map[string]any{
			"id": json.Number(l.id), "variant_id": 8000 + i, "product_id": 7000 + i, "sku": l.sku, "title": l.title, "name": l.title, "quantity": l.quantity,
			"current_quantity": l.quantity - l.gone, "fulfillment_service": "manual", "fulfillment_status": nil, "requires_shipping": true, "gift_card": false,
			"price": s.amount(l.each), "price_set": s.set(l.each), "total_discount": s.amount(0), "discount_allocations": []any{}, "tax_lines": []any{}, "properties": []any{},
		}
		if s.sent {
			item["fulfillment_status"] = "fulfilled"
		}
		if l.off > 0 {
			item["discount_allocations"] = []any{map[string]any{"amount": s.amount(l.off), "amount_set": s.set(l.off), "discount_application_index": 0}}
		}
		if l.tax > 0 {
			item["tax_lines"] = []any{map[string]any{"title": "State Tax", "rate": 0.07, "price": s.amount(l.tax), "price_set": s.set(l.tax)}}
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
	if id, is := order["id"].(json.Number); is {
		sheet.Ref = id.String()
	}
	return sheet
}

// Faults names the faults, in the order in which they take turns.
func (Market) Faults() []string { return wire.Names(faults) }

func item(f wire.Fields) wire.Fields { return f.At("line_items", 0) }

var faults = []wire.Fault{
	{Name: "id missing", Put: func(f wire.Fields) { delete(f, "id") }},
	{Name: "line_items empty", Put: func(f wire.Fields) { f["line_items"] = []any{} }},
	{Name: "line_items an object", Put: func(f wire.Fields) { f["line_items"] = map[string]any{"0": item(f)} }},
	{Name: "line_items null line", Put: func(f wire.Fields) { f["line_items"] = append(f["line_items"].([]any), nil) }},
	{Name: "quantity zero", Put: func(f wire.Fields) { item(f)["quantity"] = 0 }},
	{Name: "quantity text", Put: func(f wire.Fields) { item(f)["quantity"] = "two" }},
	{Name: "sku and product missing", Put: func(f wire.Fields) { item(f)["sku"], item(f)["variant_id"], item(f)["product_id"] = nil, nil, nil }},
	{Name: "price negative", Put: func(f wire.Fields) {
		item(f)["price"] = "-5.00"
		item(f).In("price_set").In("presentment_money")["amount"] = "-5.00"
	}},
	{Name: "price not a number", Put: func(f wire.Fields) {
		item(f)["price"] = "12,50 €"
		item(f).In("price_set").In("presentment_money")["amount"] = "12,50"
	}},
	{Name: "total_price missing", Put: func(f wire.Fields) { delete(f, "total_price"); delete(f, "total_price_set") }},
	{Name: "currency unknown", Put: func(f wire.Fields) { f["currency"] = "ZLX" }},
	{Name: "financial_status unknown", Put: func(f wire.Fields) { f["financial_status"] = "charged" }},
	{Name: "fulfillment_status unknown", Put: func(f wire.Fields) { f["fulfillment_status"] = "packed" }},
	{Name: "created_at impossible", Put: func(f wire.Fields) { f["created_at"] = "2026-02-30T10:15:30+01:00" }},
	{Name: "shipping_address missing", Put: func(f wire.Fields) { f["shipping_address"] = nil }},
	{Name: "city missing", Put: func(f wire.Fields) { delete(f.In("shipping_address"), "city") }},
	{Name: "country_code unknown", Put: func(f wire.Fields) { f.In("shipping_address")["country_code"] = "JQ" }},
}
