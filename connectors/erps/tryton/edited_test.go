package tryton_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"waybill/connectors/erps/tryton"
	"waybill/schemas"
)

// people are somebody's changes in Tryton, as whoever asks again and again hears of them.
type people struct {
	*real
	erp       *tryton.ERP
	word      string
	customer  string
	next      string
	sale      json.Number
	shipments []any
	id        string // of the order
	order     *schemas.Placing
}

// placed is an order that stands in Tryton.
func placedFor(t *testing.T) *people {
	t.Helper()
	p := &people{real: startReal(t), word: own(t)}
	p.erp = p.real.erp()
	var err error
	if p.customer, _, err = p.erp.CreateCustomer(t.Context(), customer(p.word)); err != nil {
		t.Fatal(err)
	}
	began := time.Now().Add(-time.Second).UTC().Format(time.RFC3339Nano)
	p.next = fmt.Sprintf(`{"sales":{"since":%q},"shipments":{"since":%q},"addresses":{"since":%q}}`, began, began, began)
	p.id = "allegro/" + p.word
	p.order = placing(p.id, p.customer)
	ref, _, err := p.erp.CreateOrder(t.Context(), p.order)
	if err != nil {
		t.Fatal(err)
	}
	p.sale = json.Number(ref)
	p.shipments = p.records("sale.sale", []any{where("id", "=", p.sale)}, "shipments")[0]["shipments"].([]any)
	return p
}

// hear is how the order was told last, since it was asked before; nil if it was not.
func (p *people) hear() (last *schemas.Readied) {
	p.Helper()
	for more := true; more; {
		page, err := p.erp.ReadEdited(p.Context(), p.next, nil)
		if err != nil {
			p.Fatal(err)
		}
		for _, one := range page.Told {
			if one.OrderID == p.id {
				last = &one
			}
		}
		p.next, more = page.Next, page.More
	}
	if last == nil {
		return nil
	}
	each, err := tryton.Readied(last.Body)
	if err != nil || len(each) != 1 {
		p.Fatalf("the body says %+v, %v", each, err)
	}
	if again := each[0]; last.Kind != schemas.ERPEdited || last.Ref != "sale.sale,"+p.sale.String() || again.Revision != last.Revision || again.Cancelled != last.Cancelled || *again.To != *last.To {
		p.Errorf("told %+v, of which the body says %+v, %v", last, again, err)
	}
	return last
}

// An address that somebody gives to a shipment, or corrects itself, is heard of before anything is packed; what we do there ourselves is not.
func TestAnAddressThatIsChangedInTrytonIsHeardOfBeforeItIsPacked(t *testing.T) {
	p := placedFor(t)
	if told := p.hear(); told != nil {
		t.Errorf("it was placed: %+v", told)
	}
	moved := *p.order.Order.ShipTo
	moved.Street = "Neue Straße 7"
	p.order.Order.ShipTo = &moved
	if _, _, _, err := p.erp.AmendOrder(t.Context(), p.order); err != nil {
		t.Fatal(err)
	}
	if told := p.hear(); told != nil {
		t.Errorf("we have amended it: %+v", told)
	}
	var made []json.Number
	p.do(&made, "party.address.create", []any{map[string]any{"party": json.Number(p.customer), "party_name": "Cy", "street": "T 3", "city": "Edited", "delivery": true}})
	p.do(nil, "stock.shipment.out.draft", p.shipments)
	p.do(nil, "stock.shipment.out.write", p.shipments, map[string]any{"delivery_address": made[0]})
	p.do(nil, "stock.shipment.out.wait", p.shipments)
	first := p.hear()
	if first == nil || first.Cancelled || first.To.Name != "Cy" || first.To.Street != "T 3" || first.To.City != "Edited" {
		t.Fatalf("its shipment goes elsewhere: %+v", first)
	}
	p.do(nil, "party.address.write", made, map[string]any{"street": "T 4"})
	second := p.hear()
	if second == nil || second.To.Street != "T 4" || second.Mark == first.Mark || second.Revision == first.Revision || !second.ChangedAt.After(first.ChangedAt) {
		t.Fatalf("the address itself is another: %+v", second)
	}
	if again := p.hear(); again == nil || again.Mark != second.Mark || again.Revision != second.Revision {
		t.Errorf("read again within the overlap, it is %+v", again)
	}
	p.do(nil, "stock.shipment.out.write", p.shipments, map[string]any{"state": "done"})
	p.do(nil, "party.address.write", made, map[string]any{"street": "T 5"})
	if told := p.hear(); told != nil && told.To.Street == "T 5" {
		t.Errorf("it has left: %+v", told)
	}
}

// A sale that is processed is cancelled by its shipments, once somebody says that they are not to be made again; one that is not, by itself.
func TestASaleThatIsCancelledInTrytonIsHeardOf(t *testing.T) {
	p := placedFor(t)
	p.do(nil, "stock.shipment.out.cancel", p.shipments)
	if told := p.hear(); told == nil || told.Cancelled {
		t.Fatalf("its shipment is cancelled, and perhaps to be made again: %+v", told)
	}
	p.handle(false)
	if told := p.hear(); told == nil || !told.Cancelled {
		t.Errorf("its shipment is not to be made again: %+v", told)
	}
	again := placedFor(t)
	again.do(nil, "stock.shipment.out.cancel", again.shipments)
	again.handle(true)
	if told := again.hear(); told == nil || told.Cancelled {
		t.Errorf("its shipment is made again: %+v", told)
	}
	waits := placedFor(t)
	waits.do(nil, "sale.sale.write", []any{waits.sale}, map[string]any{"state": "quotation"})
	waits.do(nil, "sale.sale.cancel", []any{waits.sale})
	if told := waits.hear(); told == nil || !told.Cancelled {
		t.Errorf("it was cancelled: %+v", told)
	}
}

// handle is the wizard of a sale whose shipment was cancelled: its moves are made again, or not.
func (p *people) handle(again bool) {
	p.Helper()
	const wizard = "wizard.sale.handle.shipment.exception"
	p.context["active_model"], p.context["active_id"], p.context["active_ids"] = "sale.sale", p.sale, []any{p.sale}
	defer func() {
		delete(p.context, "active_model")
		delete(p.context, "active_id")
		delete(p.context, "active_ids")
	}()
	var session []any
	p.into(&session, wizard+".create", p.context)
	var asked struct {
		View struct {
			Defaults map[string]any `json:"defaults"`
		} `json:"view"`
	}
	p.into(&asked, wizard+".execute", session[0], map[string]any{}, session[1], p.context)
	moves := asked.View.Defaults["domain_moves"]
	chosen := []any{}
	if again {
		chosen = moves.([]any)
	}
	p.into(nil, wizard+".execute", session[0], map[string]any{"ask": map[string]any{"recreate_moves": chosen, "domain_moves": moves}}, "handle", p.context)
	p.into(nil, wizard+".delete", session[0], p.context)
}
