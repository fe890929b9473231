package connectors

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"waybill/schemas"
	"waybill/topics"
)

// shelf is a Store that keeps what it is given, or fails.
type shelf struct {
	mu    sync.Mutex
	calls int
	held  []topics.Message
	fail  error
	enter chan struct{} // if there is one, each call waits for it
}

func (s *shelf) Store(ctx context.Context, messages []topics.Message) error {
	if s.enter != nil {
		select {
		case <-s.enter:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.fail != nil {
		return s.fail
	}
	s.held = append(s.held, messages...)
	return nil
}

// shop is a channel whose orders have an id, and whose lists are called "list".
type shop struct{}

func (shop) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	var document struct {
		ID   string            `json:"id"`
		List []json.RawMessage `json:"list"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, err
	}
	if document.List == nil {
		return []schemas.RawOrder{{Ref: document.ID, Body: schemas.Body{Bytes: body}}}, nil
	}
	var orders []schemas.RawOrder
	for _, element := range document.List {
		more, err := shop{}.Receive(nil, element)
		if err != nil {
			return nil, err
		}
		orders = append(orders, more...)
	}
	return orders, nil
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var roomy = Limits{
	BodyBytesMax: 1000, RequestBytesMax: 4000, DocumentsMax: 20, RequestsPerSecondMax: 1, RequestBurstMax: 1000, RequestsInFlightMax: 4, StoreSecondsMax: 60,
}

func feedDoor(store Store, limits Limits) *Feed {
	f := NewFeed(map[string]Party{"shop": {Name: "shop", Seller: "me", Channel: "shops", Receiver: shop{}}}, store, limits, NewMetrics(prometheus.NewRegistry()))
	f.Now = func() time.Time { return noon }
	f.OpenWithoutToken = true
	return f
}

func post(f *Feed, path, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// value is what a counter stands at.
func value(t *testing.T, counter prometheus.Counter) float64 {
	t.Helper()
	var m dto.Metric
	if err := counter.Write(&m); err != nil {
		t.Fatal(err)
	}
	return m.GetCounter().GetValue()
}

// series is how many label values a counter has.
func series(counter prometheus.Collector) int {
	found := make(chan prometheus.Metric, 100)
	counter.Collect(found)
	return len(found)
}

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}

func asGzip(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }

func TestWhatIsAcceptedIsStoredByteForByte(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
		change     func(*http.Request)
	}{
		{name: "one document", body: ` { "id" : "1" , "x":"é\u00e9" } `, want: []string{`{ "id" : "1" , "x":"é\u00e9" }`}},
		{name: "NDJSON", body: "{\"id\":\"1\"}\r\n{\"id\":\"2\"}\n", want: []string{`{"id":"1"}`, `{"id":"2"}`}},
		{name: "array", body: "[{\"id\":\"1\"},\n\t{\"id\": \"2\"}]", want: []string{`{"id":"1"}`, `{"id": "2"}`}},
		{name: "list", body: `{"list":[{"id":"1"}, {"id":"2" }]}`, want: []string{`{"id":"1"}`, `{"id":"2" }`}},
		{name: "empty list", body: `{"list":[]}`},
		{name: "empty array", body: `[]`},
		{name: "gzip", body: zipped(`{"id":"1"}`), want: []string{`{"id":"1"}`}, change: asGzip},
		{name: "invalid UTF-8", body: "{\"id\":\"1\",\"x\":\"\xff\"}", want: []string{"{\"id\":\"1\",\"x\":\"\xff\"}"}},
		{name: "any content type", body: `{"id":"1"}`, want: []string{`{"id":"1"}`}, change: func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := &shelf{}
			f := feedDoor(store, roomy)
			var change []func(*http.Request)
			if c.change != nil {
				change = append(change, c.change)
			}
			w := post(f, "/feed/shop", c.body, change...)
			if w.Code != http.StatusAccepted || !strings.Contains(w.Body.String(), fmt.Sprintf(`"accepted":%d`, len(c.want))) {
				t.Fatalf("answered %d %s", w.Code, w.Body)
			}
			var got []string
			for _, m := range store.held {
				got = append(got, string(m.Value.(*schemas.RawOrder).Body.Bytes))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if store.calls > 1 {
				t.Errorf("stored in %d calls", store.calls)
			}
			if n := value(t, f.metrics.orders.WithLabelValues("feed", "shop")); n != float64(len(c.want)) {
				t.Errorf("counted %v orders", n)
			}
		})
	}
}

func TestARawOrderSaysWhereItCameFrom(t *testing.T) {
	const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	store := &shelf{}
	w := post(feedDoor(store, roomy), "/feed/shop", `{"id":"A-1"}`, func(r *http.Request) {
		for name, value := range map[string]string{
			"Content-Type": "application/json", "Authorization": "Bearer s3cret", "Cookie": "s3cret", "X-Shop-Hmac-Sha256": "s3cret", "X-Api-Key": "s3cret",
			"Webhook-Signature": "s3cret", "X-Access-Token": "s3cret", "Proxy-Authorization": "s3cret", "X-Forwarded-For": "203.0.113.7",
			"Idempotency-Key": "abc", "Traceparent": trace, "X-Long": strings.Repeat("é", 1000),
		} {
			r.Header.Set(name, value)
		}
	})
	if w.Code != http.StatusAccepted || w.Body.String() != `{"accepted":1,"orders":["shop/A-1"]}`+"\n" {
		t.Fatalf("answered %d %s", w.Code, w.Body)
	}
	want := []topics.Message{{
		Topic: topics.OrdersRaw,
		Key:   "shop/A-1",
		Value: &schemas.RawOrder{
			OrderID: "shop/A-1", Party: "shop", Seller: "me", Channel: "shops", Ref: "A-1", Origin: "feed",
			ReceivedAt: schemas.At(noon), ContentType: "application/json",
			Headers: []schemas.Header{
				{Name: "content-type", Value: "application/json"},
				{Name: "idempotency-key", Value: "abc"},
				{Name: "traceparent", Value: trace},
				{Name: "x-long", Value: strings.Repeat("é", 250)},
			},
			Body: schemas.Body{Bytes: []byte(`{"id":"A-1"}`)},
		},
		Headers: []topics.Header{
			{Key: "origin", Value: []byte("feed")}, {Key: "order-id", Value: []byte("shop/A-1")}, {Key: "traceparent", Value: []byte(trace)},
		},
	}}
	if diff := cmp.Diff(want, store.held, cmp.Comparer(func(a, b *topics.Topic) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestAFloodOfHeadersIsNotKept(t *testing.T) {
	header := http.Header{}
	for i := range 10_000 {
		header.Set(fmt.Sprintf("X-%05d", i), strings.Repeat("v", 10_000))
	}
	header.Set("X-"+strings.Repeat("n", 10_000), "v")
	size := 0
	for _, h := range kept(header) {
		size += len(h.Name) + len(h.Value)
	}
	if size == 0 || size > headersMax*(headerNameBytesMax+headerValueBytesMax) {
		t.Errorf("kept %d bytes", size)
	}
}

func TestAnOrderWithoutAUsableReferenceIsStoredUnderItsHash(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"id":""}`, `{"id":7}`, `5`, `"text"`, `null`, `[[1]]`, `{"id":"a\u0000b"}`, `{"id":"a\nb"}`, `{"id":"\u2028"}`, `{"id":"` + strings.Repeat("x", 201) + `"}`,
	} {
		store := &shelf{}
		if w := post(feedDoor(store, roomy), "/feed/shop", body); w.Code != http.StatusAccepted || len(store.held) != 1 {
			t.Errorf("%s: answered %d %s, stored %d", body, w.Code, w.Body, len(store.held))
			continue
		}
		raw := store.held[0].Value.(*schemas.RawOrder)
		sum := sha256.Sum256(raw.Body.Bytes)
		if raw.Ref != "unidentified-"+hex.EncodeToString(sum[:])[:32] || store.held[0].Key != "shop/"+raw.Ref {
			t.Errorf("%s: stored as %q under %q", body, raw.Ref, store.held[0].Key)
		}
	}
}

func TestWhatIsRefusedIsCountedAndNeverStored(t *testing.T) {
	big := `{"id":"1","x":"` + strings.Repeat("x", 1000) + `"}`
	bomb := zipped(strings.Repeat(" ", 8<<20))
	for _, c := range []struct {
		name, path, body string
		change           func(*http.Request)
		status           int
		party, outcome   string
		want             string
	}{
		{name: "unknown party", path: "/feed/other", body: `{"id":"1"}`, status: 404, outcome: "unknown_party"},
		{name: "no party", path: "/feed/", body: `{"id":"1"}`, status: 404, outcome: "unknown_party"},
		{name: "too deep", path: "/feed/shop/x", body: `{"id":"1"}`, status: 404, outcome: "unknown_party"},
		{name: "GET", path: "/feed/shop", change: func(r *http.Request) { r.Method = "GET" }, status: 405, party: "shop", outcome: "wrong_method"},
		{name: "long body", path: "/feed/shop", body: strings.Repeat("{} ", 2000), status: 413, party: "shop", outcome: "too_large", want: `longer than 4000 bytes`},
		{name: "long body of unknown length", path: "/feed/shop", body: strings.Repeat("{} ", 2000), change: func(r *http.Request) { r.ContentLength = -1 }, status: 413, party: "shop", outcome: "too_large"},
		{name: "long order", path: "/feed/shop", body: `{"id":"0"}` + "\n" + big, status: 413, party: "shop", outcome: "too_large", want: `"document":2,"line":2`},
		{name: "many orders", path: "/feed/shop", body: strings.Repeat("{}", 21), status: 413, party: "shop", outcome: "too_large", want: "more than 20 orders"},
		{name: "many orders in a list", path: "/feed/shop", body: `{"list":[{}` + strings.Repeat(",{}", 20) + `]}`, status: 413, party: "shop", outcome: "too_large"},
		{name: "gzip bomb", path: "/feed/shop", body: bomb, change: func(r *http.Request) { asGzip(r); r.ContentLength = -1 }, status: 413, party: "shop", outcome: "too_large"},
		{name: "small gzip bomb", path: "/feed/shop", body: zipped(strings.Repeat(" ", 1<<20)), change: asGzip, status: 413, party: "shop", outcome: "too_large"},
		{name: "not gzip", path: "/feed/shop", body: "{}", change: asGzip, status: 400, party: "shop", outcome: "broken_off"},
		{name: "half a gzip", path: "/feed/shop", body: zipped("{}")[:15], change: asGzip, status: 400, party: "shop", outcome: "broken_off"},
		{name: "other encoding", path: "/feed/shop", body: "{}", change: func(r *http.Request) { r.Header.Set("Content-Encoding", "br") }, status: 415, party: "shop", outcome: "wrong_encoding"},
		{name: "hung up", path: "/feed/shop", change: func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)) }, status: 400, party: "shop", outcome: "broken_off"},
		{name: "empty", path: "/feed/shop", body: "", status: 422, party: "shop", outcome: "not_json", want: "no document"},
		{name: "blank", path: "/feed/shop", body: " \n ", status: 422, party: "shop", outcome: "not_json"},
		{name: "garbage", path: "/feed/shop", body: "\x00\x01\x02", status: 422, party: "shop", outcome: "not_json", want: `"document":1,"line":1,"column":1,"offset":0`},
		{name: "not JSON", path: "/feed/shop", body: "{\"id\":\"1\"}\n{\"id\":\"é\", }\n{\"id\":\"3\"}", status: 422, party: "shop", outcome: "not_json", want: `"document":2,"line":2,"column":12,"offset":23`},
		{name: "not JSON in an array", path: "/feed/shop", body: "[{\"id\":\"1\"},\n{\"id\"}]", status: 422, party: "shop", outcome: "not_json", want: `"document":2,"line":2,"column":6,"offset":18`},
		{name: "half an array", path: "/feed/shop", body: `[{"id":"1"}`, status: 422, party: "shop", outcome: "not_json", want: "does not end"},
		{name: "form", path: "/feed/shop", body: "id=1&x=2", status: 422, party: "shop", outcome: "not_json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := &shelf{}
			f := feedDoor(store, roomy)
			if c.change == nil {
				c.change = func(*http.Request) {}
			}
			w := post(f, c.path, c.body, c.change)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || !strings.Contains(w.Body.String(), `"error":"`) {
				t.Errorf("answered %d %s, want %d with %s", w.Code, w.Body, c.status, c.want)
			}
			if n := value(t, f.metrics.requests.WithLabelValues("feed", c.party, c.outcome)); n != 1 {
				t.Errorf("counted %v", n)
			}
			if n := series(f.metrics.requests); n != 1 {
				t.Errorf("counted as %d outcomes", n)
			}
			if store.calls != 0 {
				t.Error("something was stored")
			}
		})
	}
}

func TestMoreRequestsThanAllowedAreToldWhenToComeAgain(t *testing.T) {
	limits := roomy
	limits.RequestsPerSecondMax, limits.RequestBurstMax = 2, 3
	store := &shelf{}
	f := feedDoor(store, limits)
	for range 3 {
		if w := post(f, "/feed/shop", `{"id":"1"}`); w.Code != http.StatusAccepted {
			t.Fatalf("answered %d", w.Code)
		}
	}
	for range 10 { // a refusal costs nothing of what comes next
		if w := post(f, "/feed/shop", `{"id":"1"}`); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
			t.Fatalf("answered %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
		}
	}
	f.Now = func() time.Time { return noon.Add(500 * time.Millisecond) }
	if w := post(f, "/feed/shop", `{"id":"1"}`); w.Code != http.StatusAccepted {
		t.Errorf("half a second later: answered %d", w.Code)
	}
	if n := value(t, f.metrics.requests.WithLabelValues("feed", "shop", "rate_limited")); n != 10 || len(store.held) != 4 {
		t.Errorf("counted %v, stored %d", n, len(store.held))
	}
}

func TestMoreRequestsAtOnceThanTheDoorHoldsAreSentAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := roomy
		limits.RequestsInFlightMax = 2
		store := &shelf{enter: make(chan struct{})}
		f := feedDoor(store, limits)
		var inside sync.WaitGroup
		for range 2 {
			inside.Go(func() {
				if w := post(f, "/feed/shop", `{"id":"1"}`); w.Code != http.StatusAccepted {
					t.Errorf("inside: answered %d", w.Code)
				}
			})
		}
		synctest.Wait()
		if w := post(f, "/feed/shop", `{"id":"1"}`); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("outside: answered %d %s", w.Code, w.Body)
		}
		close(store.enter)
		inside.Wait()
		if w := post(f, "/feed/shop", `{"id":"1"}`); w.Code != http.StatusAccepted {
			t.Errorf("afterwards: answered %d", w.Code)
		}
	})
}

func TestMoreBytesAtOnceThanTheDoorHoldsAreSentAway(t *testing.T) {
	long := func(bytes int) string { return `{"id":"1","x":"` + strings.Repeat("x", bytes-17) + `"}` }
	for _, c := range []struct {
		name, inside, then string
		zipped             bool
		status             int
	}{
		{"both fit", long(600), long(600), false, http.StatusAccepted},
		{"the second does not fit", long(900), long(600), false, http.StatusServiceUnavailable},
		{"what is inflated holds what it came to", zipped(long(300)), long(900), true, http.StatusAccepted},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limits := roomy
				limits.InFlightBytesMax = 1300
				store := &shelf{enter: make(chan struct{})}
				f := feedDoor(store, limits)
				var working sync.WaitGroup
				working.Go(func() {
					change := func(*http.Request) {}
					if c.zipped {
						change = asGzip
					}
					if w := post(f, "/feed/shop", c.inside, change); w.Code != http.StatusAccepted {
						t.Errorf("inside: answered %d %s", w.Code, w.Body)
					}
				})
				synctest.Wait()
				working.Go(func() {
					if w := post(f, "/feed/shop", c.then); w.Code != c.status || (c.status != http.StatusAccepted && w.Header().Get("Retry-After") == "") {
						t.Errorf("the second: answered %d %s", w.Code, w.Body)
					}
				})
				time.Sleep(2 * placeWait) // not of anybody's real time
				close(store.enter)
				working.Wait()
				if w := post(f, "/feed/shop", long(900)); w.Code != http.StatusAccepted {
					t.Errorf("afterwards: answered %d", w.Code)
				}
			})
		})
	}
}

func TestAStoreThatDoesNotAnswerIsNotWaitedForLongerThanAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		w := post(feedDoor(&shelf{enter: make(chan struct{})}, roomy), "/feed/shop", `{"id":"1"}`)
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "in time") || time.Since(began) != time.Minute {
			t.Errorf("answered %d %s after %v", w.Code, w.Body, time.Since(began))
		}
	})
}

func TestNothingIsAcceptedThatIsNotStored(t *testing.T) {
	f := feedDoor(&shelf{fail: errors.New("no brokers at 10.0.0.1")}, roomy)
	w := post(f, "/feed/shop", `{"id":"1"}`)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "10.0.0.1") || strings.Contains(w.Body.String(), "accepted\":") {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	if n := value(t, f.metrics.requests.WithLabelValues("feed", "shop", "not_stored")); n != 1 {
		t.Errorf("counted %v", n)
	}
}

func TestASenderWhoHangsUpDoesNotStopTheStore(t *testing.T) {
	store := &shelf{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	post(feedDoor(store, roomy), "/feed/shop", `{"id":"1"}`, func(r *http.Request) { *r = *r.WithContext(ctx) })
	if len(store.held) != 1 {
		t.Error("it was not stored")
	}
}

func TestABodyThatDripsIsCutOffAndCounted(t *testing.T) {
	store := &shelf{}
	f := feedDoor(store, roomy)
	counted := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.ServeHTTP(w, r)
		close(counted)
	}))
	server.Config.ReadTimeout = 100 * time.Millisecond
	server.Start()
	defer server.Close()
	drip, feed := io.Pipe()
	defer feed.Close()
	go func() { _, _ = feed.Write([]byte(`{"id":`)) }()
	answer, err := http.Post(server.URL+"/feed/shop", "application/json", drip)
	if err == nil {
		answer.Body.Close()
		if answer.StatusCode != http.StatusRequestTimeout {
			t.Errorf("answered %d", answer.StatusCode)
		}
	}
	<-counted
	if n := value(t, f.metrics.requests.WithLabelValues("feed", "shop", "too_slow")); n != 1 || store.calls != 0 {
		t.Errorf("counted %v, stored %d", n, store.calls)
	}
}
