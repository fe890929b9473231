package erp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// bureau is an ERP without faults, and who asks it.
type bureau struct {
	t     *testing.T
	erp   *ERP
	books *ledger.Ledger
	desk  http.Handler
	now   time.Time
	token string
}

func opened(t *testing.T, o Options) *bureau {
	b := &bureau{t: t, now: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC), token: "right"}
	clock := func() time.Time { return b.now }
	o.Token, o.Now = "right", clock
	if o.RequestsPerSecondMax == 0 {
		o.RequestsPerSecondMax = 1_000_000
	}
	b.erp, b.books = New(o), ledger.New(clock)
	later := party.NewLater()
	t.Cleanup(later.Close)
	b.desk = party.NewDesk(b.erp, fault.New(1, clock), b.books, later)
	return b
}

// ask answers the status and the code of an error; the answer is read into a value.
func (b *bureau) ask(method, path, body string, into any) (status int, code string) {
	b.t.Helper()
	r := httptest.NewRequest(method, "/erp/v1"+path, strings.NewReader(body))
	if b.token != "" {
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	var failed struct {
		Error struct{ Code, Message string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &failed); err != nil {
		b.t.Fatalf("%s %s answers %s: %v", method, path, w.Body, err)
	}
	if w.Code >= 400 && (failed.Error.Code == "" || failed.Error.Message == "") {
		b.t.Errorf("%s %s: %d without a code or a message: %s", method, path, w.Code, w.Body)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			b.t.Fatal(err)
		}
	}
	return w.Code, failed.Error.Code
}

func (b *bureau) customer(email string) (made Customer) {
	b.t.Helper()
	if status, code := b.ask("POST", "/customers", fmt.Sprintf(`{"email":%q,"name":"Erika Mustermann","country":"DE"}`, email), &made); status != 201 {
		b.t.Fatal(status, code)
	}
	return made
}

func orderFor(customer, ref string) string {
	return fmt.Sprintf(`{"external_ref":%q,"customer_id":%q,"order_date":"2026-11-20","currency":"EUR","lines":[{"article":"MUG","quantity":"2","unit_price":"9.99"}]}`, ref, customer)
}

func (b *bureau) order(customer, ref string) (made Order) {
	b.t.Helper()
	if status, code := b.ask("POST", "/orders", orderFor(customer, ref), &made); status != 201 {
		b.t.Fatal(status, code)
	}
	return made
}

func TestACustomerIsFoundByHisAddressHoweverItIsWritten(t *testing.T) {
	b := opened(t, Options{})
	made := b.customer(" Erika@Example.com ")
	for email, want := range map[string]int{"erika@example.com": 1, "ERIKA@EXAMPLE.COM%20": 1, "erik@example.com": 0} {
		var found struct{ Customers []Customer }
		b.ask("GET", "/customers?email="+email, "", &found)
		if len(found.Customers) != want || want == 1 && found.Customers[0] != made {
			t.Errorf("%s: %+v", email, found)
		}
	}
}

func TestWhatIsBookedTwiceIsThereTwiceAndInTheBooks(t *testing.T) {
	b := opened(t, Options{})
	c := b.customer("a@example.com")
	first, second := b.order(c.ID, "M845EA5"), b.order(c.ID, "M845EA5")
	b.order(c.ID, "other")
	var found struct{ Orders []Order }
	b.ask("GET", "/orders?external_ref=M845EA5", "", &found)
	if first.ID == second.ID || len(found.Orders) != 2 {
		t.Errorf("%+v", found)
	}
	if s := b.books.Books().Operations["orders.create"]; s.Effects != 3 || s.Repeated != 1 {
		t.Errorf("the books say %+v", s)
	}
	if got := b.books.Effects(0)[0]; strings.Contains(got.Subject, "example.com") {
		t.Errorf("the books name a person: %+v", got)
	}
}

func TestAnERPThatFindsRepeatsRefusesThem(t *testing.T) {
	b := opened(t, Options{})
	if err := b.erp.Set(Settings{FindsRepeats: true}); err != nil {
		t.Fatal(err)
	}
	c := b.customer("a@example.com")
	b.order(c.ID, "R")
	if status, code := b.ask("POST", "/orders", orderFor(c.ID, "R"), nil); status != 409 || code != "duplicate_external_ref" {
		t.Error(status, code)
	}
	if status, code := b.ask("POST", "/customers", `{"email":"A@example.com","name":"A","country":"DE"}`, nil); status != 409 || code != "duplicate_email" {
		t.Error(status, code)
	}
	if b.books.Books().Operations["orders.create"].Repeated != 0 {
		t.Error("what was refused is in the books")
	}
}

func TestBusinessFaultsHaveStableCodes(t *testing.T) {
	b := opened(t, Options{})
	good, blocked := b.customer("a@example.com"), b.customer("b@example.com")
	if err := b.erp.Set(Settings{ClosedUntil: "2026-10-31", BlockedCustomers: []string{blocked.ID}, UnknownArticles: []string{"GHOST"}}); err != nil {
		t.Fatal(err)
	}
	before := len(b.books.Effects(0))
	for want, body := range map[string]string{
		"unknown_customer": orderFor("C-1", "R"),
		"blocked_customer": orderFor(blocked.ID, "R"),
		"unknown_article":  strings.Replace(orderFor(good.ID, "R"), "MUG", "GHOST", 1),
		"closed_period":    strings.Replace(orderFor(good.ID, "R"), "2026-11-20", "2026-10-31", 1),
	} {
		if status, code := b.ask("POST", "/orders", body, nil); status != 422 || code != want {
			t.Errorf("%d %s, want %s", status, code, want)
		}
	}
	if len(b.books.Effects(0)) != before {
		t.Error("a refused order is in the books")
	}
	if err := b.erp.Set(Settings{ClosedUntil: "yesterday"}); err == nil {
		t.Error("closed until no day")
	}
}

func TestWithoutTheTokenNothingIsAnsweredOrDone(t *testing.T) {
	b := opened(t, Options{})
	for _, token := range []string{"", "wrong", "righ", "right ", "rightright"} {
		b.token = token
		for _, o := range b.erp.Operations() {
			method, path, _ := strings.Cut(o.Pattern, " /v1")
			if status, code := b.ask(method, strings.ReplaceAll(path, "{id}", "O-1"), "{}", nil); status != 401 || code != "unauthorized" {
				t.Errorf("token %q, %s: %d %s", token, o.Name, status, code)
			}
		}
	}
	if len(b.books.Effects(0)) != 0 {
		t.Error("something was done")
	}
	empty := New(Options{})
	call := &party.Call{Request: httptest.NewRequest("GET", "/", nil)}
	call.Header.Set("Authorization", "Bearer ")
	if empty.Admit(call) == nil {
		t.Error("an ERP without a token lets everyone in")
	}
}

func TestWhoAsksTooOftenIsToldWhenToComeAgain(t *testing.T) {
	b := opened(t, Options{RequestsPerSecondMax: 3})
	for range 3 {
		if status, _ := b.ask("GET", "/orders", "", nil); status != 200 {
			t.Fatal(status)
		}
	}
	r := httptest.NewRequest("GET", "/erp/v1/orders", nil)
	r.Header.Set("Authorization", "Bearer right")
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	if w.Code != 429 || w.Header().Get("Retry-After") != "1" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	b.now = b.now.Add(time.Second)
	if status, _ := b.ask("GET", "/orders", "", nil); status != 200 {
		t.Error(status)
	}
}

func TestChangesAreReadPageByPage(t *testing.T) {
	b := opened(t, Options{})
	c := b.customer("a@example.com")
	var made []Order
	for i := range 7 {
		made = append(made, b.order(c.ID, fmt.Sprint("R", i)))
		b.now = b.now.Add(time.Minute)
	}
	b.ask("POST", "/orders/"+made[2].ID+"/cancel", "", nil)
	b.ask("POST", "/orders/"+made[2].ID+"/cancel", "", nil)
	if s := b.books.Books().Operations["orders.cancel"]; s.Effects != 1 {
		t.Errorf("cancelled once, the books say %+v", s)
	}
	read := func(since string) (refs string) {
		cursor := ""
		for range 10 {
			var p page
			b.ask("GET", "/orders?limit=2&changed_since="+since+"&cursor="+cursor, "", &p)
			for _, o := range p.Orders {
				refs += " " + o.ExternalRef + " " + o.Status
			}
			if cursor = p.NextCursor; cursor == "" {
				return refs
			}
		}
		t.Fatal("the pages have no end")
		return ""
	}
	if got := read(""); got != " R0 booked R1 booked R3 booked R4 booked R5 booked R6 booked R2 cancelled" {
		t.Error(got)
	}
	if got := read("2026-11-22T13:05:00Z"); got != " R5 booked R6 booked R2 cancelled" {
		t.Error(got)
	}
	if got := read("2026-11-22T14:00:00Z"); got != "" {
		t.Error(got)
	}
}

func TestAFullERPSaysSo(t *testing.T) {
	b := opened(t, Options{OrdersMax: 1})
	c := b.customer("a@example.com")
	b.order(c.ID, "R1")
	if status, code := b.ask("POST", "/orders", orderFor(c.ID, "R2"), nil); status != 507 || code != "full" {
		t.Error(status, code)
	}
	if status, code := b.ask("POST", "/customers", `{"email":"b@example.com","name":"B","country":"DE"}`, nil); status != 507 || code != "full" {
		t.Error(status, code)
	}
}

func TestGarbageIsRefusedAndNothingIsDone(t *testing.T) {
	b := opened(t, Options{})
	c := b.customer("a@example.com")
	good, before := orderFor(c.ID, "R"), len(b.books.Effects(0))
	for _, body := range []string{
		"", "null", "[]", "17", `"text"`, "{", "{}", good + good, good + "}", "\x00\xff", strings.Repeat("[", 100_000),
		strings.Replace(good, `{`, `{"more":1,`, 1), strings.Replace(good, `"R"`, `""`, 1), strings.Replace(good, `"R"`, `7`, 1),
		strings.Replace(good, "2026-11-20", "2026-02-30", 1), strings.Replace(good, "EUR", "euro", 1), strings.Replace(good, `"2"`, `"-2"`, 1),
		strings.Replace(good, `"2"`, `"0"`, 1), strings.Replace(good, `"2"`, `"0.0"`, 1), strings.Replace(good, `"2"`, `"1e9"`, 1),
		strings.Replace(good, `"9.99"`, `"9,99"`, 1), strings.Replace(good, `"9.99"`, `"NaN"`, 1), strings.Replace(good, `"MUG"`, `""`, 1),
		strings.Replace(good, `"R"`, `"`+strings.Repeat("R", 321)+`"`, 1), good[:strings.Index(good, `"lines"`)] + `"lines":[]}`,
		good[:strings.Index(good, `"lines"`)] + `"lines":[` + strings.Repeat(`{"article":"A","quantity":"1","unit_price":"1"},`, 1000) + `{"article":"A","quantity":"1","unit_price":"1"}]}`,
	} {
		if status, code := b.ask("POST", "/orders", body, nil); status != 400 || code != "invalid_request" {
			t.Errorf("%.200q: %d %s", body, status, code)
		}
	}
	for _, body := range []string{
		"", "null", "{}", `{"email":"","name":"A","country":"DE"}`, `{"email":"a","name":"A","country":"DE"}`, `{"email":"a@b@c","name":"A","country":"DE"}`,
		`{"email":"a@b","name":" ","country":"DE"}`, `{"email":"a@b","name":"A","country":"de"}`, `{"email":"a @b","name":"A","country":"DE"}`,
		`{"email":"` + strings.Repeat("a", 320) + `@b","name":"A","country":"DE"}`,
	} {
		if status, code := b.ask("POST", "/customers", body, nil); status != 400 || code != "invalid_request" {
			t.Errorf("%.200q: %d %s", body, status, code)
		}
	}
	for path, want := range map[string]int{
		"/customers": 400, "/customers?email=%20": 400, "/orders?external_ref=": 400, "/orders?limit=0": 400, "/orders?limit=101": 400,
		"/orders?cursor=-1": 400, "/orders?cursor=x": 400, "/orders?changed_since=today": 400, "/orders/O-999": 404, "/orders/C-100001": 404,
		"/nosuch": 404, "/orders?cursor=9223372036854775807": 200, "/orders/%2e%2e": 404,
	} {
		if status, _ := b.ask("GET", path, "", nil); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if status, code := b.ask("POST", "/orders", string(bytes.Repeat([]byte(" "), party.BodyBytesMax))+good, nil); status != 413 || code != "too_large" {
		t.Error(status, code)
	}
	if len(b.books.Effects(0)) != before {
		t.Errorf("garbage did something: %+v", b.books.Effects(before))
	}
}
