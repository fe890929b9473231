package tryton_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"waybill/connectors/erps/tryton"
	"waybill/schemas"
)

// shipped is an order with its one shipment.
func (r *real) shipped(erp *tryton.ERP) (sale, shipment json.Number) {
	r.Helper()
	word := own(r.T)
	ana, _, err := erp.CreateCustomer(r.Context(), customer(word))
	if err != nil {
		r.Fatal(err)
	}
	made, _, err := erp.CreateOrder(r.Context(), placing("allegro/"+word, ana))
	if err != nil {
		r.Fatal(err)
	}
	shipments := r.records("sale.sale", []any{where("id", "=", json.Number(made))}, "shipments")[0]["shipments"].([]any)
	if len(shipments) != 1 {
		r.Fatalf("sale %s has the shipments %v", made, shipments)
	}
	return json.Number(made), json.Number(fmt.Sprint(shipments[0]))
}

func TestTrackingThatIsWrittenTwiceChangesNothingTheSecondTime(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	sale, shipment := r.shipped(erp)
	state := func() string {
		s := r.records("stock.shipment.out", []any{where("id", "=", shipment)}, "reference", "_timestamp", "state")
		notes := r.records("ir.note", []any{where("resource", "=", "stock.shipment.out,"+shipment.String())}, "message", "_timestamp")
		return fmt.Sprint(s, notes)
	}
	write := func(number, status string) {
		t.Helper()
		err := erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: sale.String(), Carrier: "DPD", Number: number, URL: "https://example.com/" + number, Status: status})
		if err != nil {
			t.Fatal(err)
		}
	}
	write("0101_1", "in_transit")
	once := state()
	write("0101_1", "in_transit")
	if twice := state(); twice != once {
		t.Errorf("it was %s, and is %s", once, twice)
	}
	write("0101_1", "delivered")
	write("0101_12", "in_transit") // a second parcel, whose number begins like the first one's
	s := r.records("stock.shipment.out", []any{where("id", "=", shipment)}, "reference")[0]
	if s["reference"] != "0101_1, 0101_12" {
		t.Errorf("Tryton has %v", s)
	}
	notes := r.records("ir.note", []any{where("resource", "=", "stock.shipment.out,"+shipment.String())}, "message")
	if len(notes) != 2 || notes[0]["message"] != "DPD 0101_1\ndelivered\nhttps://example.com/0101_1" || notes[1]["message"] != "DPD 0101_12\nin_transit\nhttps://example.com/0101_12" {
		t.Errorf("Tryton has the notes %v", notes)
	}
}

func TestTrackingOfAnOrderThatTrytonShipsNothingFor(t *testing.T) {
	r := startReal(t)
	erp, word := r.erp(), own(t)
	ana, _, err := erp.CreateCustomer(t.Context(), customer(word))
	if err != nil {
		t.Fatal(err)
	}
	p := placing("allegro/"+word, ana)
	p.Order.Lines[0].SKU = "TEAPOT"
	made, _, err := erp.CreateOrder(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: made, Carrier: "DPD", Number: "7", Status: "delivered"}); err != nil {
			t.Fatal(err)
		}
	}
	if notes := r.records("ir.note", []any{where("resource", "=", "sale.sale,"+made)}, "message"); len(notes) != 1 || notes[0]["message"] != "DPD 7\ndelivered" {
		t.Errorf("Tryton has the notes %v", notes)
	}
	if err := erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: "999999999", Number: "7"}); err == nil {
		t.Error("it was written to an order that is not there")
	}
}

func TestAShipmentIsDoneOnceEachOfItsParcelsIsDelivered(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	sale, shipment := r.shipped(erp)
	stateAfter := func(done bool) any {
		t.Helper()
		told := schemas.Tracking{OrderRef: sale.String(), Carrier: "dhl", Number: "0101", Status: schemas.ParcelDelivered, ShipmentRef: shipment.String(), Done: done}
		if err := erp.WriteTracking(t.Context(), told); err != nil {
			t.Fatal(err)
		}
		return r.records("stock.shipment.out", []any{where("id", "=", shipment)}, "state")[0]["state"]
	}
	if state := stateAfter(true); state != "waiting" {
		t.Errorf("one that nobody has packed is %v", state)
	}
	r.do(nil, "stock.shipment.out.write", []json.Number{shipment}, map[string]any{"state": "packed"})
	for _, c := range []struct {
		done bool
		want string
	}{{false, "packed"}, {true, "done"}, {true, "done"}} {
		if state := stateAfter(c.done); state != c.want {
			t.Errorf("told that all is delivered: %v, it is %v", c.done, state)
		}
	}
	if sales := r.records("sale.sale", []any{where("id", "=", sale)}, "shipment_state"); sales[0]["shipment_state"] != "sent" {
		t.Errorf("the sale has %v", sales[0])
	}
}
