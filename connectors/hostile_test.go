package connectors

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/marketplaces"
	"waybill/connectors/signature"
	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// realDoors are all doors, each for a party of every channel that there is, with a token or secret that is ours.
func realDoors(t testing.TB, store Store, limits Limits) map[string]http.Handler {
	t.Helper()
	parties := map[string]Party{}
	for _, name := range marketplaces.Channels() {
		channel, err := marketplaces.Open(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		parties[name] = Party{Name: name, Seller: "me", Channel: name, Receiver: channel, Settings: map[string]string{
			SettingToken: ours, SettingWebhookSecret: ours, SettingWebhookAuth: WebhookToken,
		}}
	}
	metrics := NewMetrics(prometheus.NewRegistry())
	webhooks, err := NewWebhooks(parties, store, limits, metrics)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]http.Handler{
		FeedPath: NewFeed(parties, store, limits, metrics), WebhooksPath: webhooks, OrdersPath: NewOrders(parties, store, &ledger{}, limits, metrics),
	}
}

var usual = Limits{
	BodyBytesMax: 5 << 20, RequestBytesMax: 5 << 20, DocumentsMax: 10_000, RequestsPerSecondMax: 1e6, RequestBurstMax: 1e6, RequestsInFlightMax: 64, StoreSecondsMax: 15,
}

// knock shows the token and brings a body to a party's door.
func knock(door http.Handler, method, path, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header = http.Header{"Authorization": {"Bearer " + ours}, "Idempotency-Key": {"key"}, "Content-Type": {"application/json"}}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	door.ServeHTTP(w, r)
	return w
}

// outOfProportion is what a request may take of memory, all in all: much of it one behind the other. A body of very many orders
// takes the most, as a channel cuts it up to its own limit.
const outOfProportion = 160 << 20

func TestHostileBodiesCostLittleAndBreakNothing(t *testing.T) {
	deep := strings.Repeat("[", 1<<20)
	for name, body := range map[string]string{
		"arrays without end":       deep,
		"objects without end":      strings.Repeat(`{"id":`, 200_000),
		"arrays in arrays":         deep[:1<<19] + strings.Repeat("]", 1<<19),
		"arrays within the depth":  `{"id":"1","ref":"1","x":` + deep[:9000] + strings.Repeat("]", 9000) + `}`,
		"a number without end":     `{"id":` + strings.Repeat("9", 1<<20) + `}`,
		"a number out of range":    `{"id":1e999999999,"ref":1e999999999,"total":-1e999999999}`,
		"a name a hundred times":   `{` + strings.Repeat(`"id":"1","ref":"1","lines":[],`, 30_000) + `"id":"2"}`,
		"a text without end":       `{"id":"` + strings.Repeat("x", 1<<20),
		"escapes without end":      `{"id":"` + strings.Repeat(`\u0000`, 150_000) + `"}`,
		"half of a pair":           `{"id":"\ud800","ref":"\udc00"}`,
		"no UTF-8":                 "{\"id\":\"" + strings.Repeat("\xff\xc0\xaf", 1<<18) + "\"}",
		"nothing but white space":  strings.Repeat(" \n", 1<<19),
		"documents without number": strings.Repeat("{}", 1<<19),
		"commas":                   "[" + strings.Repeat(",", 1<<20),
		"many orders":              `{"checkoutForms":[` + strings.Repeat("{},", 300_000) + "{}]}",
		"zeroes":                   strings.Repeat("\x00", 1<<20),
	} {
		for path, door := range realDoors(t, &shelf{}, usual) {
			for _, target := range targets(path) {
				costs(t, name+" at "+target, func() *httptest.ResponseRecorder { return knock(door, http.MethodPost, target, body) })
			}
		}
		patches := realDoors(t, &shelf{}, usual)[OrdersPath]
		costs(t, name+" as a patch", func() *httptest.ResponseRecorder { return knock(patches, http.MethodPatch, "/orders/1", body) })
	}
}

// targets are the addresses of a door for every channel.
func targets(path string) (all []string) {
	if path == OrdersPath {
		return []string{path}
	}
	for _, channel := range marketplaces.Channels() {
		all = append(all, path+channel)
	}
	return all
}

func costs(t *testing.T, name string, do func() *httptest.ResponseRecorder) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	w := do()
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > outOfProportion {
		t.Errorf("%s: took %d MiB", name, took>>20)
	}
	if !slices.Contains([]int{202, 400, 413, 422}, w.Code) {
		t.Errorf("%s: answered %d %.200s", name, w.Code, w.Body)
	}
}

func TestMoreOrdersThanAChannelCutsAreTooMany(t *testing.T) {
	store := &shelf{}
	body := `{"checkoutForms":[` + strings.Repeat("{},", 100_000) + "{}]}"
	for _, path := range []string{FeedPath, WebhooksPath} {
		if w := knock(realDoors(t, store, usual)[path], http.MethodPost, path+"allegro", body); w.Code != http.StatusRequestEntityTooLarge || store.calls != 0 {
			t.Errorf("%s: answered %d %.200s", path, w.Code, w.Body)
		}
	}
}

func TestABombOfGzipGoesOffOutside(t *testing.T) {
	bomb := zipped(strings.Repeat(" ", 64<<20))
	for path, door := range realDoors(t, &shelf{}, usual) {
		costs(t, path, func() *httptest.ResponseRecorder { return knock(door, http.MethodPost, targets(path)[0], bomb, asGzip) })
		if w := knock(door, http.MethodPost, targets(path)[0], bomb, asGzip); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: answered %d", path, w.Code)
		}
	}
}

func TestSlowBodiesAndLongHeadersStayOutside(t *testing.T) {
	store := &shelf{}
	for path, door := range realDoors(t, store, usual) {
		server := httptest.NewUnstartedServer(door)
		server.Config.ReadTimeout, server.Config.MaxHeaderBytes = 100*time.Millisecond, 32<<10
		server.Start()
		drip, feed := io.Pipe()
		go func() { _, _ = feed.Write([]byte(`{"id":`)) }()
		for what, r := range map[string]*http.Request{"slow": request(server.URL+targets(path)[0], drip), "long": request(server.URL+targets(path)[0], strings.NewReader("{}"))} {
			want := http.StatusRequestTimeout
			if what == "long" {
				r.Header.Set("X-Long", strings.Repeat("x", 10<<20))
				want = http.StatusRequestHeaderFieldsTooLarge
			}
			if w, err := http.DefaultClient.Do(r); err == nil { // else it was cut off, which is as good
				w.Body.Close()
				if w.StatusCode != want {
					t.Errorf("%s at %s: answered %d", what, path, w.StatusCode)
				}
			}
		}
		feed.Close()
		server.Close()
	}
	if store.calls != 0 {
		t.Errorf("%d were stored", store.calls)
	}
}

func request(url string, body io.Reader) *http.Request {
	r, _ := http.NewRequest(http.MethodPost, url, body)
	r.Header.Set("Authorization", "Bearer "+ours)
	r.Header.Set("Idempotency-Key", "key")
	return r
}

func TestFiveHundredAtOnceStayWithinTheLimits(t *testing.T) {
	kept := embeddedtest.StartStore(t, topics.OrdersRaw)
	limits := usual
	limits.RequestsInFlightMax = 8
	var now, most atomic.Int64
	h := webhookDoor(t, storing(func(ctx context.Context, messages []topics.Message) error {
		defer now.Add(-1)
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		return kept.Store(ctx, messages)
	}), limits)
	server := httptest.NewServer(h)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 500}}
	defer client.CloseIdleConnections()
	var accepted atomic.Int64
	var all sync.WaitGroup
	for i := range 500 {
		all.Go(func() {
			body := fmt.Sprintf(`{"id":"%d"}`, i)
			r, _ := http.NewRequest(http.MethodPost, server.URL+WebhooksPath+"shop", strings.NewReader(body))
			signature.SignStandard(r.Header, fmt.Sprint("msg", i), noon, []byte(body), ours)
			w, err := client.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Body.Close()
			switch w.StatusCode {
			case http.StatusAccepted:
				accepted.Add(1)
			case http.StatusServiceUnavailable:
				if w.Header.Get("Retry-After") == "" {
					t.Error("sent away without a word of when to come again")
				}
			default:
				t.Errorf("answered %d", w.StatusCode)
			}
		})
	}
	all.Wait()
	if n := kept.Count(); n != int(accepted.Load()) || n == 0 {
		t.Errorf("accepted %d, stored %d", accepted.Load(), n)
	}
	if most.Load() > 8 {
		t.Errorf("%d were worked on at a time", most.Load())
	}
}

// storing is a Store that does what it is told.
type storing func(ctx context.Context, messages []topics.Message) error

func (s storing) Store(ctx context.Context, messages []topics.Message) error { return s(ctx, messages) }

func TestWhileTheBrokerIsAwayNothingIsPromisedAndAfterwardsAllIsTaken(t *testing.T) {
	store := embeddedtest.StartStore(t, topics.OrdersRaw)
	limits := roomy
	limits.StoreSecondsMax = 1
	h, o := webhookDoor(t, store, limits), orderDoor(store, &ledger{}, limits)
	store.Stop()
	for name, w := range map[string]*httptest.ResponseRecorder{
		"webhook": deliver(h, "shop", "msg", `{"id":"1"}`), "order": order(o, http.MethodPost, "/orders", "key", ours7),
	} {
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "accepted\":") {
			t.Errorf("%s: answered %d %s", name, w.Code, w.Body)
		}
	}
	store.Start()
	deadline := time.Now().Add(20 * time.Second)
	for name, again := range map[string]func() *httptest.ResponseRecorder{
		"webhook": func() *httptest.ResponseRecorder { return deliver(h, "shop", "msg", `{"id":"1"}`) },
		"order":   func() *httptest.ResponseRecorder { return order(o, http.MethodPost, "/orders", "key", ours7) },
	} {
		w := again()
		for w.Code != http.StatusAccepted && time.Now().Before(deadline) {
			w = again()
		}
		if w.Code != http.StatusAccepted {
			t.Errorf("%s: answered %d %s", name, w.Code, w.Body)
		}
	}
	seen := map[string]bool{}
	for _, raw := range heldBy(store) {
		seen[raw.OrderID] = true
	}
	if !seen["shop/1"] || !seen["till/A/7"] || len(seen) != 2 {
		t.Errorf("stored %v", seen)
	}
}

func FuzzWebhook(f *testing.F) {
	for _, body := range []string{good, `[]`, `{"list":[{"id":"1"}]}`, "", "[[[", "\xff", `{"id":1e999}`, `{"id":"\ud800"}`} {
		f.Add([]byte(body), "msg", "v1,"+strings.Repeat("A", 43)+"=", "gzip", "shop")
	}
	f.Fuzz(func(t *testing.T, body []byte, id, signed, encoding, party string) {
		store := &shelf{}
		h := webhookDoor(t, store, roomy)
		r := httptest.NewRequest(http.MethodPost, WebhooksPath+"shop", bytes.NewReader(body))
		r.URL.Path = WebhooksPath + party
		r.Header = http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {fmt.Sprint(noon.Unix())}, "Webhook-Signature": {signed}, "Content-Encoding": {encoding}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code < 400 || store.calls > 0 {
			t.Fatalf("unsigned, and answered %d %s", w.Code, w.Body)
		}
		door := realDoors(t, store, roomy)[WebhooksPath]
		for _, target := range targets(WebhooksPath) {
			if w := knock(door, http.MethodPost, target, string(body)); w.Code >= 500 {
				t.Fatalf("%s: answered %d %s", target, w.Code, w.Body)
			}
		}
		for _, m := range store.held {
			raw := m.Value.(*schemas.RawOrder)
			if !bytes.Contains(body, raw.Body.Bytes) || !isReference(raw.Ref) {
				t.Fatalf("stored %q as %q", raw.Body.Bytes, raw.Ref)
			}
		}
	})
}

func FuzzOrders(f *testing.F) {
	for _, body := range []string{ours7, `{}`, `[]`, "", `{"ref":"7","r\u0065f":8}`, "\xff", `{"ref":1e999}`} {
		f.Add([]byte(body), "/orders", "key", true)
		f.Add([]byte(body), "/orders/A%2F7", "key", false)
	}
	f.Fuzz(func(t *testing.T, body []byte, path, key string, create bool) {
		store := &shelf{}
		door := realDoors(t, store, roomy)[OrdersPath]
		method := http.MethodPost
		if !create {
			method = http.MethodPatch
		}
		again := func() *httptest.ResponseRecorder {
			return knock(door, method, "/orders", string(body), func(r *http.Request) {
				r.URL.Path, r.URL.RawPath = path, ""
				r.Header.Set("Idempotency-Key", key)
			})
		}
		first, second := again(), again()
		if first.Code >= 500 || first.Code != second.Code || first.Body.String() != second.Body.String() {
			t.Fatalf("answered %d %s, then %d %s", first.Code, first.Body, second.Code, second.Body)
		}
		if (first.Code == http.StatusAccepted) != (len(store.held) == 1) || len(store.held) > 1 {
			t.Fatalf("answered %d and stored %d", first.Code, len(store.held))
		}
	})
}
