package erps_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"waybill/connectors/erps/odoo"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

// ready reads until there is no more for now; what fails, it asks again.
func (o *office) ready(cursor string) (told []schemas.Readied, next string) {
	o.Helper()
	for range 1000 {
		page, err := o.erp.Ready(o.Context(), cursor)
		if err != nil {
			continue
		}
		if told, cursor = append(told, page.Told...), page.Next; !page.More {
			return told, cursor
		}
	}
	o.Fatal("it never came to an end")
	return nil, ""
}

// must is a call of somebody at the office.
func (o *office) must(into any, model, method string, args ...any) {
	o.Helper()
	if refused := o.rpc(into, model, method, nil, args...); refused != "" {
		o.Fatal(refused)
	}
}

func TestInOdooADeliveryIsToldOnceAndSoIsThatItIsTakenBack(t *testing.T) {
	o := openOffice(t)
	told, cursor := o.ready("")
	if len(told) != 0 || cursor == "" {
		t.Fatalf("nothing is ready: %+v %q", told, cursor)
	}
	o.place(o.basket("1", "MUG"))
	order := o.order("allegro/1")
	delivery := order["picking_ids"].([]any)[0]
	var box float64
	o.must(&box, "stock.quant.package", "create", map[string]any{"name": "PACK1", "shipping_weight": 2.5, "package_type_id": 1})
	line := o.records("stock.move.line", nil, "id")[0]["id"]
	o.must(nil, "stock.move.line", "write", []any{line}, map[string]any{"result_package_id": box})
	if told, cursor = o.ready(cursor); len(told) != 1 {
		t.Fatalf("told %+v", told)
	}
	first := told[0]
	if first.Kind != schemas.ERPReady || first.Ref != fmt.Sprint(delivery) || first.OrderID != "allegro/1" || first.Grams != 3000 || first.Location != "WH/Stock" {
		t.Errorf("told %+v", first)
	}
	if want := (schemas.Parcel{Ref: "1", Grams: 2500, Length: 300, Width: 205, Height: 100}); !slices.Equal(first.Parcels, []schemas.Parcel{want}) {
		t.Errorf("packed as %+v", first.Parcels)
	}
	if again, err := odoo.Readied(first.Body); err != nil || again.Revision != first.Revision || again.OrderID != first.OrderID || !slices.Equal(again.Parcels, first.Parcels) {
		t.Errorf("the body says %+v, %v", again, err)
	}
	if err := o.erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: fmt.Sprint(order["id"]), Carrier: "dhl", Number: "1", At: 1}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if told, cursor = o.ready(cursor); len(told) != 0 {
			t.Errorf("told again: %+v", told)
		}
	}
	for _, c := range []struct{ button, kind string }{{"do_unreserve", schemas.ERPUnready}, {"action_assign", schemas.ERPReady}} {
		o.must(nil, "stock.picking", c.button, []any{delivery})
		if told, cursor = o.ready(cursor); len(told) != 1 || told[0].Kind != c.kind || told[0].Ref != first.Ref {
			t.Errorf("after %s: %+v", c.button, told)
		}
	}
	o.leave(order)
	if told, _ = o.ready(cursor); len(told) != 1 || told[0].Kind != schemas.ERPGone || told[0].Revision == first.Revision {
		t.Errorf("it has left: %+v", told)
	}
}

// More than a page of deliveries, and answers that get lost: each is told once, whatever else changes.
func TestInOdooNoDeliveryIsMissedAmongMany(t *testing.T) {
	const orders = 250
	o := openOffice(t)
	for n := range orders {
		p := o.basket(fmt.Sprint(n), "MUG")
		o.place(p)
	}
	if err := o.server.UseFaults([]fault.Rule{{Party: "odoo", Operation: "read", Fault: fault.Drop, Probability: 0.1}, {Party: "odoo", Operation: "read", Fault: fault.Wrong, Probability: 0.1}}); err != nil {
		t.Fatal(err)
	}
	told, cursor := o.ready("")
	again, _ := o.ready(cursor)
	seen := map[string]int{}
	for _, one := range append(told, again...) {
		seen[one.OrderID]++
	}
	if len(seen) != orders || len(told) != orders || len(again) != 0 {
		t.Errorf("%d orders were told, %d times, and %d again", len(seen), len(told), len(again))
	}
}

func TestInOdooTheNumbersOfParcelsStandOnTheDeliveryEachOnce(t *testing.T) {
	o := openOffice(t)
	ref := o.place(o.basket("1", "MUG"))
	writes := func() int { return o.server.Books()["odoo"].Operations["stock.picking.write"].Effects }
	stands := func() string {
		var all []string
		for _, d := range o.records("stock.picking", []any{[]any{"sale_id", "=", json.Number(ref)}}, "carrier_tracking_ref") {
			all = append(all, fmt.Sprint(d["carrier_tracking_ref"]))
		}
		return strings.Join(all, " | ")
	}
	write := func(number, status string) error {
		return o.erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: ref, Carrier: "dhl", Number: number, Status: status, At: 1})
	}
	for _, status := range []string{"", "", "in_transit"} {
		if err := write("0034", status); err != nil || stands() != "0034" {
			t.Fatalf("%q, %v", stands(), err)
		}
	}
	if writes() != 1 {
		t.Errorf("the same was written %d times", writes())
	}
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			if err := write(fmt.Sprint(n), ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	numbers := strings.Split(stands(), ",")
	slices.Sort(numbers)
	if fmt.Sprint(numbers) != "[0 0034 1 2 3]" {
		t.Errorf("numbers: %v", numbers)
	}
	o.leave(o.order("allegro/1"))
	if err := write("late", ""); err != nil || !strings.HasSuffix(stands(), ",late") {
		t.Errorf("after it has left: %s, %v", stands(), err)
	}
	waiting := o.place(o.basket("2", "CUP"))
	o.fails(o.erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: waiting, Number: "1"}), remote.Business, "no_delivery")
}

// What was written though its answer got lost is not written once more.
func TestInOdooANumberIsWrittenOnceThoughAnswersGetLost(t *testing.T) {
	o := openOffice(t)
	ref := o.place(o.basket("1", "MUG"))
	if err := o.server.UseFaults([]fault.Rule{{Party: "odoo", Operation: fault.Any, Fault: fault.Drop, Probability: 0.5}}); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if o.erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: ref, Number: "0034"}) == nil {
			break
		}
	}
	_ = o.server.UseFaults(nil)
	d := o.records("stock.picking", nil, "carrier_tracking_ref")
	if books := o.server.Books()["odoo"].Operations["stock.picking.write"]; d[0]["carrier_tracking_ref"] != "0034" || books.Effects != 1 {
		t.Errorf("%v, written %+v", d, books)
	}
}

// kindsOf are shipments as they were told, each with what is in it.
func kindsOf(told []schemas.Readied) (texts []string) {
	for _, one := range told {
		texts = append(texts, fmt.Sprint(one.Kind, one.Articles))
	}
	return texts
}

// What leaves without the rest is in the first delivery, and the rest in its backorder; of a kit that Odoo takes apart nobody knows.
func TestInOdooWhatIsReservedIsInTheDelivery(t *testing.T) {
	o := openOffice(t)
	p := o.basket("1", "MUG")
	l := &p.Order.Lines[0]
	pieces := l.Quantity - l.Cancelled
	if pieces < 2 {
		t.Fatalf("a basket of %d pieces can not be parted", pieces)
	}
	o.place(p)
	order := o.order("allegro/1")
	delivery := order["picking_ids"].([]any)[0]
	tee := o.records("product.product", []any{[]any{"default_code", "=", "TEE"}}, "id")[0]["id"]
	reserve := func(move any) { o.must(nil, "stock.move", "write", []any{move}, map[string]any{"quantity": 1}) }
	o.must(nil, "stock.picking", "do_unreserve", []any{delivery})
	reserve(o.records("stock.move", nil, "id")[0]["id"])
	told, cursor := o.ready("")
	if got := kindsOf(told); !slices.Equal(got, []string{"ready[{MUG 1}]"}) {
		t.Fatalf("one piece is reserved: %v", got)
	}
	o.must(nil, "stock.move", "create", map[string]any{"picking_id": delivery, "product_id": tee, "quantity": 1})
	o.leave(order)
	told, cursor = o.ready(cursor)
	if got := kindsOf(told); !slices.Equal(got, []string{"gone[{MUG 1} {TEE 1}]", fmt.Sprintf("ready[{MUG %d}]", pieces-1)}) {
		t.Fatalf("it has left with a gift beside it, and the rest is to come: %v", got)
	}
	rest := json.Number(told[1].Ref)
	o.must(nil, "stock.move", "write", []any{o.records("stock.move", []any{[]any{"picking_id", "=", rest}}, "id")[0]["id"]}, map[string]any{"product_id": tee})
	o.must(nil, "stock.picking", "write", []any{rest}, map[string]any{"origin": "a kit"})
	if told, _ = o.ready(cursor); !slices.Equal(kindsOf(told), []string{"ready[]"}) {
		t.Errorf("a kit that is taken apart: %v", kindsOf(told))
	}
}
