package allegro

import (
	"bytes"
	"encoding/json"

	"waybill/internal/sandbox/wire"
)

// Broken writes the n-th payload that is JSON but no order: a good order that is ready, with one fault
// that no reader may overlook. The faults take turns.
func (m Market) Broken(n uint64) wire.Sheet {
	s := start(wire.Throw(uint64(m), n, forBroken), n, 2)
	s.pay()
	s.settle()
	good := s.sheet(1)
	broken := faults[(n+uint64(m))%uint64(len(faults))]
	form := decode(good.Body)
	broken.put(form)
	sheet := wire.Sheet{Body: wire.Compact(form), Revision: good.Revision, Fault: broken.name}
	sheet.Ref, _ = form["id"].(string)
	return sheet
}

// Faults names the faults, in the order in which they take turns.
func (Market) Faults() []string {
	names := make([]string, len(faults))
	for i, f := range faults {
		names[i] = f.name
	}
	return names
}

// fault is one way to break an order. Its name is a promise: others count by it.
type fault struct {
	name string
	put  func(object)
}

type object map[string]any

var faults = []fault{
	{"id missing", func(f object) { delete(f, "id") }},
	{"lineItems empty", func(f object) { f["lineItems"] = []any{} }},
	{"lineItems an object", func(f object) { f["lineItems"] = object{"0": f.line(0)} }},
	{"lineItems null line", func(f object) { f["lineItems"] = append(f["lineItems"].([]any), nil) }},
	{"quantity zero", func(f object) { f.line(0)["quantity"] = 0 }},
	{"quantity negative", func(f object) { f.line(0)["quantity"] = -2 }},
	{"quantity fractional", func(f object) { f.line(0)["quantity"] = 1.5 }},
	{"quantity text", func(f object) { f.line(0)["quantity"] = "two" }},
	{"price negative", func(f object) { f.line(0).in("price")["amount"] = "-5.00" }},
	{"price not a number", func(f object) { f.line(0).in("price")["amount"] = "12,50 zł" }},
	{"price too precise", func(f object) { f.line(0).in("price")["amount"] = "19.999" }},
	{"price currency missing", func(f object) { delete(f.line(0).in("price"), "currency") }},
	{"price currency unknown", func(f object) { f.currency(0, "ZLX") }},
	{"price currency mixed", func(f object) { f.currency(1, f.foreign()) }},
	{"delivery address missing", func(f object) { f.in("delivery")["address"], f.in("delivery")["pickupPoint"] = nil, nil }},
	{"delivery city missing", func(f object) { delete(f.shipTo(), "city") }},
	{"delivery zipCode missing", func(f object) { f.shipTo()["zipCode"] = "" }},
	{"delivery countryCode missing", func(f object) { f.shipTo()["countryCode"] = nil }},
	{"delivery countryCode unknown", func(f object) { f.shipTo()["countryCode"] = "JQ" }},
	{"status unknown", func(f object) { f["status"] = "PAUSED" }},
	{"date impossible", func(f object) {
		f["updatedAt"], f.line(0)["boughtAt"] = "2026-02-30T10:15:30.133Z", "2026-11-31T25:61:00Z"
	}},
	{"totalToPay missing", func(f object) { delete(f.in("summary"), "totalToPay") }},
}

func decode(body []byte) object {
	form := object{}
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber() // so that what is not broken stays as it was
	if err := in.Decode(&form); err != nil {
		panic("read a made-up order: " + err.Error()) // it was written a moment ago
	}
	return form
}

func (o object) in(name string) object { return object(o[name].(map[string]any)) }

func (o object) line(i int) object { return object(o["lineItems"].([]any)[i].(map[string]any)) }

func (o object) shipTo() object { return o.in("delivery").in("address") }

func (o object) currency(line int, code string) {
	o.line(line).in("price")["currency"] = code
	o.line(line).in("originalPrice")["currency"] = code
}

// foreign is a currency that the order is not in.
func (o object) foreign() string {
	if o.in("summary").in("totalToPay")["currency"] == "EUR" {
		return "PLN"
	}
	return "EUR"
}
