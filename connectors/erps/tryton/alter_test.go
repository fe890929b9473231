package tryton_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// As long as nobody has begun with its shipment, an order is taken back: twice is once.
func TestAnOrderThatIsCancelledIsNotShipped(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	sale, shipment := r.shipped(erp)
	id := fmt.Sprint(r.records("sale.sale", []any{where("id", "=", sale)}, "reference")[0]["reference"])
	for range 2 {
		ref, said, err := erp.CancelOrder(t.Context(), id)
		if err != nil || ref != sale.String() || !json.Valid(said) {
			t.Fatal(ref, string(said), err)
		}
	}
	if state := r.records("stock.shipment.out", []any{where("id", "=", shipment)}, "state")[0]["state"]; state != "cancelled" {
		t.Errorf("its shipment is %v", state)
	}
	if _, _, err := erp.CancelOrder(t.Context(), "allegro/nobody's"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("of no order: %v", err)
	}
}

// What somebody has begun with is for people.
func TestAnOrderThatIsPickedCanNotBeTakenBack(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	sale, shipment := r.shipped(erp)
	r.do(nil, "stock.shipment.out.assign_try", []json.Number{shipment})
	r.do(nil, "stock.shipment.out.pick", []json.Number{shipment})
	id := fmt.Sprint(r.records("sale.sale", []any{where("id", "=", sale)}, "reference")[0]["reference"])
	var f *remote.Failure
	if _, _, err := erp.CancelOrder(t.Context(), id); !errors.As(err, &f) || f.Class != remote.TooLate || !strings.Contains(f.Reason, shipment.String()) {
		t.Errorf("got %v", err)
	}
	if state := r.records("stock.shipment.out", []any{where("id", "=", shipment)}, "state")[0]["state"]; state != "picked" {
		t.Errorf("its shipment is %v", state)
	}
}

// Another address reaches the shipment; other goods do not, once the sale is processed.
func TestAnotherAddressReachesTheShipment(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	word := own(t)
	ana, _, err := erp.CreateCustomer(t.Context(), customer(word))
	if err != nil {
		t.Fatal(err)
	}
	order := placing("allegro/"+word, ana)
	sale, _, err := erp.CreateOrder(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	moved := *order.Order.ShipTo
	moved.Street, moved.City = "Neue Straße 7", "Moved "+word
	order.Order.ShipTo, order.CustomerRef = &moved, ""
	for range 2 {
		if ref, _, _, err := erp.AmendOrder(t.Context(), order); err != nil || ref != sale {
			t.Fatal(ref, err)
		}
	}
	shipments := r.records("sale.sale", []any{where("id", "=", json.Number(sale))}, "shipments")[0]["shipments"].([]any)
	shipment := r.records("stock.shipment.out", []any{where("id", "=", shipments[0])}, "delivery_address.city", "state")[0]
	if at := shipment["delivery_address."].(map[string]any); at["city"] != "Moved "+word || shipment["state"] != "waiting" {
		t.Errorf("its shipment: %v", shipment)
	}
	order.Order.Lines[0].Quantity++
	var f *remote.Failure
	if _, _, _, err := erp.AmendOrder(t.Context(), order); !errors.As(err, &f) || f.Class != remote.TooLate {
		t.Errorf("other goods: %v", err)
	}
}

// An address that somebody at Tryton gave to a shipment stays, and is told with the shipment once it is packed.
func TestAnAddressThatWasChangedInTrytonIsNotOverwritten(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	word := own(t)
	ana, _, err := erp.CreateCustomer(t.Context(), customer(word))
	if err != nil {
		t.Fatal(err)
	}
	order := placing("allegro/"+word, ana)
	sale, _, err := erp.CreateOrder(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	order.Told = &schemas.ToldSale{Destinations: order.Order.DestinationMarks()}
	move := func(city string) (kept []string) {
		moved := *order.Order.ShipTo
		moved.City = city
		order.Order.ShipTo = &moved
		order.Told.Destinations = append(order.Told.Destinations, order.Order.DestinationMarks()...)
		if _, _, kept, err = erp.AmendOrder(t.Context(), order); err != nil {
			t.Fatal(err)
		}
		return kept
	}
	began := time.Now().Add(-time.Minute)
	shipment := r.records("sale.sale", []any{where("id", "=", json.Number(sale))}, "shipments")[0]["shipments"].([]any)[0]
	stands := func() string {
		row := r.records("stock.shipment.out", []any{where("id", "=", shipment)}, "delivery_address.city")[0]
		return fmt.Sprint(row["delivery_address."].(map[string]any)["city"])
	}
	if kept := move("Moved " + word); len(kept) != 0 || stands() != "Moved "+word {
		t.Fatalf("of what nobody has changed, it keeps %v, and has %s", kept, stands())
	}
	var made []json.Number
	r.do(&made, "party.address.create", []any{map[string]any{"party": json.Number(ana), "party_name": "Cy", "street": "T 3", "city": "Edited " + word, "delivery": true}})
	ids := []any{shipment}
	r.do(nil, "stock.shipment.out.draft", ids)
	r.do(nil, "stock.shipment.out.write", ids, map[string]any{"delivery_address": made[0]})
	r.do(nil, "stock.shipment.out.wait", ids)
	if kept := move("Again " + word); !slices.Equal(kept, []string{schemas.OwnedDestination}) || stands() != "Edited "+word {
		t.Errorf("it keeps %v, and has %s", kept, stands())
	}
	r.do(nil, "stock.shipment.out.write", ids, map[string]any{"state": "packed"})
	if told := of(t, erp, began, fmt.Sprint(shipment)); told == nil || told.To == nil || told.To.Name != "Cy" || told.To.City != "Edited "+word || told.To.Street != "T 3" {
		t.Errorf("told %+v", told)
	}
}
