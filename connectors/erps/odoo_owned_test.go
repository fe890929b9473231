package erps_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"waybill/connectors/erps/odoo"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

// moving is an order that stands in Odoo, and its next version, by which it goes elsewhere and has a piece less.
func (o *office) moving() (ref string, now *schemas.Placing) {
	o.Helper()
	before := o.basket("1", "MUG")
	ref = o.place(before)
	now = o.basket("1", "MUG")
	now.Order.ShipTo.Street = "S 2"
	now.Told = &schemas.ToldSale{}
	for _, p := range []*schemas.Placing{before, now} {
		now.Told.Destinations = append(now.Told.Destinations, p.Order.DestinationMarks()...)
		now.Told.Goods = append(now.Told.Goods, p.Order.GoodsMarks()...)
	}
	return ref, now
}

// lessOne is a version with a piece less.
func lessOne(p *schemas.Placing) *schemas.Placing {
	less := *p
	less.Order.Lines = slices.Clone(p.Order.Lines)
	less.Order.Lines[0].Cancelled++
	less.Order.Lines[0].LineTotal, less.Order.Total = euros(666), euros(1165)
	less.Told = &schemas.ToldSale{Destinations: p.Told.Destinations, Goods: append(slices.Clone(p.Told.Goods), less.Order.GoodsMarks()...)}
	return &less
}

// Whoever corrects a contact itself has every delivery go there that goes to it: it is not written over, and told with the delivery.
func TestInOdooAContactThatIsCorrectedIsNotOverwritten(t *testing.T) {
	o := openOffice(t)
	ref, now := o.moving()
	_, cursor := o.ready("")
	contact := o.order("allegro/1")["partner_shipping_id"].([]any)[0]
	o.byPerson("res.partner", "write", nil, []any{contact}, map[string]any{"street": "T 3", "street2": "c/o Cy"})
	o.byPerson("stock.picking", "do_unreserve", nil, officeDesk{o.erp, o}.deliveries(ref))
	o.byPerson("stock.picking", "action_assign", nil, officeDesk{o.erp, o}.deliveries(ref))
	told, _ := o.ready(cursor)
	at := slices.IndexFunc(told, func(r schemas.Readied) bool { return r.Kind == schemas.ERPReady })
	if want := (schemas.Destination{Name: "Bar, Ana", Street: "T 3, c/o Cy", PostalCode: "01067", City: "Dresden", Country: "DE"}); at < 0 || told[at].To == nil || *told[at].To != want {
		t.Errorf("told %+v", told)
	} else if again, err := odoo.Readied(told[at].Body); err != nil || *again.To != want {
		t.Errorf("the body says %+v, %v", again, err)
	}
	if _, _, kept, err := o.erp.AmendOrder(t.Context(), now); err != nil || !slices.Equal(kept, []string{schemas.OwnedDestination}) {
		t.Errorf("it keeps %v, %v", kept, err)
	}
	if street, _ := (officeDesk{o.erp, o}).stands(ref); street != "T 3" {
		t.Errorf("it goes to %s", street)
	}
	if made := o.records("res.partner", []any{[]any{"street", "=", "S 2"}}, "id"); len(made) != 0 {
		t.Errorf("an address was made that nobody uses: %v", made)
	}
}

// An address that somebody gave to the delivery alone outlives that delivery, though the amendment of the lines stops half way.
func TestInOdooAnAddressOfADeliveryOutlivesItsAmendment(t *testing.T) {
	o := openOffice(t)
	d := officeDesk{o.erp, o}
	ref, now := o.moving()
	now = lessOne(now)
	var elsewhere float64
	o.must(&elsewhere, "res.partner", "create", map[string]any{"name": "Cy", "street": "T 3", "type": "other"})
	o.byPerson("stock.picking", "write", nil, d.deliveries(ref), map[string]any{"partner_id": elsewhere})
	if err := o.server.UseFaults([]fault.Rule{{Party: "odoo", Operation: "sale.order.draft", Fault: fault.Down, Probability: 1}}); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := o.erp.AmendOrder(t.Context(), now); err == nil || o.order("allegro/1")["state"] != "cancel" {
		t.Fatalf("it did not stop half way: %v", err)
	}
	_ = o.server.UseFaults(nil)
	if _, _, kept, err := o.erp.AmendOrder(t.Context(), now); err != nil || !slices.Equal(kept, []string{schemas.OwnedDestination}) {
		t.Errorf("it keeps %v, %v", kept, err)
	}
	if street, pieces := d.stands(ref); street != "T 3" || pieces["MUG"] != "2" {
		t.Errorf("it goes to %s with %v", street, pieces)
	}
}

// Lines that were changed while an amendment had stopped half way stay, and the order is sold again all the same.
func TestInOdooWhatIsChangedWithinAnAmendmentIsNotLost(t *testing.T) {
	o := openOffice(t)
	d := officeDesk{o.erp, o}
	ref, now := o.moving()
	if err := o.server.UseFaults([]fault.Rule{{Party: "odoo", Operation: "sale.order.draft", Fault: fault.Down, Probability: 1}}); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := o.erp.AmendOrder(t.Context(), now); err == nil {
		t.Fatal("it did not stop half way")
	}
	_ = o.server.UseFaults(nil)
	d.sell(ref)
	for range 2 {
		if _, _, kept, err := o.erp.AmendOrder(t.Context(), now); err != nil || !slices.Equal(kept, []string{schemas.OwnedGoods}) {
			t.Errorf("it keeps %v, %v", kept, err)
		}
	}
	if street, pieces := d.stands(ref); street != "S 2" || pieces["TEE"] != "1" || pieces["MUG"] != "" {
		t.Errorf("it goes to %s with %v", street, pieces)
	}
	if notes := o.records("sale.order.line", []any{[]any{"order_id", "=", json.Number(ref)}, []any{"display_type", "=", "line_note"}}, "name"); len(notes) != 0 {
		t.Errorf("it has the notes %v", notes)
	}
}

// What waits for a person, because an article was unknown, is completed by a later version, until the person has.
func TestInOdooWhatAPersonCompletedIsNotOverwritten(t *testing.T) {
	o := openOffice(t)
	before := o.basket("1", "CUP")
	ref := o.place(before)
	now := lessOne(&schemas.Placing{
		Customer: before.Customer, CustomerRef: before.CustomerRef, Order: before.Order,
		Told: &schemas.ToldSale{Destinations: before.Order.DestinationMarks(), Goods: before.Order.GoodsMarks()},
	})
	if _, _, kept, err := o.erp.AmendOrder(t.Context(), now); err != nil || kept != nil {
		t.Fatalf("it keeps %v, %v", kept, err)
	}
	o.byPerson("sale.order", "write", nil, []any{json.Number(ref)}, map[string]any{"order_line": []any{
		[]any{0, 0, map[string]any{"product_id": (officeDesk{o.erp, o}).one("product.product", "default_code", "TEE", "id")["id"], "price_unit": 1.0}},
	}})
	o.byPerson("sale.order", "action_confirm", nil, []any{json.Number(ref)})
	now.Order.ShipTo.Street = "S 2"
	now.Told.Destinations = append(now.Told.Destinations, now.Order.DestinationMarks()...)
	if _, _, kept, err := o.erp.AmendOrder(t.Context(), now); err != nil || !slices.Equal(kept, []string{schemas.OwnedGoods}) {
		t.Errorf("it keeps %v, %v", kept, err)
	}
	if street, pieces := (officeDesk{o.erp, o}).stands(ref); street != "S 2" || pieces["TEE"] != "1" {
		t.Errorf("it goes to %s with %v", street, pieces)
	}
}

// Our own amendment is nobody's edit, and an order that is cancelled only to be amended is not cancelled, whoever looks meanwhile.
func TestInOdooAnAmendmentOfOursIsNoEdit(t *testing.T) {
	o := openOffice(t)
	d := officeDesk{o.erp, o}
	ref, now := o.moving()
	d.hold(ref)
	_, cursor := o.ready("")
	if err := o.server.UseFaults([]fault.Rule{{Party: "odoo", Operation: "sale.order.draft", Fault: fault.Down, Probability: 1}}); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := o.erp.AmendOrder(t.Context(), now); err == nil || o.order("allegro/1")["state"] != "cancel" {
		t.Fatalf("it did not stop half way: %v", err)
	}
	_ = o.server.UseFaults(nil)
	told, cursor := o.ready(cursor)
	if len(told) != 0 {
		t.Errorf("half way, %+v", told)
	}
	o.byPerson("sale.order", "write", nil, []any{json.Number(ref)}, map[string]any{"note": "Ana has called"})
	if told, cursor = o.ready(cursor); len(told) != 1 || told[0].Kind != schemas.ERPEdited || told[0].Cancelled {
		t.Errorf("with a note: %+v", told)
	}
	if _, _, _, err := o.erp.AmendOrder(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	d.hold(ref)
	told, cursor = o.ready(cursor)
	if slices.ContainsFunc(told, func(r schemas.Readied) bool { return r.Cancelled || r.To.Street == "T 3" }) {
		t.Errorf("amended: %+v", told)
	}
	contact := o.order("allegro/1")["partner_shipping_id"].([]any)[0]
	o.byPerson("res.partner", "write", nil, []any{contact}, map[string]any{"street": "T 3"})
	if told, cursor = o.ready(cursor); len(told) != 1 || told[0].Kind != schemas.ERPEdited || told[0].To.Street != "T 3" || told[0].Ref != "sale.order,"+ref {
		t.Errorf("the contact was corrected: %+v", told)
	}
	d.pack(ref)
	o.leave(map[string]any{"picking_ids": d.deliveries(ref)})
	_, cursor = o.ready(cursor)
	o.byPerson("res.partner", "write", nil, []any{contact}, map[string]any{"street": "T 4"})
	if told, _ = o.ready(cursor); slices.ContainsFunc(told, func(r schemas.Readied) bool { return r.Kind == schemas.ERPEdited }) {
		t.Errorf("of what has left: %+v", told)
	}
}

// More than a page of orders that people have written to, and answers that get lost: each is told once.
func TestInOdooNoEditIsMissedAmongMany(t *testing.T) {
	const orders = 230
	o := openOffice(t)
	d := officeDesk{o.erp, o}
	for n := range orders {
		p := o.basket(fmt.Sprint(n), "MUG")
		d.hold(o.place(p))
	}
	_, cursor := o.ready("")
	o.byPerson("res.partner", "write", nil, []any{o.order("allegro/0")["partner_shipping_id"].([]any)[0]}, map[string]any{"street": "T 3"})
	hear := func() (told, again []schemas.Readied) {
		t.Helper()
		if err := o.server.UseFaults([]fault.Rule{{Party: "odoo", Operation: "read", Fault: fault.Drop, Probability: 0.05}, {Party: "odoo", Operation: "read", Fault: fault.Wrong, Probability: 0.05}}); err != nil {
			t.Fatal(err)
		}
		told, cursor = o.ready(cursor)
		again, cursor = o.ready(cursor)
		_ = o.server.UseFaults(nil)
		return told, again
	}
	told, again := hear()
	if len(told) != orders || len(again) != 0 {
		t.Errorf("of one contact, %d orders were told, and %d again", len(told), len(again))
	}
	var ids []any
	for n := range orders {
		ids = append(ids, o.order(fmt.Sprint("allegro/", n))["id"])
	}
	o.byPerson("sale.order", "action_cancel", map[string]any{"context": map[string]any{"disable_cancel_warning": true}}, ids)
	told, again = hear()
	if len(told) != orders || len(again) != 0 || slices.ContainsFunc(told, func(r schemas.Readied) bool { return !r.Cancelled }) {
		t.Errorf("%d orders were told to be cancelled, and %d again", len(told), len(again))
	}
}
