package erps_test

import (
	"fmt"
	"slices"
	"testing"

	"waybill/schemas"
)

// An amendment leaves alone what somebody at the ERP has changed, and writes the rest: at every ERP alike.
func TestWhatSomebodyHasChangedAtTheERPIsNotOverwritten(t *testing.T) {
	for n, c := range []struct {
		moved, sold bool
		kept        []string
	}{
		{false, false, nil},
		{true, false, []string{schemas.OwnedDestination}},
		{false, true, []string{schemas.OwnedGoods}},
		{true, true, []string{schemas.OwnedDestination, schemas.OwnedGoods}},
	} {
		atEachDesk(t, func(t *testing.T, d desk) {
			id := fmt.Sprintf("direct/%d", n)
			before, now := d.order(id), d.order(id)
			now.Order.ShipTo.Street = "S 2"
			piece := now.Order.Lines[0].UnitPrice
			now.Order.Lines[0].Quantity++
			now.Order.Lines[0].LineTotal.Minor += piece.Minor
			now.Order.Total.Minor += piece.Minor
			now.Told = &schemas.ToldSale{}
			for _, p := range []*schemas.Placing{before, now} {
				now.Told.Destinations = append(now.Told.Destinations, p.Order.DestinationMarks()...)
				now.Told.Goods = append(now.Told.Goods, p.Order.GoodsMarks()...)
			}
			ref, _, err := d.CreateOrder(t.Context(), before)
			if err != nil {
				t.Fatal(err)
			}
			if c.moved {
				d.move(ref)
			}
			if c.sold {
				d.sell(ref)
			}
			for range 2 { // told twice is told once
				at, _, kept, err := d.AmendOrder(t.Context(), now)
				if err != nil || at != ref || !slices.Equal(kept, c.kept) {
					t.Fatalf("%s keeps %v, want %v, %v", at, kept, c.kept, err)
				}
			}
			street, pieces := d.stands(ref)
			if want := map[bool]string{false: "S 2", true: "T 3"}[c.moved]; street != want {
				t.Errorf("it goes to %s, want %s", street, want)
			}
			article, much := now.Order.Lines[0].SKU, fmt.Sprint(now.Order.Lines[0].Quantity-now.Order.Lines[0].Cancelled)
			if c.sold {
				article, much = d.other(), "1"
			}
			if pieces[article] != much || c.sold && pieces[now.Order.Lines[0].SKU] != "" {
				t.Errorf("it is %v, want %s of %s", pieces, much, article)
			}
		})
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
