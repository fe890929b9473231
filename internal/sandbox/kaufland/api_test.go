package kaufland

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/specification"
)

const (
	testKey     = "key-of-the-test"
	testSigning = "signs-the-test"
)

// shop is a seller's view of the API.
type shop struct {
	t      *testing.T
	api    *API
	books  *ledger.Ledger
	chance *fault.Chance
	url    string

	mu  sync.Mutex
	now time.Time
}

func (s *shop) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *shop) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func openShop(t *testing.T, o Options) *shop {
	t.Helper()
	s := &shop{t: t, now: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)}
	o.Seed, o.ClientKey, o.Secret, o.Now = 8, testKey, testSigning, s.clock
	s.books, s.chance = ledger.New(s.clock), fault.New(1, s.clock)
	later := party.NewLater()
	s.api = NewAPI(o, s.chance, s.books, later)
	served := httptest.NewServer(party.NewDesk(s.api, s.chance, s.books, later))
	s.url = served.URL + "/kaufland/v2"
	t.Cleanup(func() {
		s.api.Close()
		later.Close()
		served.Close()
	})
	return s
}

func (s *shop) request(method, path, body string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	at := s.clock().Unix()
	r.Header.Set(headerClientKey, testKey)
	r.Header.Set(headerTimestamp, strconv.FormatInt(at, 10))
	r.Header.Set(headerSignature, Sign(testSigning, method, s.url+path, []byte(body), at))
	return r
}

type problem struct {
	Type    string
	Message string
	Errors  []wrong
}

func (s *shop) do(r *http.Request, into any) (status int, p problem) {
	s.t.Helper()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		into = &p
	}
	if into != nil {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			s.t.Fatalf("%s %s: %d, %v", r.Method, r.URL, answer.StatusCode, err)
		}
	}
	if answer.StatusCode >= 400 && (p.Message == "" || p.Type == "" || p.Errors == nil) {
		s.t.Errorf("%s %s: %d is no ErrorResponse: %+v", r.Method, r.URL, answer.StatusCode, p)
	}
	return answer.StatusCode, p
}

func (s *shop) ask(method, path, body string, into any) (int, problem) {
	s.t.Helper()
	return s.do(s.request(method, path, body), into)
}

func (s *shop) sell(orders int) {
	s.t.Helper()
	if err := s.api.Sell(orders); err != nil {
		s.t.Fatal(err)
	}
}

type listOf struct {
	Data []struct {
		ID      string `json:"id_order"`
		Unit    int64  `json:"id_order_unit"`
		Status  string `json:"status"`
		Updated string `json:"ts_updated_iso"`
		Ship    *struct{ City string }
	} `json:"data"`
	Pagination struct{ Offset, Limit, Total int }
}

func (s *shop) list(path string) (l listOf) {
	s.t.Helper()
	if status, p := s.ask("GET", path, "", &l); status != 200 {
		s.t.Fatal(path, status, p)
	}
	return l
}

// unit answers the id of a unit that the merchant is to send.
func (s *shop) unit() string {
	s.t.Helper()
	return strconv.FormatInt(s.list("/order-units?status=need_to_be_sent&limit=1").Data[0].Unit, 10)
}

func TestWhatIsNotSignedRightIsRefused(t *testing.T) {
	s := openShop(t, Options{})
	s.sell(1)
	for name, c := range map[string]struct {
		spoil func(*http.Request)
		want  string
	}{
		"no key":             {func(r *http.Request) { r.Header.Del(headerClientKey) }, problemHeader},
		"no time":            {func(r *http.Request) { r.Header.Del(headerTimestamp) }, problemHeader},
		"no signature":       {func(r *http.Request) { r.Header.Del(headerSignature) }, problemHeader},
		"no number":          {func(r *http.Request) { r.Header.Set(headerTimestamp, "now") }, problemHeader},
		"another key":        {func(r *http.Request) { r.Header.Set(headerClientKey, "other") }, problemCredentials},
		"another second":     {func(r *http.Request) { r.Header.Set(headerTimestamp, strconv.FormatInt(s.clock().Unix()+1, 10)) }, problemSignature},
		"another signature":  {func(r *http.Request) { r.Header.Set(headerSignature, strings.Repeat("0", 64)) }, problemSignature},
		"another query":      {func(r *http.Request) { r.URL.RawQuery = "limit=2" }, problemSignature},
		"another host":       {func(r *http.Request) { r.Host = "sellerapi.kaufland.com" }, problemSignature},
		"five minutes early": {func(r *http.Request) { s.resign(r, -clockSkewMax-time.Second) }, problemHeader},
		"five minutes late":  {func(r *http.Request) { s.resign(r, clockSkewMax+time.Second) }, problemHeader},
		"an absurd time":     {func(r *http.Request) { r.Header.Set(headerTimestamp, "-9223372036854775808") }, problemHeader},
		"right":              {func(*http.Request) {}, ""},
		"on the edge":        {func(r *http.Request) { s.resign(r, clockSkewMax) }, ""},
	} {
		r := s.request("GET", "/orders?limit=1", "")
		c.spoil(r)
		want := map[bool]int{true: 200, false: 401}[c.want == ""]
		if status, p := s.do(r, nil); status != want || p.Type != c.want {
			t.Errorf("%s: %d %s", name, status, p.Type)
		}
	}
	r := s.request("PATCH", "/order-units/"+s.unit()+"/cancel", `{"reason":"NoInventory"}`)
	r.Body = http.NoBody
	r.ContentLength = 0
	if status, p := s.do(r, nil); status != 401 || p.Type != problemSignature {
		t.Errorf("another body: %d %s", status, p.Type)
	}
}

func (s *shop) resign(r *http.Request, skew time.Duration) {
	at := s.clock().Add(skew).Unix()
	r.Header.Set(headerTimestamp, strconv.FormatInt(at, 10))
	r.Header.Set(headerSignature, Sign(testSigning, r.Method, r.URL.String(), nil, at))
}

func TestASellerMayAsk111TimesASecond(t *testing.T) {
	s := openShop(t, Options{})
	for n := range requestsPerSecondMax {
		if status, p := s.ask("GET", "/status/ping/", "", nil); status != 200 {
			t.Fatal(n, status, p)
		}
	}
	if status, _ := s.ask("GET", "/status/ping", "", nil); status != 429 {
		t.Errorf("the 112th of a second: %d", status)
	}
	s.pass(time.Second)
	if status, _ := s.ask("GET", "/status/ping", "", nil); status != 200 {
		t.Errorf("a second later: %d", status)
	}
}

func TestEveryOrderThatIsAnsweredFollowsTheSpecification(t *testing.T) {
	rules, err := specification.Read("testdata/order-details.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := openShop(t, Options{})
	s.sell(100)
	s.pass(time.Minute)
	if status, p := s.ask("PATCH", "/order-units/"+s.unit()+"/send", `{"tracking_numbers":"0034123456789,0034987654321","carrier_code":"DHL"}`, nil); status != 204 {
		t.Fatal(status, p)
	}
	for _, ref := range s.list("/orders?limit=50").Data {
		var answer json.RawMessage
		s.ask("GET", "/orders/"+ref.ID+"/", "", &answer)
		if err := rules.Check(answer); err != nil {
			t.Errorf("%v\n%s", err, answer)
		}
		s.pass(time.Second)
	}
}

func TestListsArePagesOfWhatWasAskedFor(t *testing.T) {
	s := openShop(t, Options{})
	s.sell(30)
	s.pass(time.Hour)
	since := s.clock().Add(-time.Minute).Format(time.RFC3339)
	s.sell(10)
	all := s.list("/orders?limit=100&fulfillment_type=fulfilled_by_merchant,fulfilled_by_kaufland")
	if all.Pagination.Total != 40 || len(all.Data) != 40 {
		t.Fatalf("%+v", all.Pagination)
	}
	ours := s.list("/orders?limit=100")
	theirs := s.list("/orders?fulfillment_type=fulfilled_by_kaufland")
	if ours.Pagination.Total+theirs.Pagination.Total != 40 {
		t.Errorf("%d of the merchant, %d of Kaufland", ours.Pagination.Total, theirs.Pagination.Total)
	}
	var paged []string
	for offset := 0; offset < ours.Pagination.Total; offset += 7 {
		for _, o := range s.list(fmt.Sprintf("/orders?limit=7&offset=%d", offset)).Data {
			paged = append(paged, o.ID)
		}
	}
	for i, o := range ours.Data {
		if i >= len(paged) || paged[i] != o.ID {
			t.Fatalf("pages show %v", paged)
		}
	}
	stores := 0
	for _, store := range []string{"de", "CZ", "sk", "pl", "at", "fr", "it"} {
		stores += s.list("/orders?limit=100&storefront=" + store).Pagination.Total
	}
	if stores != ours.Pagination.Total {
		t.Errorf("the storefronts have %d, all together %d", stores, ours.Pagination.Total)
	}
	fresh := s.list("/orders?fulfillment_type=fulfilled_by_merchant&fulfillment_type=fulfilled_by_kaufland&ts_created_from_iso=" + since).Pagination.Total
	changed := s.list("/orders?fulfillment_type=fulfilled_by_merchant&fulfillment_type=fulfilled_by_kaufland&ts_units_updated_from_iso=" + since).Pagination.Total
	if fresh != 10 || changed != 10 {
		t.Errorf("%d created and %d changed since the last ten", fresh, changed)
	}
	for _, path := range []string{
		"/orders?limit=0", "/orders?limit=101", "/orders?limit=x", "/orders?offset=-1", "/orders?offset=99999999999", "/orders?storefront=us",
		"/orders?ts_created_from_iso=today", "/orders?fulfillment_type=x", "/order-units?status=lost", "/order-units?sort=price", "/order-units/x", "/orders/M1?embedded=x",
	} {
		if status, p := s.ask("GET", path, "", nil); status != 400 || p.Type != problemValidation || len(p.Errors) != 1 || p.Errors[0].Field == "" {
			t.Errorf("%s: %d %+v", path, status, p)
		}
		s.pass(time.Second)
	}
	for _, path := range []string{"/orders/NOSUCH", "/order-units/7", "/nosuch", "/subscriptions/1", "/subscriptions/x"} {
		if status, p := s.ask("GET", path, "", nil); status != 404 || p.Type != problemNotFound {
			t.Errorf("%s: %d %+v", path, status, p)
		}
	}
}

func TestAUnitIsTheSameInItsOrderInAListAndAlone(t *testing.T) {
	s := openShop(t, Options{})
	s.sell(5)
	for _, u := range s.list("/order-units?status=need_to_be_sent").Data {
		var alone struct {
			Data map[string]any `json:"data"`
		}
		s.ask("GET", fmt.Sprint("/order-units/", u.Unit, "?embedded=tickets"), "", &alone)
		var whole struct {
			Data struct {
				Units []map[string]any `json:"order_units"`
			} `json:"data"`
		}
		s.ask("GET", "/orders/"+u.ID, "", &whole)
		for _, inside := range whole.Data.Units {
			if inside["id_order_unit"] != alone.Data["id_order_unit"] {
				continue
			}
			for name, value := range inside {
				if name != "tickets" && name != "kss_eligible" && fmt.Sprint(alone.Data[name]) != fmt.Sprint(value) {
					t.Errorf("unit %d: %s is %v alone and %v in its order", u.Unit, name, alone.Data[name], value)
				}
			}
		}
		if alone.Data["shipping_address"] == nil || alone.Data["buyer"] == nil && alone.Data["fulfillment_type"] == nil {
			t.Errorf("unit %d alone: %v", u.Unit, alone.Data)
		}
	}
}
