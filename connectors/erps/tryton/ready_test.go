package tryton_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/connectors/erps/tryton"
	"waybill/schemas"
)

// A shipment is packed as people pack it, and is ready with its order, its weight and its measures.
func TestAShipmentThatIsPackedIsReady(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	sale, shipment := r.shipped(erp)
	began := time.Now().Add(-time.Minute)
	ids := []json.Number{shipment}
	r.do(nil, "stock.shipment.out.assign_try", ids)
	r.do(nil, "stock.shipment.out.pick", ids)
	if of(t, erp, began, shipment.String()) != nil {
		t.Error("it is ready before it is packed")
	}
	moves := r.records("stock.move", []any{where("shipment", "=", "stock.shipment.out,"+shipment.String()), where("to_location.type", "=", "customer")}, "product")
	unit := r.records("product.uom", []any{where("symbol", "in", []string{"cm", "kg"})}, "symbol")
	side, kilo := unit[0]["id"], unit[1]["id"]
	if unit[0]["symbol"] == "kg" {
		side, kilo = kilo, side
	}
	r.do(nil, "stock.package.create", []any{map[string]any{
		"type": 1, "shipment": "stock.shipment.out," + shipment.String(), "moves": []any{[]any{"add", []any{moves[0]["id"]}}},
		"length": 30.0, "width": 20.5, "height": 10.0, "length_uom": side, "width_uom": side, "height_uom": side,
		"packaging_weight": 0.2, "packaging_weight_uom": kilo,
	}})
	r.do(nil, "res.user.warning.create", []any{map[string]any{"user": 1, "name": "shipment_out_no_carrier_stock.shipment.out," + shipment.String(), "always": false}})
	r.do(nil, "stock.shipment.out.pack", ids)
	s := of(t, erp, began, shipment.String())
	if s == nil {
		t.Fatal("it is not ready")
	}
	order := r.records("sale.sale", []any{where("id", "=", sale)}, "reference")[0]["reference"]
	if s.OrderID != order || s.Kind != schemas.ERPReady || s.Grams != 700 || len(s.Parcels) != 1 || s.ChangedAt.Before(began) {
		t.Fatalf("got %+v", s)
	}
	if houses := r.records("stock.location", []any{where("type", "=", "warehouse")}, "rec_name"); s.Location != houses[0]["rec_name"] || s.Location == "" {
		t.Errorf("it leaves from %q, and the warehouses are %v", s.Location, houses)
	}
	if len(s.Articles) != 1 || s.Articles[0] != (schemas.PackedArticle{SKU: articleOf(r, moves[0]), Quantity: 2}) {
		t.Errorf("in it are %v", s.Articles)
	}
	if p := s.Parcels[0]; p.Grams != 900 || p.Length != 300 || p.Width != 205 || p.Height != 100 {
		t.Errorf("got %+v", p)
	}
	r.do(nil, "stock.shipment.out.done", ids)
	if s := of(t, erp, began, shipment.String()); s == nil || s.Kind != schemas.ERPGone {
		t.Errorf("once it has left: %+v", s)
	}
}

// articleOf is the code of what is moved.
func articleOf(r *real, move map[string]any) string {
	r.Helper()
	return fmt.Sprint(r.records("product.product", []any{where("id", "=", move["product"])}, "code")[0]["code"])
}

func articlesOf(one *schemas.Readied) any {
	if one == nil {
		return "it was not told"
	}
	return one.Articles
}

// What leaves without the rest is in the first shipment, and the rest in the next, which Tryton makes of the same sale; what somebody puts in
// beside the order is in it too.
func TestWhatIsPackedIsInTheShipment(t *testing.T) {
	p := placedFor(t)
	began, line := time.Now().Add(-time.Minute), p.order.Order.Lines[0]
	all, code := line.Quantity-line.Cancelled, line.SKU
	pack := func(shipment any, pieces int64) *schemas.Readied {
		t.Helper()
		ids := []any{shipment}
		p.do(nil, "stock.shipment.out.draft", ids)
		moves := p.records("stock.move", []any{where("shipment", "=", fmt.Sprint("stock.shipment.out,", shipment)), where("to_location.type", "=", "customer")}, "quantity")
		p.do(nil, "stock.move.write", []any{moves[0]["id"]}, map[string]any{"quantity": float64(pieces)})
		for _, button := range []string{"wait", "assign_force", "pick"} {
			p.do(nil, "stock.shipment.out."+button, ids)
		}
		p.do(nil, "stock.shipment.out.write", ids, map[string]any{"state": "packed"}) // the button asks for a carrier
		return of(t, p.erp, began, fmt.Sprint(shipment))
	}
	first := pack(p.shipments[0], all-1)
	if first == nil || !slices.Equal(first.Articles, []schemas.PackedArticle{{SKU: code, Quantity: all - 1}}) {
		t.Fatalf("without the last piece: %v", articlesOf(first))
	}
	p.do(nil, "stock.shipment.out.done", p.shipments[:1])
	for _, each := range p.records("sale.sale", []any{where("id", "=", p.sale)}, "shipments")[0]["shipments"].([]any) {
		if each != p.shipments[0] {
			p.shipments = append(p.shipments, each)
		}
	}
	if len(p.shipments) != 2 {
		t.Fatalf("Tryton has shipments %v of it", p.shipments)
	}
	second := pack(p.shipments[1], 1)
	if second == nil || !slices.Equal(second.Articles, []schemas.PackedArticle{{SKU: code, Quantity: 1}}) || second.OrderID != p.id {
		t.Errorf("the last piece: %v", articlesOf(second))
	}
}

// A packed shipment can be cancelled, and is then no more among those that are ready: who watches it hears of it.
func TestAPackedShipmentThatIsCancelledIsReadyNoMore(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	_, shipment := r.shipped(erp)
	ids, began := []json.Number{shipment}, time.Now().Add(-time.Minute)
	r.do(nil, "stock.shipment.out.write", ids, map[string]any{"state": "packed"})
	ready := of(t, erp, began, shipment.String())
	if ready == nil || ready.Kind != schemas.ERPReady {
		t.Fatalf("got %+v", ready)
	}
	told := func() (told []schemas.Readied) {
		t.Helper()
		page, err := erp.ReadReady(t.Context(), placeAt(began), []string{shipment.String()})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Told {
			if one.Ref == shipment.String() {
				told = append(told, one)
			}
		}
		return told
	}
	if got := told(); len(got) != 1 || got[0].Mark != ready.Mark || got[0].Revision != ready.Revision {
		t.Errorf("read again, it is %+v", got)
	}
	if err := erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: r.saleOf(shipment), Carrier: "DPD", Number: "1"}); err != nil {
		t.Fatal(err)
	}
	if got := told(); len(got) != 1 || got[0].Mark != ready.Mark || got[0].Revision == ready.Revision {
		t.Errorf("once we have written to it, it is %+v", got)
	}
	r.do(nil, "stock.shipment.out.cancel", ids)
	if got := told(); len(got) != 1 || got[0].Kind != schemas.ERPUnready || got[0].Mark == ready.Mark {
		t.Errorf("once it is cancelled, it is %+v", got)
	}
}

// saleOf is the sale that a shipment ships.
func (r *real) saleOf(shipment json.Number) string {
	r.Helper()
	return fmt.Sprint(r.records("sale.sale", []any{where("shipments", "in", []json.Number{shipment})}, "id")[0]["id"])
}

// placeAt is where a reading is to begin.
func placeAt(since time.Time) string {
	return fmt.Sprintf(`{"since":%q}`, since.UTC().Format(time.RFC3339Nano))
}

// of is a shipment among all that are ready.
func of(t *testing.T, erp *tryton.ERP, since time.Time, ref string) *schemas.Readied {
	t.Helper()
	next := placeAt(since)
	for range 10 {
		page, err := erp.ReadReady(t.Context(), next, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range page.Told {
			if page.Told[i].Ref == ref {
				return &page.Told[i]
			}
		}
		next = page.Next
	}
	return nil
}

// Whoever makes them ready, and however late their transactions end: whoever asks again and again hears of all.
func TestNoShipmentIsMissed(t *testing.T) {
	r := startReal(t)
	const count, late = 200, 20
	word := own(t)
	shipments := r.drafts(word, count)
	began := time.Now().Add(-time.Second)
	var writers sync.WaitGroup
	for first := 0; first < count-late; first += 45 {
		writers.Go(func() { // four people, one shipment after the other
			for _, id := range shipments[first:min(first+45, count-late)] {
				r.do(nil, "stock.shipment.out.write", []any{id}, map[string]any{"state": "packed"})
			}
		})
	}
	writers.Go(func() { r.packLate(shipments[count-late:], 8*time.Second) })
	written := make(chan struct{})
	go func() { writers.Wait(); close(written) }()
	erp, heard, next := r.erp(), map[string]string{}, placeAt(began)
	for last := 0; last < 10; {
		page, err := erp.ReadReady(t.Context(), next, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.Told {
			heard[s.OrderID] = s.Ref
		}
		next = page.Next
		select {
		case <-written:
			last++
		default:
		}
	}
	missing := 0
	for i, id := range shipments {
		if heard[fmt.Sprint(word, "/", i)] != id.String() {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d shipments were missed", missing, count)
	}
}

// drafts are shipments of as many sales, each of one line.
func (r *real) drafts(word string, count int) (shipments []json.Number) {
	r.Helper()
	party := r.records("party.party", nil, "addresses")[0]
	address := party["addresses"].([]any)[0]
	product := r.records("product.product", []any{where("code", "=", "MUG-RED")}, "default_uom")[0]
	place := map[any]any{}
	for _, l := range r.records("stock.location", []any{where("code", "in", []string{"OUT", "CUS"})}, "code") {
		place[l["code"]] = l["id"]
	}
	var sales, outs []any
	for i := range count {
		sales = append(sales, map[string]any{
			"party": party["id"], "reference": fmt.Sprint(word, "/", i), "currency": 1, "invoice_address": address, "shipment_address": address,
			"lines": []any{[]any{"create", []any{map[string]any{
				"product": product["id"], "quantity": 1.0, "unit": product["default_uom"], "unit_price": map[string]string{"__class__": "Decimal", "decimal": "1"},
			}}}},
		})
	}
	r.do(nil, "sale.sale.create", sales)
	lines := r.records("sale.line", []any{where("sale.reference", "like", word+"/%")}, "sale")
	for _, line := range lines {
		outs = append(outs, map[string]any{
			"customer": party["id"], "delivery_address": address,
			"outgoing_moves": []any{[]any{"create", []any{map[string]any{
				"product": product["id"], "uom": product["default_uom"], "quantity": 1.0, "from_location": place["OUT"], "to_location": place["CUS"],
				"unit_price": map[string]string{"__class__": "Decimal", "decimal": "1"}, "currency": 1, "origin": fmt.Sprint("sale.line,", line["id"]),
			}}}},
		})
	}
	r.do(&shipments, "stock.shipment.out.create", outs)
	return shipments
}

// packLate writes them in one transaction that ends so long after it began.
func (r *real) packLate(shipments []json.Number, takes time.Duration) {
	var ids []string
	for _, id := range shipments {
		ids = append(ids, id.String())
	}
	r.psql("BEGIN", "UPDATE stock_shipment_out SET state = 'packed', write_date = CURRENT_TIMESTAMP WHERE id IN ("+strings.Join(ids, ",")+")",
		fmt.Sprintf("SELECT pg_sleep(%f)", takes.Seconds()), "COMMIT")
}
