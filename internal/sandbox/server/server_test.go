package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/kaufland"
	"waybill/internal/sandbox/ledger"
)

// town is a server with its parties, and someone who asks them with a plain client.
type town struct {
	t      *testing.T
	server *Server
	url    string
	client *http.Client
	token  string
}

func build(t *testing.T, o Options) *town {
	t.Helper()
	o.RequestsPerSecondMax = 1_000_000
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.Close()
		served.Close()
	})
	// Without connections that are kept: on those a client repeats by itself what only reads, when they are cut.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return &town{t, s, served.URL, client, s.Parties("")[1].Made["token"]}
}

type answered struct {
	status int
	header http.Header
	body   string
}

// ask asks the ERP; an error is a connection that was cut.
func (w *town) ask(method, path, body string) (answered, error) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.token)
	a, err := w.client.Do(r)
	if err != nil {
		return answered{}, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	return answered{a.StatusCode, a.Header, string(text)}, err
}

func (w *town) customer(email string) (answered, error) {
	w.t.Helper()
	return w.ask("POST", "/erp/v1/customers", fmt.Sprintf(`{"email":%q,"name":"Erika Mustermann","country":"DE"}`, email))
}

// order books one for a customer that is there.
func (w *town) order(ref string) (answered, error) {
	w.t.Helper()
	return w.ask("POST", "/erp/v1/orders", fmt.Sprintf(`{"external_ref":%q,"customer_id":"C-100001","order_date":"2026-11-20","currency":"EUR","lines":[{"article":"MUG","quantity":"2","unit_price":"9.99"}]}`, ref))
}

// found is how many orders the ERP knows by a reference, as it answers without faults.
func (w *town) found(ref string) int {
	w.t.Helper()
	w.use()
	a, err := w.ask("GET", "/erp/v1/orders?external_ref="+ref, "")
	var page struct{ Orders []struct{ ID string } }
	if err == nil {
		err = json.Unmarshal([]byte(a.body), &page)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return len(page.Orders)
}

func (w *town) use(rules ...fault.Rule) {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"rules": append([]fault.Rule{}, rules...)})
	if err != nil {
		w.t.Fatal(err)
	}
	if a, err := w.ask("PUT", "/admin/faults", string(body)); err != nil || a.status != 200 {
		w.t.Fatal(a, err)
	}
}

func always(kind fault.Kind, seconds float64) fault.Rule {
	return fault.Rule{Party: "erp", Operation: "orders.create", Fault: kind, Probability: 1, Seconds: seconds}
}

func (w *town) opened() *town {
	w.t.Helper()
	if a, err := w.customer("a@example.com"); err != nil || a.status != 201 || !strings.Contains(a.body, "C-100001") {
		w.t.Fatal(a, err)
	}
	return w
}

func (w *town) told(told ledger.Told) int {
	return w.server.Books()["erp"].Operations["orders.create"].Told[told]
}

func TestAReplyThatIsDroppedWasDoneAndADoubleCallShows(t *testing.T) {
	w := build(t, Options{}).opened()
	w.use(always(fault.Drop, 0))
	for range 2 {
		if a, err := w.order("R"); err == nil {
			t.Fatalf("answered %+v", a)
		}
	}
	if w.told(ledger.Dropped) != 2 || w.server.Duplicates() != 1 || w.found("R") != 2 {
		t.Errorf("%+v", w.server.Books()["erp"])
	}
	var books map[string]ledger.Books
	a, err := w.ask("GET", "/admin/books", "")
	if err == nil {
		err = json.Unmarshal([]byte(a.body), &books)
	}
	if err != nil || len(books["erp"].Repeats) != 1 || books["erp"].Repeats[0] != (ledger.Repeat{Operation: "orders.create", Subject: "R", Times: 2}) {
		t.Errorf("%v, %s", err, a.body)
	}
}

func TestWhatIsLateIsDoneAfterTheConnectionWasCut(t *testing.T) {
	w := build(t, Options{}).opened()
	w.use(always(fault.Late, 0.3))
	if a, err := w.order("R"); err == nil {
		t.Fatalf("answered %+v", a)
	}
	if w.told(ledger.Late) != 0 {
		t.Error("done at once")
	}
	await(t, "never done", func() bool { return w.told(ledger.Late) == 1 })
	if w.found("R") != 1 {
		t.Error("not booked")
	}
}

func TestWhatIsIgnoredIsAnsweredAndNotDone(t *testing.T) {
	w := build(t, Options{}).opened()
	w.use(always(fault.Ignore, 0))
	a, err := w.order("R")
	if err != nil || a.status != 201 || !strings.Contains(a.body, `"external_ref":"R"`) {
		t.Fatal(a, err)
	}
	if w.found("R") != 0 || w.told(ledger.Ignored) != 1 || w.server.Books()["erp"].Operations["orders.create"].Effects != 0 {
		t.Errorf("%+v", w.server.Books()["erp"])
	}
	if real, err := w.order("R2"); err != nil || real.status != 201 || idOf(t, real.body) == idOf(t, a.body) {
		t.Errorf("a real order has the id of one that never was: %s", real.body)
	}
}

func idOf(t *testing.T, body string) string {
	t.Helper()
	var order struct{ ID string }
	if err := json.Unmarshal([]byte(body), &order); err != nil {
		t.Fatal(err)
	}
	return order.ID
}

func TestAWrongAnswerIsOfADoneDeed(t *testing.T) {
	w := build(t, Options{}).opened()
	w.use(always(fault.Wrong, 0))
	forms := map[string]bool{}
	for i := range 24 {
		a, err := w.order(fmt.Sprint("R", i))
		var order struct{ ID string }
		if err != nil || a.status != 200 || json.Unmarshal([]byte(a.body), &order) == nil && order.ID != "" {
			t.Fatalf("%+v, %v", a, err)
		}
		forms[a.body[:min(5, len(a.body))]] = true
	}
	if len(forms) != 4 || w.told(ledger.Garbled) != 24 || w.found("R7") != 1 {
		t.Errorf("forms %v, %+v", forms, w.server.Books()["erp"])
	}
}

func TestStatusesOfFaults(t *testing.T) {
	w := build(t, Options{}).opened()
	for kind, c := range map[fault.Kind]struct {
		statuses string
		done     bool
	}{fault.Down: {"500 503", false}, fault.Gateway: {"502 504", true}, fault.Storm: {"429", false}} {
		w.use(always(kind, 2))
		for i := range 12 {
			ref := fmt.Sprint(kind, i)
			a, err := w.order(ref)
			if err != nil || !strings.Contains(c.statuses, strconv.Itoa(a.status)) || !strings.Contains(a.body, `"code":"`) {
				t.Fatalf("%s: %+v, %v", kind, a, err)
			}
			if after := a.header.Get("Retry-After"); (kind == fault.Storm) != (after == "1" || after == "2") {
				t.Errorf("%s: Retry-After %q", kind, after)
			}
			if (w.server.Ledger("erp").Times("orders.create", ref) == 1) != c.done {
				t.Errorf("%s: done is not %v", kind, c.done)
			}
		}
	}
}

func TestLatencyIsWaitedForAndDoneAlsoForWhoGaveUp(t *testing.T) {
	w := build(t, Options{}).opened()
	w.use(always(fault.Latency, 0.2))
	began := time.Now()
	for i := range 5 {
		if a, err := w.order(fmt.Sprint("R", i)); err != nil || a.status != 201 {
			t.Fatal(a, err)
		}
	}
	if took := time.Since(began); took < 100*time.Millisecond {
		t.Errorf("five orders took %v", took)
	}
	w.use(always(fault.Latency, 2))
	w.client.Timeout = 20 * time.Millisecond
	if a, err := w.order("impatient"); err == nil {
		t.Fatalf("answered before anyone could give up: %+v", a)
	}
	await(t, "who gave up is not served", func() bool { return w.server.Ledger("erp").Times("orders.create", "impatient") == 1 })
}

func TestAFaultOfOneOperationLeavesOthersAlone(t *testing.T) {
	w := build(t, Options{}).opened()
	w.use(always(fault.Down, 0))
	if a, err := w.ask("GET", "/erp/v1/orders", ""); err != nil || a.status != 200 {
		t.Error(a, err)
	}
	if a, err := w.customer("b@example.com"); err != nil || a.status != 201 {
		t.Error(a, err)
	}
}

func TestASeedDecidesTheSameForBoth(t *testing.T) {
	outcomes := func() (all string) {
		w := build(t, Options{Seed: 5, Faults: "none"}).opened()
		w.use(fault.Rule{Party: "*", Operation: "*", Fault: fault.Down, Probability: 0.3}, fault.Rule{Party: "*", Operation: "*", Fault: fault.Drop, Probability: 0.3})
		for i := range 30 {
			a, err := w.order(fmt.Sprint("R", i))
			all += fmt.Sprint(a.status, err != nil, " ")
		}
		return all
	}
	if one, two := outcomes(), outcomes(); one != two || !strings.Contains(one, "201") || !strings.Contains(one, "0 true") {
		t.Errorf("%s\n%s", one, two)
	}
}

func TestTheBooksAgreeWithTheERPUnderAllFaultsAtOnce(t *testing.T) {
	w := build(t, Options{Seed: 3, Faults: "none"}).opened()
	w.use(
		always(fault.Latency, 0.01), fault.Rule{Party: "erp", Operation: "*", Fault: fault.Down, Probability: 0.1},
		fault.Rule{Party: "erp", Operation: "*", Fault: fault.Drop, Probability: 0.2}, fault.Rule{Party: "erp", Operation: "*", Fault: fault.Late, Probability: 0.2, Seconds: 0.05},
		fault.Rule{Party: "erp", Operation: "*", Fault: fault.Ignore, Probability: 0.2}, fault.Rule{Party: "erp", Operation: "*", Fault: fault.Wrong, Probability: 0.2},
	)
	const askers, each = 8, 40
	var all sync.WaitGroup
	for asker := range askers {
		all.Go(func() {
			for i := range each {
				_, _ = w.order(fmt.Sprint("R", (asker*each+i)%100)) // some of them are cut
				w.server.Books()
			}
		})
	}
	all.Wait()
	sum := func() (asked int) {
		told := w.server.Books()["erp"]
		for _, n := range told.Operations["orders.create"].Told {
			asked += n
		}
		return asked + told.Requests["orders.create"]["500"] + told.Requests["orders.create"]["503"]
	}
	await(t, "not every order is accounted for", func() bool { return sum() == askers*each })
	booked := 0
	for i := range 100 {
		booked += w.found(fmt.Sprint("R", i))
	}
	books := w.server.Books()["erp"].Operations["orders.create"]
	if books.Effects != booked || books.Repeated != booked-books.Subjects || books.Repeated == 0 {
		t.Errorf("the ERP has %d, its books say %+v", booked, books)
	}
}

func TestClosingEndsEveryWait(t *testing.T) {
	w := build(t, Options{}).opened()
	w.use(always(fault.Latency, 600), fault.Rule{Party: "erp", Operation: "customers.create", Fault: fault.Late, Probability: 1, Seconds: 600})
	_, _ = w.customer("b@example.com") // is cut, and never done
	asked := make(chan error, 1)
	go func() {
		_, err := w.order("R")
		asked <- err
	}()
	await(t, "nobody waits", func() bool {
		return w.server.chance.Struck()[fault.Struck{Party: "erp", Operation: "orders.create", Fault: fault.Latency}] == 1
	})
	w.server.Close()
	if err := <-asked; err == nil {
		t.Error("answered after the end")
	}
	if w.server.Ledger("erp").Books().Operations["customers.create"].Effects != 1 {
		t.Error("something was done after the end")
	}
}

func TestTheMarketplaceIsSpokenWithAsItsSpecificationSays(t *testing.T) {
	w := build(t, Options{Orders: 12, KauflandClientKey: "short", KauflandSecret: "known"})
	path := w.url + "/kaufland/v2/orders?limit=5"
	r, _ := http.NewRequestWithContext(t.Context(), "GET", path, nil)
	at := time.Now().Unix()
	r.Header.Set("Shop-Client-Key", "short")
	r.Header.Set("Shop-Timestamp", strconv.FormatInt(at, 10))
	r.Header.Set("Shop-Signature", kaufland.Sign("known", "GET", path, nil, at))
	a, err := w.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode != 200 || w.server.Books()["kaufland"].Operations["market.sell"].Effects != 12 {
		t.Error(a.Status, w.server.Books())
	}
	made := w.server.Parties(w.url)
	if len(made[0].Made) != 0 || len(made[1].Made) != 1 {
		t.Errorf("what was given is told: %+v", made)
	}
}

func TestAWrongMixIsRefused(t *testing.T) {
	if _, err := New(Options{Faults: "storm"}); err == nil {
		t.Error("an unknown mix is taken")
	}
}

func TestClosedForOthers(t *testing.T) {
	w := build(t, Options{})
	for name, spoil := range map[string]func(*http.Request){
		"another machine": func(r *http.Request) { r.RemoteAddr = "192.0.2.1:5" },
		"another name":    func(r *http.Request) { r.Host = "sandbox.example:8090" },
		"another site":    func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"none":            func(*http.Request) {},
	} {
		r := httptest.NewRequestWithContext(context.Background(), "PUT", "/admin/faults", strings.NewReader(`{"mix":"heavy"}`))
		r.RemoteAddr, r.Host = "127.0.0.1:5", "localhost:8090"
		spoil(r)
		got := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(got, r)
		if want := map[bool]int{true: 200, false: 403}[name == "none"]; got.Code != want {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
}

// await waits until something is so.
func await(t *testing.T, otherwise string, is func() bool) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal(otherwise)
		}
	}
}
