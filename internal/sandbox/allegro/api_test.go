package allegro

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// What the seller of the tests has.
const (
	testClient = "client-of-the-test"
	testKey    = "key/of the+test" // so that it is escaped on its way (RFC 6749 §2.3.1)
	testFirst  = "first-of-the-test"
)

// shop is a seller's view of the API.
type shop struct {
	t      *testing.T
	api    *API
	books  *ledger.Ledger
	chance *fault.Chance
	url    string
	bearer string

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

// openShop is one that is logged in.
func openShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, now: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)}
	s.books, s.chance = ledger.New(s.clock), fault.New(1, s.clock)
	later := party.NewLater()
	s.api = NewAPI(Options{Seed: 8, ClientID: testClient, ClientSecret: testKey, RefreshToken: testFirst, Now: s.clock}, s.chance, s.books, later)
	served := httptest.NewServer(party.NewDesk(s.api, s.chance, s.books, later))
	s.url = served.URL + "/allegro"
	t.Cleanup(func() {
		s.api.Close()
		later.Close()
		served.Close()
	})
	s.bearer = s.login(testClient, testKey, testFirst).Access
	return s
}

// login is an answer of the token endpoint.
type login struct {
	Status  int
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Expires int    `json:"expires_in"`
	Error   string `json:"error"`
}

func (s *shop) login(client, key, refresh string) (l login) {
	s.t.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
	r, err := http.NewRequestWithContext(s.t.Context(), "POST", s.url+loginPath, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(client), url.QueryEscape(key))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&l); err != nil {
		s.t.Fatal(err)
	}
	l.Status = answer.StatusCode
	return l
}

// ask sends a request that may be spoilt first.
func (s *shop) ask(method, path, body string, spoil ...func(*http.Request)) (status int, answer []byte) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.bearer)
	r.Header.Set("Accept", mediaType)
	if method != "GET" {
		r.Header.Set("Content-Type", mediaType)
	}
	for _, change := range spoil {
		change(r)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer got.Body.Close()
	answer, err = io.ReadAll(got.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return got.StatusCode, answer
}

// code of the first error, or that of an AuthError.
func code(answer []byte) string {
	var refused struct {
		Errors []problem
		Error  string
	}
	_ = json.Unmarshal(answer, &refused) // then it has none
	if len(refused.Errors) > 0 {
		return refused.Errors[0].Code
	}
	return refused.Error
}

func (s *shop) show(number uint64, version int) {
	s.t.Helper()
	if err := s.api.Show(number, version); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) form(ref string) (f checkoutForm, body []byte) {
	s.t.Helper()
	status, body := s.ask("GET", "/order/checkout-forms/"+ref, "")
	if err := json.Unmarshal(body, &f); err != nil || status != 200 {
		s.t.Fatalf("%d, %v: %s", status, err, body)
	}
	return f, body
}

func (s *shop) set(ref, revision, status string) (int, string) {
	s.t.Helper()
	got, answer := s.ask("PUT", "/order/checkout-forms/"+ref+"/fulfillment?checkoutForm.revision="+revision, `{"status":"`+status+`"}`)
	return got, code(answer)
}

// find is the first order of the market at whose version something holds.
func find(t *testing.T, version int, is func(*sale) bool) uint64 {
	t.Helper()
	for n := uint64(1); n < 100_000; n++ {
		if s, _ := Market(8).at(n, version); is(s) {
			return n
		}
	}
	t.Fatal("there is none")
	return 0
}

func isNew(s *sale) bool { return s.form.Status == ready && s.form.Fulfillment.Status == "NEW" }

func TestARefreshTokenIsReplacedAndGoodForAMinuteAfterItsFirstUse(t *testing.T) {
	s := openShop(t)
	for name, wrong := range map[string]struct {
		got  login
		want login
	}{
		"another client": {s.login("other", testKey, testFirst), login{Status: 401, Error: "unauthorized"}},
		"another secret": {s.login(testClient, "other", testFirst), login{Status: 401, Error: "unauthorized"}},
		"another token":  {s.login(testClient, testKey, "other"), login{Status: 400, Error: "invalid_grant"}},
	} {
		if wrong.got != wrong.want {
			t.Errorf("%s: %+v", name, wrong.got)
		}
	}
	s.pass(overlapFor - time.Second)
	again := s.login(testClient, testKey, testFirst)
	if again.Status != 200 || again.Access == "" || again.Refresh == testFirst || again.Expires != 43199 {
		t.Fatalf("within the minute: %+v", again)
	}
	s.pass(2 * time.Second)
	if late := s.login(testClient, testKey, testFirst); late.Status != 400 {
		t.Errorf("after the minute: %+v", late)
	}
	s.pass(refreshFor - time.Hour)
	next := s.login(testClient, testKey, again.Refresh)
	if next.Status != 200 {
		t.Errorf("the next, three months later: %+v", next)
	}
	s.pass(refreshFor)
	if late := s.login(testClient, testKey, next.Refresh); late.Status != 400 {
		t.Errorf("after three months more: %+v", late)
	}
}

func TestWhoHasNoGoodTokenIsRefused(t *testing.T) {
	s := openShop(t)
	bearer := func(text string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", text) }
	}
	for text, want := range map[string]string{"": "unauthorized", "Basic x": "unauthorized", "Bearer x": "invalid_token", "Bearer " + testFirst: "invalid_token"} {
		if status, answer := s.ask("GET", "/order/event-stats", "", bearer(text)); status != 401 || code(answer) != want {
			t.Errorf("%q: %d %s", text, status, answer)
		}
	}
	s.pass(accessFor)
	if status, _ := s.ask("GET", "/order/event-stats", ""); status != 401 {
		t.Errorf("after twelve hours: %d", status)
	}
}

func TestTheAPISpeaksItsOwnMediaTypeOnly(t *testing.T) {
	s := openShop(t)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for accept, want := range map[string]int{"application/json": 406, "application/vnd.allegro.beta.v1+json": 406, "text/html, " + mediaType + "; q=0.5": 200} {
		if status, answer := s.ask("GET", "/order/event-stats", "", header("Accept", accept)); status != want || status != 200 && code(answer) != codeNotAcceptable {
			t.Errorf("%s: %d %s", accept, status, answer)
		}
	}
	if status, answer := s.ask("PUT", "/order/checkout-forms/x/fulfillment", `{"status":"SENT"}`, header("Content-Type", "application/json")); status != 415 || code(answer) != codeNotSupported {
		t.Errorf("%d %s", status, answer)
	}
}

func TestAProgramMayAsk9000TimesAMinute(t *testing.T) {
	s := openShop(t)
	asked := func() bool { return s.api.quota.allows() }
	for range requestsPerMinuteMax - 1 { // one was the login
		if !asked() {
			t.Fatal("refused too early")
		}
	}
	if status, _ := s.ask("GET", "/order/event-stats", ""); status != 429 {
		t.Errorf("the one too many: %d", status)
	}
	s.pass(time.Minute)
	if status, _ := s.ask("GET", "/order/event-stats", ""); status != 200 {
		t.Errorf("a minute later: %d", status)
	}
}

func TestAnOrderThatIsShownIsAnsweredByteForByte(t *testing.T) {
	s := openShop(t)
	for number := uint64(1); number <= 40; number++ {
		for version := 1; version <= 3; version++ {
			s.show(number, version)
			want := s.api.market.Order(number, version)
			if _, body := s.form(want.Ref); !bytes.Equal(body, want.Body) {
				t.Fatalf("order %d, version %d:\n%s\n%s", number, version, body, want.Body)
			}
		}
		s.show(number, 1) // it does not go back
	}
	if _, body := s.form(s.api.market.Order(5, 3).Ref); !bytes.Equal(body, s.api.market.Order(5, 3).Body) {
		t.Error("it went back")
	}
	known := map[Revision]bool{}
	for _, r := range s.api.Revisions() {
		known[r] = true
	}
	if sheet := s.api.market.Order(7, 2); !known[Revision{sheet.Ref, sheet.Revision}] || len(known) != 120 {
		t.Errorf("%d revisions are known", len(known))
	}
}

func TestWhatWasSetStaysUntilTheMarketHasComeFurther(t *testing.T) {
	s := openShop(t)
	stays := find(t, 1, func(s *sale) bool { return isNew(s) })
	sheet := Market(8).Order(stays, 1)
	s.show(stays, 1)
	if status, _ := s.set(sheet.Ref, sheet.Revision, "SENT"); status != 204 {
		t.Fatal(status)
	}
	f, _ := s.form(sheet.Ref)
	if f.Fulfillment.Status != "SENT" || f.Revision == sheet.Revision {
		t.Errorf("%s in revision %s", f.Fulfillment.Status, f.Revision)
	}
	s.show(stays, 2)
	if next, _ := s.form(sheet.Ref); next.Fulfillment.Status != "SENT" || next.Revision == f.Revision || next.Revision == Market(8).Order(stays, 2).Revision {
		t.Errorf("the next version: %s in revision %s", next.Fulfillment.Status, next.Revision)
	}
	sent := func(s *sale) bool { return s.form.Fulfillment.Status == "SENT" }
	goes := find(t, 2, func(later *sale) bool {
		first, _ := Market(8).at(later.number, 1)
		return isNew(first) && sent(later)
	})
	sheet = Market(8).Order(goes, 1)
	s.show(goes, 1)
	if status, _ := s.set(sheet.Ref, sheet.Revision, "PROCESSING"); status != 204 {
		t.Fatal(status)
	}
	s.show(goes, 2)
	if _, body := s.form(sheet.Ref); !bytes.Equal(body, Market(8).Order(goes, 2).Body) {
		t.Errorf("what has come further is shown as %s", body)
	}
}

func TestAFulfilmentIsSetOnceAndOnlyInTheRevisionThatIsNamed(t *testing.T) {
	s := openShop(t)
	number := find(t, 1, isNew)
	sheet := Market(8).Order(number, 1)
	s.show(number, 1)
	if status, _ := s.set(sheet.Ref, "00000000", "PROCESSING"); status != 409 {
		t.Errorf("another revision: %d", status)
	}
	for _, status := range []string{"RETURNED", "LOST", ""} {
		if got, why := s.set(sheet.Ref, sheet.Revision, status); got != 422 || why != codeUnprocessable {
			t.Errorf("%q: %d %s", status, got, why)
		}
	}
	if status, _ := s.set(sheet.Ref, sheet.Revision, "PROCESSING"); status != 204 {
		t.Fatal(status)
	}
	if status, _ := s.set(sheet.Ref, sheet.Revision, "SENT"); status != 409 {
		t.Errorf("the revision before: %d", status)
	}
	for range setsMax - 1 {
		if status, _ := s.set(sheet.Ref, "", "PROCESSING"); status != 204 {
			t.Fatalf("what it is already: %d", status)
		}
	}
	if status, why := s.set(sheet.Ref, "", "SENT"); status != 422 || why != codeUnprocessable {
		t.Errorf("too often: %d", status)
	}
	if times := s.books.Times("checkout-forms.fulfillment", sheet.Ref+" PROCESSING"); times != 1 {
		t.Errorf("%d times in the books", times)
	}
	gone := find(t, 1, func(s *sale) bool { return s.form.Status == canceled })
	s.show(gone, 1)
	if status, _ := s.set(Market(8).Order(gone, 1).Ref, "", "PROCESSING"); status != 422 {
		t.Errorf("an order that was taken back: %d", status)
	}
	if status, why := s.set(strings.ToUpper(sheet.Ref), "", "SENT"); status != 404 || why != codeFormNotFound {
		t.Errorf("in capitals: %d %s", status, why)
	}
	if status, _ := s.ask("PUT", "/order/checkout-forms/"+sheet.Ref+"/fulfillment", "status=SENT"); status != 400 {
		t.Errorf("a form: %d", status)
	}
}
