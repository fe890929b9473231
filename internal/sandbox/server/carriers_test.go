package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// What the server tells of a carrier is enough to be let in there; and what people do at one, its customers see.
func TestCarriersAreReachedAsThePartiesSayAndPeopleWorkThere(t *testing.T) {
	w := build(t, Options{Seed: 3})
	var parties []Access
	a, err := w.ask("GET", "/admin/parties", "")
	if err == nil {
		err = json.Unmarshal([]byte(a.body), &parties)
	}
	if err != nil {
		t.Fatal(a, err)
	}
	of := func(name string) Access {
		at := slices.IndexFunc(parties, func(p Access) bool { return p.Party == name })
		if at < 0 {
			t.Fatalf("%s is not told: %s", name, a.body)
		}
		return parties[at]
	}
	send := func(method, url, body string, authorize func(*http.Request)) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		authorize(r)
		answered, err := w.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answered.Body.Close()
		return answered.StatusCode
	}
	dhl, inpost := of("dhl"), of("inpost")
	if status := send("GET", dhl.URL+"/orders?shipment=1", "", func(r *http.Request) {
		r.SetBasicAuth(dhl.Made["user"], dhl.Made["password"])
		r.Header.Set("dhl-api-key", dhl.Made["api_key"])
	}); status != http.StatusBadRequest {
		t.Errorf("dhl: %d", status)
	}
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+inpost.Made["token"]) }
	if status := send("GET", inpost.URL+"/v1/organizations/"+inpost.Made["organization"], "", bearer); status != http.StatusOK {
		t.Errorf("inpost: %d", status)
	}
	if a, err := w.ask("POST", "/admin/dhl/close", ""); err != nil || a.status != http.StatusNoContent {
		t.Error(a, err)
	}
	if a, err := w.ask("PUT", "/admin/inpost", `{"broke":true}`); err != nil || a.status != http.StatusOK || !strings.Contains(a.body, `"broke":true`) {
		t.Error(a, err)
	}
	if a, err := w.ask("PUT", "/admin/inpost", `{"rich":true}`); err != nil || a.status != http.StatusBadRequest {
		t.Error(a, err)
	}
	if page, _ := w.ask("GET", "/admin/", ""); !strings.Contains(page.body, dhl.URL) || !strings.Contains(page.body, inpost.URL) {
		t.Error(page.body)
	}
}
