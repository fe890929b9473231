package shopify

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

func TestAnOrderIsTheSameWheneverItIsWrittenAndEachVersionAnother(t *testing.T) {
	m, cancelled, paidElsewhere := Market(3), 0, 0
	for n := uint64(1); n <= 200; n++ {
		seen := map[string]bool{}
		for version := 1; version <= 5; version++ {
			one, again := m.Order(n, version), m.Order(n, version)
			if !bytes.Equal(one.Body, again.Body) || seen[one.Revision] || one.Ref != m.Order(n, 1).Ref {
				t.Fatalf("order %d, version %d: %s", n, version, one.Body)
			}
			seen[one.Revision] = true
			if one.Cancels {
				cancelled++
			}
			if one.Currency == "PLN" {
				paidElsewhere++
			}
		}
	}
	if cancelled == 0 || paidElsewhere == 0 {
		t.Errorf("%d are cancelled, %d paid in another currency than the shop's", cancelled, paidElsewhere)
	}
}

// knocking is a shop behind its desk.
func knocking(t *testing.T) (*API, *ledger.Ledger, func(method, path, body, token string) *httptest.ResponseRecorder) {
	t.Helper()
	books, later := ledger.New(time.Now), party.NewLater()
	a := NewAPI(Options{Seed: 3, Token: "t", Now: time.Now}, books)
	desk := party.NewDesk(a, fault.New(1, time.Now), books, later)
	t.Cleanup(later.Close)
	return a, books, func(method, path, body, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/shopify"+path, strings.NewReader(body))
		r.Header.Set("X-Shopify-Access-Token", token)
		w := httptest.NewRecorder()
		desk.ServeHTTP(w, r)
		return w
	}
}

func TestOnlyWhoHasTheTokenIsAnsweredAndOnlyOfWhatWasSold(t *testing.T) {
	a, _, ask := knocking(t)
	if err := a.Show(1, 1); err != nil {
		t.Fatal(err)
	}
	path := base + "orders/" + Market(3).Order(1, 1).Ref + ".json"
	for _, c := range []struct {
		path, token string
		want        int
	}{{path, "t", 200}, {path, "x", 401}, {path, "", 401}, {base + "orders/1.json", "t", 404}, {strings.TrimSuffix(path, ".json"), "t", 404}, {"/nothing", "t", 404}} {
		if w := ask(http.MethodGet, c.path, "", c.token); w.Code != c.want {
			t.Errorf("%s, %q: %d", c.path, c.token, w.Code)
		}
	}
}

func TestNoMoreIsSentThanThereIs(t *testing.T) {
	a, books, ask := knocking(t)
	n := uint64(1)
	for s, _ := a.market.at(n, 1); s.sent || s.cancelled != nil; s, _ = a.market.at(n, 1) {
		n++
	}
	if err := a.Show(n, 1); err != nil {
		t.Fatal(err)
	}
	s, _ := a.market.at(n, 1)
	send := func(number, quantity string) string {
		lines := ""
		if quantity != "" {
			lines = `{"id":"gid://shopify/FulfillmentOrderLineItem/` + s.lines[0].id + `","quantity":` + quantity + `}`
		}
		return ask(http.MethodPost, base+"graphql.json", `{"query":"mutation { fulfillmentCreate(fulfillment: $fulfillment) }","variables":{"fulfillment":{
			"lineItemsByFulfillmentOrder":[{"fulfillmentOrderId":"gid://shopify/FulfillmentOrder/`+s.id+`","fulfillmentOrderLineItems":[`+lines+`]}],"trackingInfo":{"number":"`+number+`"}}}}`, "t").Body.String()
	}
	for quantity, want := range map[string]string{"99": "Invalid fulfillment order line item quantity", "0": "Invalid fulfillment order line item quantity"} {
		if got := send("A", quantity); !strings.Contains(got, want) {
			t.Errorf("%s pieces: %s", quantity, got)
		}
	}
	if got := send("A", ""); !strings.Contains(got, `"status":"SUCCESS"`) {
		t.Error(got)
	}
	if got := send("B", ""); !strings.Contains(got, "unfulfillable status= closed") {
		t.Error(got)
	}
	if sums := books.Books().Operations[ShipOperation]; sums.Effects != 1 {
		t.Errorf("%+v", sums)
	}
}
