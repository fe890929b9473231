package ebay

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
	m, cancelled, sites := Market(3), 0, map[string]bool{}
	for n := uint64(1); n <= 200; n++ {
		seen := map[string]bool{}
		for version := 1; version <= 5; version++ {
			one, again := m.Order(n, version), m.Order(n, version)
			if !bytes.Equal(one.Body, again.Body) || seen[one.Revision] || one.Ref != m.Order(n, 1).Ref {
				t.Fatalf("order %d, version %d: %s", n, version, one.Body)
			}
			seen[one.Revision], sites[one.Currency] = true, true
			if one.Cancels {
				cancelled++
			}
		}
	}
	if cancelled == 0 || len(sites) != 4 {
		t.Errorf("%d are cancelled, %v are paid", cancelled, sites)
	}
}

func TestOnlyWhoLoggedInIsAnsweredAndNoMoreIsSentThanThereIs(t *testing.T) {
	books, later := ledger.New(time.Now), party.NewLater()
	t.Cleanup(later.Close)
	a := NewAPI(Options{Seed: 3, Client: "c", Secret: "s", Refresh: "r", Now: time.Now}, books)
	desk := party.NewDesk(a, fault.New(1, time.Now), books, later)
	n := uint64(1)
	for s, _ := a.market.at(n, 1); s.goods == fulfilled || s.cancel == canceled; s, _ = a.market.at(n, 1) {
		n++
	}
	if err := a.Show(n, 1); err != nil {
		t.Fatal(err)
	}
	s, _ := a.market.at(n, 1)
	ask := func(method, path, body string, change func(*http.Request)) int {
		r := httptest.NewRequest(method, "/ebay"+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+a.token())
		if change != nil {
			change(r)
		}
		w := httptest.NewRecorder()
		desk.ServeHTTP(w, r)
		return w.Code
	}
	as := func(user, password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(user, password) }
	}
	send := func(number, quantity string) string {
		return `{"lineItems":[{"lineItemId":"` + s.lines[0].id + `","quantity":` + quantity + `}],"shippedDate":"2026-11-02T10:00:00.000Z","shippingCarrierCode":"DHL","trackingNumber":"` + number + `"}`
	}
	at := orders + "/" + s.id
	for _, c := range []struct {
		what, method, path, body string
		change                   func(*http.Request)
		want                     int
	}{
		{"a login", http.MethodPost, loginPath, "grant_type=refresh_token&refresh_token=r", as("c", "s"), 200},
		{"a login of somebody else", http.MethodPost, loginPath, "grant_type=refresh_token&refresh_token=r", as("c", "x"), 401},
		{"a login for nothing", http.MethodPost, loginPath, "grant_type=refresh_token&refresh_token=x", as("c", "s"), 400},
		{"an order", http.MethodGet, at, "", nil, 200},
		{"an order without a token", http.MethodGet, at, "", func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"an order that there is not", http.MethodGet, orders + "/1", "", nil, 404},
		{"a page that is too long", http.MethodGet, orders + "?limit=201", "", nil, 400},
		{"too many pieces", http.MethodPost, at + "/shipping_fulfillment", send("A1", "99"), nil, 400},
		{"a number with a hyphen", http.MethodPost, at + "/shipping_fulfillment", send("A-1", "1"), nil, 400},
		{"a parcel", http.MethodPost, at + "/shipping_fulfillment", send("A1", "1"), nil, 201},
		{"its list", http.MethodGet, at + "/shipping_fulfillment", "", nil, 200},
	} {
		if got := ask(c.method, c.path, c.body, c.change); got != c.want {
			t.Errorf("%s: %d", c.what, got)
		}
	}
	if sums := books.Books().Operations[ShipOperation]; sums.Effects != 1 || len(a.Find(s.id).Parcels) != 1 {
		t.Errorf("%+v", sums)
	}
}
