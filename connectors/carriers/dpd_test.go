package carriers_test

import (
	"strings"
	"testing"
	"time"

	"waybill/connectors/carriers"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

var playedDPD = played{
	booking: schemas.Booking{
		From: shop, To: schemas.Person{Name: "Anna Kowalska", Street: "Daniszewska 14", PostalCode: "03-230", City: "Warszawa", Country: "PL", Email: "anna@example.com", Phone: "+48 600 100 200"},
	},
	create: "shipments.create",
	refuse: func(b *schemas.Booking) { b.To.Street = strings.Repeat("Daniszewska ", 4) },
}

func TestAtDPDAParcelGoesToAPoint(t *testing.T) {
	at := visit(t, "dpd", nil)
	b := at.next(1)
	b.Point = "PL50001"
	if _, faults, _, _ := carriers.Check("dpd", *b); len(faults) > 0 {
		t.Fatal(faults)
	}
	at.book(b)
	b.Service = "101x"
	_, _, err := at.carrier.Create(t.Context(), b)
	if f := at.fails(err, remote.Business, false); !strings.Contains(f.Reason, "productCode") {
		t.Error(f)
	}
	for field, change := range map[string]func(*schemas.Booking){
		"point":            func(b *schemas.Booking) { b.Point = "50001" },
		"to.phone":         func(b *schemas.Booking) { b.To.Phone, b.To.Email = "", "" },
		"parcels[0].grams": func(b *schemas.Booking) { b.Parcels[0].Grams = 31_501 },
	} {
		b := at.next(1)
		b.Point = "PL50001"
		change(b)
		if _, faults, _, _ := carriers.Check("dpd", *b); len(faults) != 1 || faults[0].Field != field {
			t.Errorf("%s: %v", field, faults)
		}
	}
}

func TestAtDPDALabelIsGotOnceMoreWithoutABill(t *testing.T) {
	at := visit(t, "dpd", nil)
	b := at.next(1)
	booked := at.book(b)
	again, said, err := at.carrier.Complete(t.Context(), booked.Ref, b)
	if err != nil || len(said) == 0 || string(again.Parcels[0].Label) != string(booked.Parcels[0].Label) || at.times(b) != 1 {
		t.Errorf("%+v, %v", again, err)
	}
	_, _, err = at.carrier.Complete(t.Context(), "05308999999999", b)
	at.fails(err, remote.Business, false)
	at.strike(fault.Drop, "labels.get")
	_, _, err = at.carrier.Complete(t.Context(), booked.Ref, b)
	at.fails(err, remote.Transient, false)
}

// A token is got once, and another when it is refused.
func TestAtDPDOneLoginServesManyShipments(t *testing.T) {
	at := visit(t, "dpd", nil)
	for range 3 {
		at.book(at.next(1))
	}
	if n := at.play.Books()["dpd"].Requests["login"]["200"]; n != 1 {
		t.Errorf("logged in %d times", n)
	}
	at.wait(24 * time.Hour)
	at.book(at.next(1))
	if n := at.play.Books()["dpd"].Requests["login"]["200"]; n != 2 {
		t.Errorf("logged in %d times", n)
	}
}
