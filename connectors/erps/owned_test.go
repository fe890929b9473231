package erps_test

import (
	"fmt"
	"slices"
	"testing"

	"waybill/connectors/erps"
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

// Who writes to an order at the ERP is heard of before it is packed, with where it goes; who places one, or writes down its parcels, is not.
func TestAnOrderThatSomebodyChangesAtTheERPIsTold(t *testing.T) {
	atEachDesk(t, func(t *testing.T, d desk) {
		cursor := ""
		hear := func() (told []schemas.Readied) {
			t.Helper()
			for more := true; more; {
				page, err := d.Ready(t.Context(), cursor)
				if err != nil {
					t.Fatal(err)
				}
				told, cursor, more = append(told, page.Told...), page.Next, page.More
			}
			for _, one := range told {
				again, err := erps.Packed(d.system(), one.OrderID, one.Body)
				if err != nil || again.OrderID != one.OrderID || again.Revision != one.Revision || again.Cancelled != one.Cancelled || again.To == nil || *again.To != *one.To {
					t.Errorf("what was said of %s is read as %+v, %v", one.OrderID, again, err)
				}
			}
			return told
		}
		place := func(id string) (ref string) {
			t.Helper()
			ref, _, err := d.CreateOrder(t.Context(), d.order(id))
			if err != nil {
				t.Fatal(err)
			}
			d.hold(ref)
			return ref
		}
		hear()
		edited, untouched := place("direct/1"), place("direct/2")
		if told := hear(); len(told) != 0 {
			t.Fatalf("placed: %+v", told)
		}
		d.move(edited)
		told := hear()
		if len(told) != 1 || told[0].Kind != schemas.ERPEdited || told[0].OrderID != "direct/1" || told[0].Cancelled || told[0].To.Street != "T 3" || told[0].To.Country != "DE" {
			t.Fatalf("told %+v", told)
		}
		d.cancel(place("direct/3"))
		if told = hear(); len(told) != 1 || told[0].Kind != schemas.ERPEdited || told[0].OrderID != "direct/3" || !told[0].Cancelled {
			t.Errorf("cancelled: %+v", told)
		}
		d.pack(edited)
		d.pack(untouched)
		told = hear()
		if len(told) != 2 || told[0].Kind != schemas.ERPReady || told[0].To.Name != "Cy" || told[1].Kind != schemas.ERPReady {
			t.Errorf("packed: %+v", told)
		}
		if told = hear(); len(told) != 0 {
			t.Errorf("told again: %+v", told)
		}
	})
}

// What is packed is what stands there then, whoever has changed it; a charge is not in a parcel.
func TestWhatIsInAShipmentIsTold(t *testing.T) {
	atEachDesk(t, func(t *testing.T, d desk) {
		at := map[string]string{}
		for _, id := range []string{"direct/1", "direct/2"} {
			p := d.order(id)
			p.Order.Charges = []schemas.Charge{{Kind: schemas.ChargeShipping, Amount: schemas.Money{Minor: 499, Currency: p.Order.Total.Currency}}}
			p.Order.Total.Minor += 499
			ref, _, err := d.CreateOrder(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			d.hold(ref)
			at[id] = ref
		}
		d.sell(at["direct/2"])
		for _, ref := range at {
			d.pack(ref)
		}
		ordered := d.order("direct/1").Order.Lines[0]
		want := map[string]schemas.PackedArticle{"direct/1": {SKU: ordered.SKU, Quantity: ordered.Quantity - ordered.Cancelled}, "direct/2": {SKU: d.other(), Quantity: 1}}
		page, err := d.Ready(t.Context(), "")
		packed := slices.DeleteFunc(page.Told, func(r schemas.Readied) bool { return r.Kind == schemas.ERPEdited })
		if err != nil || len(packed) != len(want) {
			t.Fatalf("%d are packed, want %d, %v", len(packed), len(want), err)
		}
		for _, one := range packed {
			again, err := erps.Packed(d.system(), one.OrderID, one.Body)
			if err != nil || !slices.Equal(again.Articles, one.Articles) || !slices.Equal(one.Articles, []schemas.PackedArticle{want[one.OrderID]}) {
				t.Errorf("in %s are %v, and by its body %v, want %v, %v", one.OrderID, one.Articles, again.Articles, want[one.OrderID], err)
			}
		}
	})
}
