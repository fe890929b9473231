package kaufland

import "waybill/internal/sandbox/wire"

// Broken writes the n-th payload that is JSON but no order: a good order that the seller must send,
// with one fault that no reader may overlook. The faults take turns.
func (m Market) Broken(n uint64) wire.Sheet {
	s := m.start(n, forBroken, 2)
	s.order.FulfillmentType = "fulfilled_by_merchant"
	s.release()
	s.order.Delivery = nil // no point that could stand for a missing address
	good := s.sheet()
	broken := faults[(n+uint64(m))%uint64(len(faults))]
	answer := wire.Open(good.Body)
	broken.Put(answer.In("data"))
	sheet := wire.Sheet{Body: wire.Compact(answer), Revision: good.Revision, Fault: broken.Name}
	sheet.Ref, _ = answer.In("data")["id_order"].(string)
	return sheet
}

// Faults names the faults, in the order in which they take turns.
func (Market) Faults() []string { return wire.Names(faults) }

// A status that nobody has heard of is none of them: Kaufland had one for years before it was documented
// (hitmeister/api-sdk-php issue 35), so a reader may not stumble over the next.
var faults = []wire.Fault{
	{Name: "id_order missing", Put: func(o wire.Fields) { delete(o, "id_order") }},
	{Name: "id_order empty", Put: func(o wire.Fields) { o["id_order"] = "" }},
	{Name: "order_units null", Put: func(o wire.Fields) { o["order_units"] = nil }}, // without the field it is but a word about the order, as in a list
	{Name: "order_units empty", Put: func(o wire.Fields) { o["order_units"] = []any{} }},
	{Name: "order_units an object", Put: func(o wire.Fields) { o["order_units"] = map[string]any{"0": piece(o, 0)} }},
	{Name: "order_units null unit", Put: func(o wire.Fields) { o["order_units"] = append(o["order_units"].([]any), nil) }},
	{Name: "id_order_unit missing", Put: func(o wire.Fields) { delete(piece(o, 0), "id_order_unit") }},
	{Name: "id_order_unit twice", Put: func(o wire.Fields) { piece(o, 1)["id_order_unit"] = piece(o, 0)["id_order_unit"] }},
	{Name: "id_order_unit text", Put: func(o wire.Fields) { piece(o, 0)["id_order_unit"] = "first" }},
	{Name: "id_order_unit fractional", Put: func(o wire.Fields) { piece(o, 0)["id_order_unit"] = 314567896580917.5 }},
	{Name: "price missing", Put: func(o wire.Fields) { delete(piece(o, 0), "price") }},
	{Name: "price null", Put: func(o wire.Fields) { piece(o, 0)["price"] = nil }},
	{Name: "price negative", Put: func(o wire.Fields) { piece(o, 0)["price"] = -200 }},
	{Name: "price fractional", Put: func(o wire.Fields) { piece(o, 0)["price"] = 1999.5 }},
	{Name: "price text", Put: func(o wire.Fields) { piece(o, 0)["price"] = "19,99 €" }},
	{Name: "price beyond all bounds", Put: func(o wire.Fields) { piece(o, 0)["price"] = 98765432109876543210.0 }},
	{Name: "shipping_rate negative", Put: func(o wire.Fields) { piece(o, 0)["shipping_rate"] = -390 }},
	{Name: "shipping_rate fractional", Put: func(o wire.Fields) { piece(o, 0)["shipping_rate"] = 3.9 }},
	{Name: "currency unknown", Put: func(o wire.Fields) { sell(o, "ZLX") }},
	{Name: "currency a number", Put: func(o wire.Fields) { piece(o, 0)["currency"] = 978 }},
	{Name: "currency mixed", Put: func(o wire.Fields) { piece(o, 1)["currency"] = foreign(o) }},
	{Name: "status a number", Put: func(o wire.Fields) { piece(o, 0)["status"] = 3 }},
	{Name: "status missing", Put: func(o wire.Fields) { delete(piece(o, 0), "status") }},
	{Name: "status null", Put: func(o wire.Fields) { piece(o, 0)["status"] = nil }},
	{Name: "shipping_address null", Put: func(o wire.Fields) { o["shipping_address"] = nil }},
	{Name: "shipping_address text", Put: func(o wire.Fields) { o["shipping_address"] = "Musterstr. 1a, 53424 Remagen" }},
	{Name: "address city missing", Put: func(o wire.Fields) { delete(shipTo(o), "city") }},
	{Name: "address postcode empty", Put: func(o wire.Fields) { shipTo(o)["postcode"] = "" }},
	{Name: "address country missing", Put: func(o wire.Fields) { delete(shipTo(o), "country") }},
	{Name: "address country unknown", Put: func(o wire.Fields) { shipTo(o)["country"] = "JQ" }},
	{Name: "ts_created_iso impossible", Put: func(o wire.Fields) { o["ts_created_iso"] = "2026-02-30T10:15:30Z" }},
	{Name: "ts_updated_iso impossible", Put: func(o wire.Fields) { each(o, "ts_updated_iso", "2026-11-31T25:61:00Z") }},
	{Name: "ts_updated_iso a number", Put: func(o wire.Fields) { each(o, "ts_updated_iso", 1411055926) }},
}

func piece(o wire.Fields, i int) wire.Fields { return o.At("order_units", i) }

func shipTo(o wire.Fields) wire.Fields { return o.In("shipping_address") }

// sell puts every unit into another currency.
func sell(o wire.Fields, currency string) { each(o, "currency", currency) }

// each gives a field of every unit another value.
func each(o wire.Fields, field string, value any) {
	for i := range o["order_units"].([]any) {
		piece(o, i)[field] = value
	}
}

// foreign is a currency that the order is not in.
func foreign(o wire.Fields) string {
	if piece(o, 0)["currency"] == "EUR" {
		return "CZK"
	}
	return "EUR"
}
