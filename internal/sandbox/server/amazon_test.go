package server

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What the server tells of Amazon is enough to be let in there.
func TestAmazonIsReachedAsThePartiesSay(t *testing.T) {
	w := build(t, Options{Seed: 3, Orders: 2})
	var parties []Access
	a, err := w.ask("GET", "/admin/parties", "")
	if err == nil {
		err = json.Unmarshal([]byte(a.body), &parties)
	}
	if err != nil || len(parties) < 4 || parties[3].Party != "amazon" {
		t.Fatal(a, err)
	}
	amazon := parties[3]
	login, err := w.client.PostForm(amazon.Login, url.Values{
		"grant_type": {"refresh_token"}, "client_id": {amazon.Made["client_id"]}, "client_secret": {amazon.Made["client_secret"]}, "refresh_token": {amazon.Made["refresh_token"]},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer login.Body.Close()
	var token struct {
		Access string `json:"access_token"`
	}
	if err := json.NewDecoder(login.Body).Decode(&token); err != nil || token.Access == "" {
		t.Fatal(login.Status, err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, amazon.URL+"/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-01T00:00:00Z", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("x-amz-access-token", token.Access)
	list, err := w.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer list.Body.Close()
	if list.StatusCode != http.StatusOK {
		t.Error(list.Status)
	}
	if a, err := w.ask("POST", "/admin/amazon/orders?count=3", ""); err != nil || a.status != 200 {
		t.Error(a, err)
	}
	books := w.server.Books()
	if sold := books["amazon"].Operations["market.sell"].Effects; sold != 5 || books["kaufland"].Operations["market.sell"].Effects != 2 {
		t.Errorf("sold are %d", sold)
	}
	if a, _ := w.ask("GET", "/admin/", ""); !strings.Contains(a.body, "/amazon/auth/o2/token") || !strings.Contains(a.body, "orders.search") {
		t.Error(a.body)
	}
	given := build(t, Options{AmazonClient: "c", AmazonSecret: "s", AmazonRefresh: "r"}).server.Parties("")[3]
	if len(given.Made) != 0 || given.Credentials != "given at the start" {
		t.Errorf("what was given is told: %+v", given)
	}
}
