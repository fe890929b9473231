package carriers_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"waybill/connectors/carriers"
	"waybill/connectors/remote"
	"waybill/schemas"
)

var playedInPost = played{
	booking: schemas.Booking{
		From: shop, To: schemas.Person{Name: "Jan Kowalski", Street: "ul. Świętokrzyska 12/5", PostalCode: "00-001", City: "Warszawa", Country: "PL", Email: "jan@example.com", Phone: "+48 500 600 700"},
		Point: "KRA010",
	},
	create: "shipments.create", cancel: "shipments.delete",
	refuse: func(b *schemas.Booking) { b.Point = "NOWHERE" },
	close:  func(at *town) { at.wait(3 * time.Second) },
}

func TestAtInPostAParcelGoesToADoor(t *testing.T) {
	at := visit(t, "inpost", nil)
	b := at.next(1)
	b.Point = ""
	if booked := at.book(b); booked.Cost == nil || booked.Cost.String() != "16.99" {
		t.Errorf("%+v", booked)
	}
	b = at.next(1)
	b.Point, b.Parcels[0].Height = "", 0
	_, _, err := at.carrier.Create(t.Context(), b)
	at.fails(err, remote.Business, false)
	b = at.next(1)
	b.Parcels[0].Length = 2000
	_, _, err = at.carrier.Create(t.Context(), b)
	at.fails(err, remote.Business, false)
	b.Settings = map[string]string{"template": "large"}
	at.book(b)
}

func TestAtInPostAFieldThatIsRefusedIsNamed(t *testing.T) {
	at := visit(t, "inpost", nil)
	for code, change := range map[string]func(*schemas.Booking){
		"target_point.does_not_exist": func(b *schemas.Booking) { b.Point = "NOWHERE" },
		"receiver.phone.invalid":      func(b *schemas.Booking) { b.To.Phone = "123" },
		"receiver.email.required":     func(b *schemas.Booking) { b.To.Email = "" },
		"receiver.address.post_code.invalid": func(b *schemas.Booking) {
			b.Point, b.To.PostalCode = "", "00001"
		},
		"service.invalid": func(b *schemas.Booking) { b.Service = "inpost_by_air" },
	} {
		b := at.next(1)
		change(b)
		_, _, err := at.carrier.Create(t.Context(), b)
		if f := at.fails(err, remote.Business, false); f.Code != code {
			t.Errorf("%s, want %s", f, code)
		}
	}
}

func TestAtInPostAShipmentThatCanNotBePaidIsRefused(t *testing.T) {
	at := visit(t, "inpost", nil)
	at.play.InPost().Broke(true)
	b := at.next(1)
	booked, _, err := at.carrier.Create(t.Context(), b)
	for range 10 {
		if err != nil {
			break
		}
		at.wait(time.Second)
		booked, _, err = at.carrier.Complete(t.Context(), booked.Ref, b)
	}
	if f := at.fails(err, remote.Business, false); f.Code != "debt_collection" {
		t.Error(f)
	}
}

func TestAtInPostWhatWasTakenBackHasNoLabel(t *testing.T) {
	at := visit(t, "inpost", nil)
	b := at.next(1)
	booked, _, err := at.carrier.Create(t.Context(), b)
	if err == nil {
		_, err = at.carrier.Cancel(t.Context(), booked.Ref)
	}
	if err != nil {
		t.Fatal(err)
	}
	at.wait(time.Minute)
	_, _, err = at.carrier.Complete(t.Context(), booked.Ref, b)
	if f := at.fails(err, remote.Business, false); f.Code != "is_cancelled" {
		t.Error(f)
	}
	if _, _, err := at.carrier.Find(t.Context(), b); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("it is found: %v", err)
	}
	for _, ref := range []string{"", "0", "../organizations", "1 ", "١"} {
		_, err := at.carrier.Cancel(t.Context(), ref)
		at.fails(err, remote.Permanent, false)
	}
}

// The list lags, its pages are shorter than they say and repeat rows: each shipment is found all the same, once they all show.
func TestAtInPostEveryShipmentIsFoundInALongList(t *testing.T) {
	at := visit(t, "inpost", nil)
	var made []*schemas.Booking
	hidden := 0
	for range 45 {
		b := at.next(1)
		if _, _, err := at.carrier.Create(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if _, _, err := at.carrier.Find(t.Context(), b); errors.Is(err, remote.ErrAbsent) {
			hidden++
		}
		made = append(made, b)
	}
	if hidden == 0 {
		t.Error("the list never lagged")
	}
	at.wait(at.carrier.Traits().SettleTime)
	refs := map[string]bool{}
	for _, b := range made {
		booked, _, err := at.carrier.Find(t.Context(), b)
		if err != nil || refs[booked.Ref] {
			t.Fatalf("%s: %+v, %v", b.Reference, booked, err)
		}
		refs[booked.Ref] = true
	}
	twice := *made[0]
	if _, _, err := at.carrier.Create(t.Context(), &twice); err != nil {
		t.Fatal(err)
	}
	at.wait(time.Minute)
	if booked, _, err := at.carrier.Find(t.Context(), &twice); err != nil || fmt.Sprint(booked.Warnings) != "[2 shipments at InPost carry the reference]" {
		t.Errorf("%+v, %v", booked, err)
	}
}

func TestAtInPostALockerNeedsNoAddress(t *testing.T) {
	at := visit(t, "inpost", nil)
	b := at.next(1)
	b.To.Street, b.To.City, b.To.PostalCode = "", "", ""
	fitted, faults, _, err := carriers.Check("inpost", *b)
	if err != nil || len(faults) > 0 {
		t.Fatalf("%+v, %v", faults, err)
	}
	at.book(&fitted)
	b.Point = ""
	if _, faults, _, _ := carriers.Check("inpost", *b); len(faults) != 3 {
		t.Errorf("to a door: %+v", faults)
	}
}

func TestAtInPostWhatTheProfileAsksForIsAskedForBefore(t *testing.T) {
	for field, change := range map[string]func(*schemas.Booking){
		"to.phone":         func(b *schemas.Booking) { b.To.Phone = "" },
		"to.email":         func(b *schemas.Booking) { b.To.Email = "" },
		"to.country":       func(b *schemas.Booking) { b.To.Country, b.To.PostalCode = "DE", "53113" },
		"point":            func(b *schemas.Booking) { b.Point = "kra 010" },
		"parcels[0].grams": func(b *schemas.Booking) { b.Parcels[0].Grams = 25_001 },
	} {
		b := playedInPost.booking
		b.Parcels = []schemas.Parcel{{Grams: 1000}}
		change(&b)
		if _, faults, _, err := carriers.Check("inpost", b); err != nil || len(faults) != 1 || faults[0].Field != field {
			t.Errorf("%s: %+v, %v", field, faults, err)
		}
	}
}
