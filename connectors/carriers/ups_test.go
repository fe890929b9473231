package carriers_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"waybill/connectors/carriers"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

var (
	seattle = schemas.Person{Name: "Ann Example", Street: "700 5th Ave", PostalCode: "98101", City: "Seattle", Region: "WA", Country: "US", Phone: "+1 206 555 0100"}
	boston  = schemas.Person{Company: "Mugs Inc.", Street: "1 Main St", PostalCode: "02108", City: "Boston", Region: "MA", Country: "US"}
)

var playedUPS = played{
	booking: schemas.Booking{
		From: shop, To: schemas.Person{Name: "Jan Vermeer", Street: "Museumstraat 1", PostalCode: "1071 AA", City: "Amsterdam", Country: "NL", Phone: "+31 888888888", Email: "jan@example.com"},
	},
	create: "shipments.create", cancel: "shipments.void",
	refuse: func(b *schemas.Booking) { b.To.Phone = "" },
	close:  func(at *town) { at.play.UPS().EndPeriod() },
}

// Within the United States references belong to packages, and there are pounds and inches.
func TestAtUPSAShipmentIsFoundWhereverItGoes(t *testing.T) {
	at := visit(t, "ups", nil)
	for _, way := range [][2]schemas.Person{{boston, seattle}, {shop, seattle}, {shop, shop}} {
		b := at.next(3)
		b.From, b.To = way[0], way[1]
		b.From.Phone = "+1 617 555 0100"
		if _, faults, _, _ := carriers.Check("ups", *b); len(faults) > 0 {
			t.Fatal(faults)
		}
		booked := at.book(b)
		if booked.Cost == nil || booked.Cost.Minor == 0 || booked.Ref != booked.Parcels[0].Number || len(booked.Ref) != 18 || !strings.HasPrefix(booked.Ref, "1Z") {
			t.Errorf("%+v", booked)
		}
		found, said, err := at.carrier.Find(t.Context(), b)
		if err != nil || len(said) == 0 || found.Ref != booked.Ref || len(found.Parcels) != 3 {
			t.Fatalf("%+v, %v", found, err)
		}
		if whole, _, err := at.carrier.Complete(t.Context(), booked.Ref, b); err != nil || whole.Ref != booked.Ref || whole.Pending {
			t.Errorf("completed %+v, %v", whole, err)
		}
		_, _, err = at.carrier.Complete(t.Context(), "1Z", b)
		at.fails(err, remote.Permanent, false)
		for i, p := range found.Parcels {
			if p.Number != booked.Parcels[i].Number || string(p.Label) != string(booked.Parcels[i].Label) {
				t.Errorf("package %d is another", i)
			}
		}
	}
}

func TestAtUPSTwoShipmentsWithOneReferenceAreForAPerson(t *testing.T) {
	at := visit(t, "ups", nil)
	b := at.next(1)
	first := at.book(b)
	at.book(b)
	_, _, err := at.carrier.Find(t.Context(), b)
	if f := at.fails(err, remote.Permanent, false); f.Code != "ambiguous" {
		t.Error(f)
	}
	if _, err := at.carrier.Cancel(t.Context(), first.Ref); err != nil {
		t.Fatal(err)
	}
	if found, _, err := at.carrier.Find(t.Context(), b); err != nil || found.Ref == first.Ref {
		t.Errorf("%+v, %v", found, err)
	}
}

// What UPS finds no more may be there all the same.
func TestAtUPSNothingIsAbsentAfterAMonth(t *testing.T) {
	at := visit(t, "ups", nil)
	b := at.next(1)
	b.ReadyAt = schemas.At(time.Now().AddDate(0, 0, -28))
	if _, _, err := at.carrier.Find(t.Context(), b); !errors.Is(err, remote.ErrAbsent) {
		t.Error(err)
	}
	b.ReadyAt = schemas.At(time.Now().AddDate(0, 0, -30))
	_, _, err := at.carrier.Find(t.Context(), b)
	if f := at.fails(err, remote.Permanent, false); f.Code != "too_old" {
		t.Error(f)
	}
}

func TestAtUPSEachServiceHasItsPrice(t *testing.T) {
	at := visit(t, "ups", nil)
	quotes, said, err := at.carrier.Quotes(t.Context(), at.next(2))
	if err != nil || len(quotes) != 3 || len(said) == 0 {
		t.Fatalf("%+v, %v", quotes, err)
	}
	for _, q := range quotes {
		if q.Service == "" || q.Price.Minor <= 0 || q.Price.Currency != "EUR" {
			t.Errorf("%+v", q)
		}
	}
	in := at.next(1)
	in.DeliverBy = new(in.ReadyAt)
	quotes, _, err = at.carrier.Quotes(t.Context(), in)
	if err != nil || len(quotes) != 3 {
		t.Fatalf("%+v, %v", quotes, err)
	}
	picked := in.ReadyAt.Time().UTC().Truncate(24 * time.Hour)
	for i, days := range []int{3, 1, 1} { // standard, saver, express
		if by := quotes[i].By; by == nil || !by.Time().Equal(picked.AddDate(0, 0, days)) {
			t.Errorf("%s arrives %v, picked up %v", quotes[i].Service, by, picked)
		}
	}
	at.strike(fault.Drop, "rates.shop")
	_, _, err = at.carrier.Quotes(t.Context(), at.next(1))
	at.fails(err, remote.Transient, false)
}

func TestAtUPSWhatIsMissingIsSeenBefore(t *testing.T) {
	at := visit(t, "ups", nil)
	for field, change := range map[string]func(*schemas.Booking){
		"to.phone":         func(b *schemas.Booking) { b.To.Phone = "" },
		"from.phone":       func(b *schemas.Booking) { b.From.Phone = "" },
		"to.region":        func(b *schemas.Booking) { b.To = seattle; b.To.Region = "" },
		"point":            func(b *schemas.Booking) { b.Point = "U12345678" },
		"parcels[0].grams": func(b *schemas.Booking) { b.Parcels[0].Grams = 71_000 },
	} {
		b := at.next(1)
		change(b)
		if _, faults, _, _ := carriers.Check("ups", *b); len(faults) != 1 || faults[0].Field != field {
			t.Errorf("%s: %v", field, faults)
		}
		_, _, err := at.carrier.Create(t.Context(), b)
		if field != "from.phone" { // that, UPS does not ask for
			at.fails(err, remote.Business, false)
		}
	}
}
