package server

import (
	"strings"
	"testing"
)

func TestAllegroIsToldFromOutsideWhatItSells(t *testing.T) {
	w := build(t, Options{})
	for path, want := range map[string]int{
		"/admin/allegro/orders/7?version=2": 200, "/admin/allegro/orders/x?version=1": 400, "/admin/allegro/orders/7?version=0": 400,
		"/admin/allegro/orders/7": 400, "/admin/allegro/orders/7?version=99999999": 400,
	} {
		if a, err := w.ask("PUT", path, ""); err != nil || a.status != want {
			t.Errorf("%s: %+v, %v", path, a, err)
		}
	}
	for path, want := range map[string]int{
		"/admin/allegro/orders?count=3": 200, "/admin/allegro/orders?count=0": 400,
		"/admin/allegro/payments?orders=7": 400, "/admin/allegro/payments?orders=7,x": 400, "/admin/allegro/payments?orders=7,7": 409,
	} {
		if a, err := w.ask("POST", path, ""); err != nil || a.status != want {
			t.Errorf("%s: %+v, %v", path, a, err)
		}
	}
	if sold := w.server.Books()["allegro"].Operations["market.sell"].Effects; sold != 4 {
		t.Errorf("%d are sold", sold)
	}
	a, err := w.ask("GET", "/admin/faults", "")
	if err != nil || !strings.Contains(a.body, `"checkout-forms.fulfillment"`) || !strings.Contains(a.body, `"event"`) {
		t.Error(a, err)
	}
	a, err = w.ask("GET", "/admin/parties", "")
	if err != nil || !strings.Contains(a.body, "/allegro") || !strings.Contains(a.body, "refresh_token") {
		t.Error(a, err)
	}
}
