package erps_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"waybill/schemas"
)

// An amendment leaves alone what somebody at the ERP has changed, and writes the rest.
func TestWhatSomebodyHasChangedAtTheERPIsNotOverwritten(t *testing.T) {
	w := openWarehouse(t)
	before, now := placing("C-1"), placing("C-1")
	before.Order.ShipTo = &schemas.Person{Name: "Ana", Street: "S 1", PostalCode: "01067", City: "Dresden", Country: "DE"}
	now.Order.ShipTo = &schemas.Person{Name: "Ana", Street: "S 2", PostalCode: "01067", City: "Dresden", Country: "DE"}
	now.Order.Lines[0].Quantity++
	now.Told = &schemas.ToldSale{}
	for _, p := range []*schemas.Placing{before, now} {
		now.Told.Destinations = append(now.Told.Destinations, p.Order.DestinationMarks()...)
		now.Told.Goods = append(now.Told.Goods, schemas.MarkOfSold(p.Order.Sold()))
	}
	const elsewhere = `{"name":"Cy","street":"T 3","postal_code":"01099","city":"Dresden","country":"DE"}`
	lines := func(p *schemas.Placing) string {
		text, err := json.Marshal(p.Order.Sold())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	asTold, err := json.Marshal(schemas.Destination{Name: "Ana", Street: "S 1", PostalCode: "01067", City: "Dresden", Country: "DE"})
	if err != nil {
		t.Fatal(err)
	}
	one := `[{"article":"ANOTHER","quantity":"1","unit_price":"1.00"}]`
	for n, c := range []struct {
		lines, to, street, article string
		kept                       []string
	}{
		{lines(before), string(asTold), "S 2", now.Order.Sold()[0].Article, nil},
		{lines(before), elsewhere, "T 3", now.Order.Sold()[0].Article, []string{schemas.OwnedDestination}},
		{one, string(asTold), "S 2", "ANOTHER", []string{schemas.OwnedGoods}},
		{one, elsewhere, "T 3", "ANOTHER", []string{schemas.OwnedDestination, schemas.OwnedGoods}},
	} {
		id := fmt.Sprintf("direct/%d", n)
		ref := w.placed(id)
		w.do("PUT", "/orders/"+ref, `{"lines":`+c.lines+`,"ship_to":`+c.to+`}`)
		p := *now
		p.Order.OrderID = id
		for range 2 { // told twice is told once
			at, _, kept, err := w.erp.AmendOrder(t.Context(), &p)
			if err != nil || at != ref || !slices.Equal(kept, c.kept) {
				t.Fatalf("%d: %s keeps %v, want %v, %v", n, at, kept, c.kept, err)
			}
		}
		var stands struct {
			Lines  []schemas.Sold
			ShipTo schemas.Destination `json:"ship_to"`
		}
		if err := json.Unmarshal(w.do("GET", "/orders/"+ref, ""), &stands); err != nil {
			t.Fatal(err)
		}
		if stands.ShipTo.Street != c.street || stands.Lines[0].Article != c.article || (stands.Lines[0].Quantity == now.Order.Sold()[0].Quantity) == slices.Contains(c.kept, schemas.OwnedGoods) {
			t.Errorf("%d: it stands there as %+v", n, stands)
		}
	}
}

// Who writes to an order at the ERP is heard of, with where it goes; who places one, or writes down its parcels, is not.
func TestAnOrderThatSomebodyChangesAtTheERPIsTold(t *testing.T) {
	w := openWarehouse(t)
	_, cursor := w.ready("")
	edited, untouched := w.placed("direct/1"), w.placed("direct/2")
	w.do("PUT", "/orders/"+edited, `{"lines":[{"article":"A","quantity":"1","unit_price":"1.00"}],"ship_to":{"name":"Cy","street":"T 3","postal_code":"01099","city":"Dresden","country":"DE"}}`)
	told, cursor := w.ready(cursor)
	if len(told) != 1 || told[0].Kind != schemas.ERPEdited || told[0].OrderID != "direct/1" || told[0].To == nil || told[0].To.Street != "T 3" {
		t.Fatalf("told %+v", told)
	}
	w.do("POST", "/orders/"+w.placed("direct/3")+"/cancel", "")
	if told, cursor = w.ready(cursor); len(told) != 1 || told[0].Kind != schemas.ERPEdited || told[0].OrderID != "direct/3" || !told[0].Cancelled {
		t.Errorf("cancelled: %+v", told)
	}
	w.pack(edited)
	w.pack(untouched)
	told, cursor = w.ready(cursor)
	if len(told) != 2 || told[0].Kind != schemas.ERPReady || told[0].To.Name != "Cy" || told[1].Kind != schemas.ERPReady {
		t.Errorf("packed: %+v", told)
	}
	if told, _ = w.ready(cursor); len(told) != 0 {
		t.Errorf("told again: %+v", told)
	}
}
