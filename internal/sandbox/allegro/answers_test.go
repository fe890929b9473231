package allegro

import (
	"net/http"
	"testing"

	"waybill/internal/sandbox/specification"
)

func TestEveryAnswerFollowsTheSpecification(t *testing.T) {
	s := openShop(t)
	follows := func(file, method, path, body string, want int, spoil ...func(*http.Request)) {
		t.Helper()
		rules, err := specification.Read("testdata/" + file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		status, answer := s.ask(method, path, body, spoil...)
		if err := rules.Check(answer); err != nil || status != want {
			t.Errorf("%s: %d, %v\n%.2000s", path, status, err, answer)
		}
	}
	follows("event-stats", "GET", "/order/event-stats", "", 200)
	follows("order-events", "GET", "/order/events", "", 200)
	follows("checkout-forms", "GET", "/order/checkout-forms", "", 200)
	if err := s.api.Sell(100); err != nil {
		t.Fatal(err)
	}
	number := find(t, 1, isNew)
	sheet := Market(8).Order(number, 1)
	s.show(number, 1)
	if status, _ := s.set(sheet.Ref, sheet.Revision, "PROCESSING"); status != 204 {
		t.Fatal(status)
	}
	const parcel = `{"carrierId":"DHL","waybill":"12345678910PL"}`
	form := "/order/checkout-forms/" + sheet.Ref
	follows("shipments", "GET", form+"/shipments", "", 200)
	follows("shipment", "POST", form+"/shipments", parcel, 201)
	follows("shipments", "GET", form+"/shipments", "", 200)
	follows("event-stats", "GET", "/order/event-stats", "", 200)
	follows("order-events", "GET", "/order/events?limit=1000", "", 200)
	follows("checkout-forms", "GET", "/order/checkout-forms?sort=updatedAt", "", 200)
	follows("checkout-form", "GET", form, "", 200)
	follows("carriers", "GET", "/order/carriers", "", 200)
	follows("error", "GET", "/order/checkout-forms/00000000-0000-0000-0000-000000000000", "", 404)
	follows("error", "GET", "/order/events?limit=0", "", 422)
	follows("error", "GET", "/nosuch", "", 404)
	follows("error", "PUT", form+"/fulfillment?checkoutForm.revision=0", `{"status":"SENT"}`, 409)
	follows("error", "PUT", form+"/fulfillment", `{"status":"RETURNED"}`, 422)
	follows("error", "POST", form+"/shipments", `{}`, 400)
	follows("error", "GET", "/order/carriers", "", 406, func(r *http.Request) { r.Header.Del("Accept") })
	follows("auth-error", "GET", "/order/carriers", "", 401, func(r *http.Request) { r.Header.Del("Authorization") })
}
