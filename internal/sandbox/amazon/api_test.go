package amazon

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/specification"
)

func TestALoginThatIsNotRightIsRefused(t *testing.T) {
	s := openShop(t, Options{})
	for _, c := range []struct {
		field, value string
		status       int
		code         string
	}{
		{"grant_type", "", 400, "invalid_request"},
		{"grant_type", "authorization_code", 400, "unsupported_grant_type"},
		{"client_id", "other", 401, "invalid_client"},
		{"client_secret", "", 401, "invalid_client"},
		{"refresh_token", "Atzr|other", 400, "invalid_grant"},
	} {
		form := s.form()
		form.Set(c.field, c.value)
		var said struct {
			Error       string `json:"error"`
			Description string `json:"error_description"`
		}
		a := s.exchange(form)
		if err := json.Unmarshal(a.body, &said); err != nil || a.status != c.status || said.Error != c.code || said.Description == "" {
			t.Errorf("%s %q: %d %s", c.field, c.value, a.status, a.body)
		}
	}
	r := s.request("POST", "/auth/o2/token", s.form().Encode())
	r.Header.Set("Content-Type", "application/json")
	if a := s.do(r); a.status != 400 {
		t.Errorf("another type: %d %s", a.status, a.body)
	}
}

func TestATokenOpensTheAPIForAnHour(t *testing.T) {
	s := openShop(t, Options{})
	s.sell(1)
	path := "/orders/2026-01-01/orders/" + s.api.market.Order(1, 1).Ref
	for what, token := range map[string]string{
		"none": "", "another's": "Atza|9999999999.1." + strings.Repeat("0", 64), "no token": "Atza|", "longer": strings.Replace(s.token, "|", "|9", 1), "half": s.token[:20],
	} {
		r := s.request("GET", path, "")
		r.Header.Set("x-amz-access-token", token)
		if a := s.do(r); a.status != 403 || a.code != "Unauthorized" {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	s.pass(time.Hour - time.Second)
	if a := s.ask(path); a.status != 200 {
		t.Errorf("a second before: %d %s", a.status, a.body)
	}
	s.pass(time.Second)
	if a := s.ask(path); a.status != 403 || !strings.Contains(string(a.body), "expired") {
		t.Errorf("an hour later: %d %s", a.status, a.body)
	}
	s.token = s.login()
	if a := s.ask(path); a.status != 200 {
		t.Errorf("with another: %d %s", a.status, a.body)
	}
}

// The usage plans of the specifications.
func TestEachOperationHasABucketOfItsOwn(t *testing.T) {
	s := openShop(t, Options{Faster: 1})
	s.sell(1)
	ref := s.api.market.Order(1, 1).Ref
	for _, c := range []struct {
		method, path, told string
		burst              int
		every              time.Duration
	}{
		{"GET", "/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-01T00:00:00Z", "0.0056", 20, 179 * time.Second},
		{"GET", "/orders/2026-01-01/orders/" + ref, "0.5", 30, 2 * time.Second},
		{"POST", "/orders/v0/orders/" + ref + "/shipmentConfirmation", "2", 10, 500 * time.Millisecond},
	} {
		for n := range c.burst {
			if a := s.do(s.request(c.method, c.path, "")); a.status == 429 || a.header.Get("x-amzn-RateLimit-Limit") != c.told || a.header.Get("x-amzn-RequestId") == "" {
				t.Fatalf("%s, the %d.: %d %v", c.path, n+1, a.status, a.header)
			}
		}
		a := s.do(s.request(c.method, c.path, ""))
		if a.status != 429 || a.code != "QuotaExceeded" || a.header.Get("Retry-After") != "" || a.header.Get("x-amzn-RequestId") == "" {
			t.Errorf("%s, one more: %d %s %v", c.path, a.status, a.body, a.header)
		}
		s.pass(c.every)
		if a := s.do(s.request(c.method, c.path, "")); a.status == 429 {
			t.Errorf("%s, after %v: %d", c.path, c.every, a.status)
		}
	}
}

func TestAnOrderIsHandedOverAsTheMarketWritesIt(t *testing.T) {
	s := openShop(t, Options{})
	rules, err := specification.Read("testdata/order.txt")
	if err != nil {
		t.Fatal(err)
	}
	s.sell(40)
	for n := uint64(1); n <= 40; n++ {
		version := int(n%3) + 1
		if err := s.api.Show(n, version); err != nil {
			t.Fatal(err)
		}
		sheet := s.api.market.Order(n, version)
		got := s.get(sheet.Ref)
		if !bytes.Equal(got, sheet.Body) {
			t.Fatalf("order %d: %s\nwant %s", n, got, sheet.Body)
		}
		bare := s.ask("/orders/2026-01-01/orders/" + sheet.Ref).body
		if err := rules.Check(bare); err != nil {
			t.Errorf("order %d, without more: %v\n%s", n, err, bare)
		}
		if v := look(t, bare); v.Order.Buyer != nil || v.Order.Recipient != nil || v.Order.Proceeds != nil || v.Order.Payment != nil || v.Order.Packages != nil ||
			v.Order.Fulfillment.FulfillmentStatus != "" || v.Order.OrderItems[0].Proceeds != nil {
			t.Errorf("order %d tells what was not asked for: %s", n, bare)
		}
	}
	served := s.api.Revisions()
	if len(served) != 40 || served[3] != (Revision{s.api.market.Order(4, 2).Ref, s.api.market.Order(4, 2).Revision}) {
		t.Errorf("%d revisions were served: %+v", len(served), served)
	}
	for path, want := range map[string]string{
		"/orders/2026-01-01/orders/000-0000000-0000000": "404 NotFound", "/orders/2026-01-01/orders/x": "400 InvalidInput",
		"/orders/2026-01-01/orders/000-0000000-0000000?includedData=ALL": "400 InvalidInput", "/orders/2026-01-01/orders/x?data=1": "400 InvalidInput",
		"/orders/v0/orders": "404 NotFound",
	} {
		if a := s.ask(path); strconv.Itoa(a.status)+" "+a.code != want {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestOnlySoManyOrdersAreKept(t *testing.T) {
	s := openShop(t, Options{OrdersMax: 2})
	if err := s.api.Show(2, 1); err != nil {
		t.Fatal(err)
	}
	s.sell(1)
	if s.api.Sell(1) == nil || s.api.Sell(-1) == nil || s.api.Show(1, 0) == nil {
		t.Error("three of two orders are kept, or less than none")
	}
	if err := s.api.Show(2, 2); err != nil {
		t.Errorf("one that is kept changes: %v", err)
	}
	if err := s.api.Show(3, 1); err != nil || len(s.api.orders) != 2 || s.api.numbers[3] == nil || s.api.numbers[2] == nil {
		t.Errorf("shown for the oldest: %v", err)
	}
}
