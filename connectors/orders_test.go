package connectors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"waybill/connectors/openapi"
	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// till is a channel whose orders have a ref and a total.
type till struct{}

func (till) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	var order struct{ Ref string }
	if err := json.Unmarshal(body, &order); err != nil {
		return nil, err
	}
	return []schemas.RawOrder{{Ref: order.Ref, Body: schemas.Body{Bytes: body}}}, nil
}

func (till) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	var order struct{ Total, Currency string }
	var faults schemas.Faults
	if err := json.Unmarshal(raw.Body.Bytes, &order); err != nil {
		faults.Add("not_json", "$", "it can not be read")
	}
	if order.Total == "" {
		faults.Add("missing_total", "$.total", "there is no total")
	}
	if order.Currency == "XXX" {
		faults.Add("unknown_currency", "$.currency", "nobody pays with that")
	}
	return &schemas.Order{}, faults.Err()
}

// ledger is Keys as another instance has them.
type ledger struct {
	mu    sync.Mutex
	known map[string][2]string
	fail  error
	asked int
}

func (l *ledger) Lookup(_ context.Context, party, key string) (sha256, orderID string, found bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	known, found := l.known[schemas.RequestID(party, key)]
	return known[0], known[1], found, l.fail
}

func orderDoor(store Store, keys Keys, limits Limits) *Orders {
	o := NewOrders(map[string]Party{
		"till": {Name: "till", Seller: "me", Channel: ChannelDirect, Receiver: till{}}, "shop": {Name: "shop", Channel: "shops", Receiver: shop{}},
	}, store, keys, limits, NewMetrics(prometheus.NewRegistry()))
	o.Now = func() time.Time { return noon }
	o.OpenWithoutToken = true
	return o
}

func order(h http.Handler, method, path, key, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// described tells whether the answer is as the description of the API says.
func described(t *testing.T, w *httptest.ResponseRecorder) error {
	t.Helper()
	name := map[int]string{202: "Accepted", 409: "Conflict", 422: "Refused"}[w.Code]
	if name == "" {
		name = "Error"
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(openapi.Document))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", document); err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		return err
	}
	return c.MustCompile("openapi.json#/components/schemas/" + name).Validate(value)
}

const ours7 = " {\"ref\":\"A/7\",\"total\":\"1.00\"}\n"

func TestAnOrderIsStoredWholeUnderItsKey(t *testing.T) {
	store := embeddedtest.StartStore(t, topics.OrdersRaw)
	o := orderDoor(store, &ledger{}, roomy)
	want := `{"order_id":"till/A/7","accepted":1,"sha256":"` + hexSum([]byte(ours7)) + `"}` + "\n"
	if w := order(o, http.MethodPost, "/orders", "key 1", ours7); w.Code != http.StatusAccepted || w.Body.String() != want || described(t, w) != nil {
		t.Fatalf("answered %d %s", w.Code, w.Body)
	}
	if w := order(o, http.MethodPatch, "/orders/A%2F7?party=till", "key 2", `{"total":null}`); w.Code != http.StatusAccepted || !strings.Contains(w.Body.String(), `"order_id":"till/A/7"`) {
		t.Fatalf("answered %d %s", w.Code, w.Body)
	}
	held := heldBy(store)
	if len(held) != 2 {
		t.Fatalf("stored %d", len(held))
	}
	for i, raw := range held {
		form, body := []string{schemas.FormWhole, schemas.FormPatch}[i], []string{ours7, `{"total":null}`}[i]
		if raw.OrderID != "till/A/7" || raw.Ref != "A/7" || raw.Form != form || string(raw.Body.Bytes) != body || raw.Origin != schemas.OriginAPI ||
			raw.IdempotencyKey != fmt.Sprintf("key %d", i+1) || raw.Seller != "me" || raw.Channel != ChannelDirect {
			t.Errorf("stored %+v", raw)
		}
	}
}

func TestTheSameRequestTwentyTimesAtOnceIsOneOrderAndTwentyEqualAnswers(t *testing.T) {
	store := embeddedtest.StartStore(t, topics.OrdersRaw)
	o := orderDoor(store, &ledger{}, roomy)
	server := httptest.NewServer(o)
	defer server.Close()
	answers := make([]string, 20)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			r, _ := http.NewRequest(http.MethodPost, server.URL+"/orders", strings.NewReader(ours7))
			r.Header.Set("Idempotency-Key", "key")
			w, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Body.Close()
			answers[i] = fmt.Sprint(w.StatusCode, " ", readText(t, w))
		})
	}
	all.Wait()
	http.DefaultClient.CloseIdleConnections()
	for _, a := range answers {
		if a != answers[0] || !strings.HasPrefix(a, "202 ") {
			t.Errorf("answered %s and %s", answers[0], a)
		}
	}
	if n := store.Count(); n != 1 {
		t.Errorf("%d records", n)
	}
	if n := value(t, o.metrics.requests.WithLabelValues("orders", "till", "repeated")); n != 19 {
		t.Errorf("counted %v repeats", n)
	}
}

func TestAKeyIsForOneRequest(t *testing.T) {
	store := &shelf{}
	o := orderDoor(store, &ledger{}, roomy)
	order(o, http.MethodPost, "/orders", "key", ours7)
	for _, c := range []struct{ method, path, body string }{
		{http.MethodPost, "/orders", strings.TrimSpace(ours7)},
		{http.MethodPost, "/orders", `{"ref":"8","total":"1.00"}`},
		{http.MethodPatch, "/orders/A%2F7", ours7},
		{http.MethodPatch, "/orders/8", `{"total":"2.00"}`},
	} {
		w := order(o, c.method, c.path, "key", c.body)
		if err := described(t, w); err != nil {
			t.Error(err)
		}
		if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), `"sha256":"`+hexSum([]byte(ours7))+`"`) {
			t.Errorf("%s %s %s: answered %d %s", c.method, c.path, c.body, w.Code, w.Body)
		}
	}
	order(o, http.MethodPatch, "/orders/1", "patch", `{"total":"2"}`)
	if w := order(o, http.MethodPatch, "/orders/2", "patch", `{"total":"2"}`); w.Code != http.StatusConflict {
		t.Errorf("another path: answered %d %s", w.Code, w.Body)
	}
	if len(store.held) != 2 {
		t.Errorf("stored %d", len(store.held))
	}
}

func TestAKeyOfAnotherInstanceIsKnown(t *testing.T) {
	sum := hexSum([]byte(ours7))
	keys := &ledger{known: map[string][2]string{"till/key": {sum, "till/A/7"}}}
	store := &shelf{}
	o := orderDoor(store, keys, roomy)
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{http.MethodPost, "/orders", `{"ref":"A/7","total":"2.00"}`, 409},
		{http.MethodPost, "/orders", ours7, 202},
		{http.MethodPatch, "/orders/8", `{"total":"2.00"}`, 409},
		{http.MethodPost, "/orders", ours7, 202},
	} {
		w := order(o, c.method, c.path, "key", c.body)
		if w.Code != c.want || !strings.Contains(w.Body.String(), sum) {
			t.Errorf("%s %s: answered %d %s", c.method, c.body, w.Code, w.Body)
		}
	}
	if store.calls != 0 || keys.asked != 1 {
		t.Errorf("stored %d times, asked %d times", store.calls, keys.asked)
	}
}

func TestWhereTheKeysAreNotReadyNothingIsGuessed(t *testing.T) {
	keys := &ledger{fail: errors.New("the view is 3 records behind")}
	store := &shelf{}
	o := orderDoor(store, keys, roomy)
	if w := order(o, http.MethodPost, "/orders", "key", ours7); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || store.calls != 0 {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	keys.fail = nil
	if w := order(o, http.MethodPost, "/orders", "key", ours7); w.Code != http.StatusAccepted || store.calls != 1 {
		t.Errorf("when they are: answered %d %s", w.Code, w.Body)
	}
}

func TestAFaultyRequestDoesNotFailAnotherWithItsKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &shelf{enter: make(chan struct{}), fail: errors.New("no brokers")}
		o := orderDoor(store, &ledger{}, roomy)
		var all sync.WaitGroup
		codes := make([]int, 2)
		all.Go(func() { codes[0] = order(o, http.MethodPost, "/orders", "key", ours7).Code })
		synctest.Wait()
		all.Go(func() { codes[1] = order(o, http.MethodPost, "/orders", "key", `{"ref":"8"}`).Code })
		synctest.Wait()
		close(store.enter)
		all.Wait()
		if codes[0] != http.StatusServiceUnavailable || codes[1] != http.StatusUnprocessableEntity {
			t.Errorf("answered %v", codes)
		}
	})
}

func TestARequestThatCanNotBeTakenSaysWhy(t *testing.T) {
	patch := func(r *http.Request) { r.Header.Set("Content-Type", "application/merge-patch+json; charset=utf-8") }
	keyed := func(keys ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header["Idempotency-Key"] = keys }
	}
	long := strings.Repeat("x", 201)
	for _, c := range []struct {
		name, method, path, body string
		change                   func(*http.Request)
		status                   int
		want                     string
	}{
		{"all faults", "POST", "/orders", `{"ref":"7","currency":"XXX"}`, nil, 422, `"faults":[{"code":"missing_total","path":"$.total","text":"there is no total"},{"code":"unknown_currency","path":"$.currency"`},
		{"no reference", "POST", "/orders", `{"total":"1"}`, nil, 422, `"code":"missing_id","path":"$.ref"`},
		{"invisible reference", "POST", "/orders", `{"ref":"a\u0000b","total":"1"}`, nil, 422, `missing_id`},
		{"endless reference", "POST", "/orders", `{"ref":"` + long + `","total":"1"}`, nil, 422, `missing_id`},
		{"two orders", "POST", "/orders", ours7 + ours7, nil, 400, "one JSON object"},
		{"array", "POST", "/orders", "[" + ours7 + "]", nil, 400, "one JSON object"},
		{"number", "POST", "/orders", "7", nil, 400, "one JSON object"},
		{"nothing", "POST", "/orders", " ", nil, 400, "one JSON object"},
		{"no JSON", "POST", "/orders", "{\n\"ref\":7,}", nil, 400, `"line":2,"column":9`},
		{"long order", "POST", "/orders", `{"ref":"` + strings.Repeat("x", 1000) + `"}`, nil, 413, "longer than 1000 bytes"},
		{"bomb", "POST", "/orders", zipped(strings.Repeat(" ", 1<<20)), asGzip, 413, ""},
		{"no key", "POST", "/orders", ours7, keyed(), 400, "Idempotency-Key"},
		{"empty key", "POST", "/orders", ours7, keyed(""), 400, "Idempotency-Key"},
		{"two keys", "POST", "/orders", ours7, keyed("a", "b"), 400, "Idempotency-Key"},
		{"long key", "POST", "/orders", ours7, keyed(strings.Repeat("k", 256)), 400, "Idempotency-Key"},
		{"key with a tab", "POST", "/orders", ours7, keyed("a\tb"), 400, "Idempotency-Key"},
		{"key in other letters", "POST", "/orders", ours7, keyed("ключ"), 400, "Idempotency-Key"},
		{"unknown party", "POST", "/orders?party=nobody", ours7, nil, 404, "?party="},
		{"party of another channel", "POST", "/orders?party=shop", ours7, nil, 404, "direct"},
		{"empty party", "POST", "/orders?party=", ours7, nil, 404, "?party="},
		{"GET", "GET", "/orders", "", nil, 405, "POST"},
		{"PATCH of all", "PATCH", "/orders", ours7, nil, 405, "POST"},
		{"POST to one", "POST", "/orders/7", ours7, nil, 405, "PATCH"},
		{"patch of a deep path", "PATCH", "/orders/7/8", "{}", patch, 400, "%2F"},
		{"patch of nothing visible", "PATCH", "/orders/%00", "{}", patch, 400, "no reference"},
		{"patch of no UTF-8", "PATCH", "/orders/%ff", "{}", patch, 400, "no reference"},
		{"patch of an endless reference", "PATCH", "/orders/" + long, "{}", patch, 400, "no reference"},
		{"patch as a form", "PATCH", "/orders/7", "{}", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415, "merge-patch"},
		{"patch that is an array", "PATCH", "/orders/7", "[]", patch, 400, "one JSON object"},
		{"patch to another order", "PATCH", "/orders/7", `{"ref":"8"}`, patch, 400, "$.ref"},
		{"patch that takes the reference", "PATCH", "/orders/7", `{"ref":null}`, patch, 400, "$.ref"},
		{"patch that says it twice", "PATCH", "/orders/7", `{"ref":"7","r\u0065f":"8"}`, patch, 400, "$.ref"},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := &shelf{}
			var change []func(*http.Request)
			if c.change != nil {
				change = append(change, c.change)
			}
			w := order(orderDoor(store, &ledger{}, roomy), c.method, c.path, "key", c.body, change...)
			if err := described(t, w); err != nil {
				t.Error(err)
			}
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || store.calls != 0 {
				t.Errorf("answered %d %s, want %d with %s", w.Code, w.Body, c.status, c.want)
			}
		})
	}
	if w := order(orderDoor(&shelf{}, &ledger{}, roomy), "PATCH", "/orders/7", "key", `{"ref":7}`, patch); w.Code != http.StatusAccepted {
		t.Errorf("a patch that keeps the reference: answered %d %s", w.Code, w.Body)
	}
}
