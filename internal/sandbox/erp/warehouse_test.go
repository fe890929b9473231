package erp

import (
	"strings"
	"testing"
)

const parcel = `{"weight_grams":900,"length_mm":300,"width_mm":205,"height_mm":100}`

func TestAnOrderIsPackedAndTakenBackAndEachIsAVersion(t *testing.T) {
	b := opened(t, Options{})
	made := b.order(b.customer("a@example.com").ID, "R")
	do := func(method, path, body string) (is Order) {
		t.Helper()
		if status, code := b.ask(method, "/orders/"+made.ID+path, body, &is); status != 200 {
			t.Fatal(path, status, code)
		}
		return is
	}
	if made.Version != 1 {
		t.Errorf("made as version %d", made.Version)
	}
	if is := do("POST", "/pack", parcel); is.Status != "packed" || is.Parcel == nil || is.Version != 2 {
		t.Errorf("packed: %+v", is)
	}
	if is := do("POST", "/pack", parcel); is.Version != 2 {
		t.Errorf("packed again: %+v", is)
	}
	if status, code := b.ask("POST", "/orders/"+made.ID+"/cancel", "", nil); status != 409 || code != "too_late" {
		t.Error("cancelled though it is packed:", status, code)
	}
	for range 2 {
		if is := do("POST", "/unpack", ""); is.Status != "booked" || is.Parcel != nil || is.Version != 3 {
			t.Errorf("unpacked: %+v", is)
		}
	}
	if is := do("POST", "/cancel", ""); is.Status != "cancelled" || is.Version != 4 {
		t.Errorf("cancelled: %+v", is)
	}
	if s := b.books.Books().Operations; s["orders.pack"].Effects != 1 || s["orders.unpack"].Effects != 1 {
		t.Errorf("the books say %+v", s)
	}
}

func TestTrackingThatStandsThereMakesNoNewVersion(t *testing.T) {
	b := opened(t, Options{})
	made := b.order(b.customer("a@example.com").ID, "R")
	b.ask("POST", "/orders/"+made.ID+"/pack", parcel, nil)
	var is Order
	write := func(body string) {
		t.Helper()
		if status, code := b.ask("PUT", "/orders/"+made.ID+"/tracking", body, &is); status != 200 {
			t.Fatal(status, code)
		}
	}
	write(`{"carrier":"dhl","number":"0034","url":"https://example.com/0034","status":"booked"}`)
	write(`{"carrier":"dhl","number":"0034","url":"https://example.com/0034","status":"booked"}`)
	if is.Version != 3 || len(is.Tracking) != 1 || is.Status != "packed" {
		t.Errorf("written twice: %+v", is)
	}
	write(`{"carrier":"dhl","number":"0034","status":"delivered"}`)
	write(`{"carrier":"dhl","number":"00341"}`)
	if is.Version != 5 || len(is.Tracking) != 2 || is.Tracking[0].Status != "delivered" {
		t.Errorf("delivered, and a second parcel: %+v", is)
	}
	if s := b.books.Books().Operations["orders.tracking"]; s.Effects != 3 || s.Subjects != 2 {
		t.Errorf("the books say %+v", s)
	}
	for _, wrong := range []string{"", "{}", `{"carrier":"dhl"}`, `{"carrier":"dhl","number":"` + strings.Repeat("1", 321) + `"}`, `{"carrier":"d","number":"1","more":1}`} {
		if status, code := b.ask("PUT", "/orders/"+made.ID+"/tracking", wrong, nil); status != 400 || code != "invalid_request" {
			t.Errorf("%.60s: %d %s", wrong, status, code)
		}
	}
	if status, _ := b.ask("PUT", "/orders/O-1/tracking", `{"carrier":"d","number":"1"}`, nil); status != 404 {
		t.Error("an order that is not there:", status)
	}
}
