package allegro

import "waybill/internal/sandbox/wire"

// Broken writes the n-th payload that is JSON but no order: a good order that is ready, with one fault
// that no reader may overlook. The faults take turns.
func (m Market) Broken(n uint64) wire.Sheet {
	s := start(wire.Throw(uint64(m), n, forBroken), n, 2)
	s.pay()
	s.settle()
	good := s.sheet(1)
	broken := faults[(n+uint64(m))%uint64(len(faults))]
	form := wire.Open(good.Body)
	broken.Put(form)
	sheet := wire.Sheet{Body: wire.Compact(form), Revision: good.Revision, Fault: broken.Name}
	sheet.Ref, _ = form["id"].(string)
	return sheet
}

// Faults names the faults, in the order in which they take turns.
func (Market) Faults() []string { return wire.Names(faults) }

var faults = []wire.Fault{
	{Name: "id missing", Put: func(f wire.Fields) { delete(f, "id") }},
	{Name: "lineItems empty", Put: func(f wire.Fields) { f["lineItems"] = []any{} }},
	{Name: "lineItems an object", Put: func(f wire.Fields) { f["lineItems"] = map[string]any{"0": line(f, 0)} }},
	{Name: "lineItems null line", Put: func(f wire.Fields) { f["lineItems"] = append(f["lineItems"].([]any), nil) }},
	{Name: "quantity zero", Put: func(f wire.Fields) { line(f, 0)["quantity"] = 0 }},
	{Name: "quantity negative", Put: func(f wire.Fields) { line(f, 0)["quantity"] = -2 }},
	{Name: "quantity fractional", Put: func(f wire.Fields) { line(f, 0)["quantity"] = 1.5 }},
	{Name: "quantity text", Put: func(f wire.Fields) { line(f, 0)["quantity"] = "two" }},
	{Name: "price negative", Put: func(f wire.Fields) { line(f, 0).In("price")["amount"] = "-5.00" }},
	{Name: "price not a number", Put: func(f wire.Fields) { line(f, 0).In("price")["amount"] = "12,50 zł" }},
	{Name: "price too precise", Put: func(f wire.Fields) { line(f, 0).In("price")["amount"] = "19.999" }},
	{Name: "price currency missing", Put: func(f wire.Fields) { delete(line(f, 0).In("price"), "currency") }},
	{Name: "price currency unknown", Put: func(f wire.Fields) { setCurrency(f, 0, "ZLX") }},
	{Name: "price currency mixed", Put: func(f wire.Fields) { setCurrency(f, 1, foreign(f)) }},
	{Name: "delivery address missing", Put: func(f wire.Fields) { f.In("delivery")["address"], f.In("delivery")["pickupPoint"] = nil, nil }},
	{Name: "delivery city missing", Put: func(f wire.Fields) { delete(shipTo(f), "city") }},
	{Name: "delivery zipCode missing", Put: func(f wire.Fields) { shipTo(f)["zipCode"] = "" }},
	{Name: "delivery countryCode missing", Put: func(f wire.Fields) { shipTo(f)["countryCode"] = nil }},
	{Name: "delivery countryCode unknown", Put: func(f wire.Fields) { shipTo(f)["countryCode"] = "JQ" }},
	{Name: "status unknown", Put: func(f wire.Fields) { f["status"] = "PAUSED" }},
	{Name: "date impossible", Put: func(f wire.Fields) {
		f["updatedAt"], line(f, 0)["boughtAt"] = "2026-02-30T10:15:30.133Z", "2026-11-31T25:61:00Z"
	}},
	{Name: "totalToPay missing", Put: func(f wire.Fields) { delete(f.In("summary"), "totalToPay") }},
}

func line(f wire.Fields, i int) wire.Fields { return f.At("lineItems", i) }

func shipTo(f wire.Fields) wire.Fields { return f.In("delivery").In("address") }

func setCurrency(f wire.Fields, i int, code string) {
	line(f, i).In("price")["currency"] = code
	line(f, i).In("originalPrice")["currency"] = code
}

// foreign is a currency that the order is not in.
func foreign(f wire.Fields) string {
	if f.In("summary").In("totalToPay")["currency"] == "EUR" {
		return "PLN"
	}
	return "EUR"
}
