package kaufland

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
)

// ear is a callback URL, and what it heard.
type ear struct {
	*httptest.Server
	mu     sync.Mutex
	heard  []map[string]string
	faults []string
	refuse int // so many pushes
	asked  int // for its challenge
}

func listen(t *testing.T) *ear {
	e := &ear{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if r.Method == http.MethodGet {
			e.asked++
			if r.URL.Query().Get("mode") == "subscribe" && r.URL.Path != "/deaf" {
				_, _ = io.WriteString(w, r.URL.Query().Get("challenge"))
			}
			return
		}
		body, _ := io.ReadAll(r.Body)
		at, _ := strconv.ParseInt(r.Header.Get(headerTimestamp), 10, 64)
		if r.Header.Get(headerSignature) != Sign(testSigning, "POST", "http://"+r.Host+r.RequestURI, body, at) {
			e.faults = append(e.faults, "not signed: "+string(body))
		}
		var message map[string]string
		if err := json.Unmarshal(body, &message); err != nil {
			e.faults = append(e.faults, err.Error())
		}
		if e.refuse > 0 {
			e.refuse--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		e.heard = append(e.heard, message)
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(e.Close)
	return e
}

// ids are those of the messages it heard.
func (e *ear) ids() (all []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, message := range e.heard {
		all = append(all, message["id_message"])
	}
	return all
}

// subscribe lets a callback URL hear of an event in all storefronts, and answers the last subscription.
func (s *shop) subscribe(callback, event string) (id int64) {
	s.t.Helper()
	for _, store := range stores {
		body := fmt.Sprintf(`{"callback_url":%q,"fallback_email":"me@example.com","event_name":%q}`, callback, event)
		var answer struct{ Data subscription }
		if status, p := s.ask("POST", "/subscriptions?storefront="+store.code, body, &answer); status != 201 || !answer.Data.IsActive {
			s.t.Fatal(status, p)
		}
		id = answer.Data.ID
	}
	return id
}

func TestASellerIsToldOfNewOrdersAndOfWhatBecomesOfThem(t *testing.T) {
	s, e := openShop(t, Options{}), listen(t)
	s.subscribe(e.URL+"/hook?a=b", "order_new")
	s.subscribe(e.URL+"/hook", "order_unit_status_changed")
	s.sell(10)
	unit := s.unit()
	s.must(204, "", "PATCH", "/order-units/"+unit+"/send", sending)
	await(t, "not eleven pushes", func() bool { return len(e.ids()) == 11 })
	if len(e.faults) > 0 {
		t.Error(e.faults)
	}
	for _, message := range e.heard {
		if message["event_name"] == "order_unit_status_changed" && message["resource"] != s.url+"/order-units/"+unit+"/" {
			t.Errorf("told of %v", message)
		}
		path := strings.TrimPrefix(message["resource"], s.url)
		if status, p := s.ask("GET", path, "", nil); status != 200 {
			t.Errorf("%v names nothing: %d %v", message, status, p)
		}
	}
	if b := s.books.Books().Operations[PushOperation]; b.Effects != 11 || b.Repeated != 0 {
		t.Errorf("the books say %+v", b)
	}
}

func TestOnlyAURLThatAnswersTheChallengeIsTold(t *testing.T) {
	s, e := openShop(t, Options{}), listen(t)
	for _, callback := range []string{e.URL + "/deaf", "http://127.0.0.1:1/", "http://192.0.2.1/", "http://[2001:db8::1]/", "http://169.254.169.254/latest"} {
		body := fmt.Sprintf(`{"callback_url":%q,"fallback_email":"me@example.com","event_name":"order_new"}`, callback)
		s.must(400, problemCallback, "POST", "/subscriptions?storefront=de", body)
	}
	for _, body := range []string{
		`{"callback_url":"ftp://127.0.0.1/","fallback_email":"a@b","event_name":"order_new"}`, `{"callback_url":"/","fallback_email":"a@b","event_name":"order_new"}`,
		`{"callback_url":"http://127.0.0.1/","fallback_email":"a","event_name":"order_new"}`, `{"callback_url":"http://127.0.0.1/","fallback_email":"a@b","event_name":"x"}`,
		`{"callback_url":"http://127.0.0.1/","event_name":"order_new"}`,
	} {
		s.must(400, problemValidation, "POST", "/subscriptions?storefront=de", body)
	}
	s.must(400, problemValidation, "POST", "/subscriptions", `{"callback_url":"`+e.URL+`","fallback_email":"a@b","event_name":"order_new"}`)
	if e.asked != 1 {
		t.Errorf("asked %d times for a challenge", e.asked)
	}
}

func TestASubscriptionIsChangedAndEnded(t *testing.T) {
	s, e := openShop(t, Options{}), listen(t)
	id := s.subscribe(e.URL, "order_new")
	path := fmt.Sprint("/subscriptions/", id)
	var one struct{ Data subscription }
	s.ask("GET", path, "", &one)
	if one.Data.CallbackURL != e.URL || one.Data.Storefront != "it" || !one.Data.IsActive {
		t.Errorf("%+v", one.Data)
	}
	s.must(200, "", "PATCH", path, `{"is_active":false}`)
	s.must(400, problemCallback, "PATCH", path, `{"callback_url":"`+e.URL+`/deaf"}`)
	s.ask("GET", path, "", &one)
	if one.Data.IsActive {
		t.Error("still active")
	}
	if l := s.list("/subscriptions?event_name=order_new&limit=3"); l.Pagination.Total != len(stores) || len(l.Data) != 3 {
		t.Errorf("%+v", l)
	}
	s.must(204, "", "DELETE", path, "")
	s.must(404, problemNotFound, "DELETE", path, "")
}

func TestAPushIsSentAgainUntilItIsTakenOrGivenUp(t *testing.T) {
	s, e := openShop(t, Options{Retries: []time.Duration{time.Millisecond, time.Millisecond}}), listen(t)
	s.subscribe(e.URL, "order_new")
	e.mu.Lock()
	e.refuse = 2
	e.mu.Unlock()
	s.sell(1)
	await(t, "a push that was refused twice never comes", func() bool { return len(e.ids()) == 1 })
	e.mu.Lock()
	e.refuse = 1000
	e.mu.Unlock()
	s.sell(1)
	failed := func() bool { return s.books.Books().Operations[PushOperation].Told[ledger.Failed] == 1 }
	await(t, "a push that is never taken is not given up", failed)
	await(t, "its subscription stays active", func() bool {
		s.api.mu.Lock()
		defer s.api.mu.Unlock()
		for _, sub := range s.api.subscriptions {
			if !sub.IsActive {
				return true
			}
		}
		return false
	})
}

func TestPushesAreDoubledOmittedAndOvertaken(t *testing.T) {
	s, e := openShop(t, Options{}), listen(t)
	s.subscribe(e.URL, "order_new")
	s.chance.Use([]fault.Rule{{Party: "kaufland", Operation: PushOperation, Fault: fault.Duplicate, Probability: 1}})
	s.sell(1)
	await(t, "no push is doubled", func() bool { return len(e.ids()) == 2 })
	if ids := e.ids(); ids[0] != ids[1] {
		t.Errorf("a doubled push has two ids: %v", ids)
	}
	s.chance.Use([]fault.Rule{{Party: "kaufland", Operation: PushOperation, Fault: fault.Omit, Probability: 1}})
	s.sell(1)
	if told := s.books.Books().Operations[PushOperation].Told; told[ledger.Omitted] != 1 {
		t.Errorf("the books say %v", told)
	}
	s.chance.Use([]fault.Rule{{Party: "kaufland", Operation: PushOperation, Fault: fault.Reorder, Probability: 0.5, Seconds: 0.2}})
	before := len(s.books.Effects(0))
	s.sell(30)
	await(t, "not all pushes come", func() bool { return len(e.ids()) == 32 })
	var sold []string
	for _, effect := range s.books.Effects(before) {
		if effect.Operation == "market.sell" {
			sold = append(sold, effect.Subject)
		}
	}
	var heard []string
	for _, message := range e.heard[2:] {
		heard = append(heard, strings.Trim(strings.TrimPrefix(message["resource"], s.url+"/orders/"), "/"))
	}
	if slices.Equal(sold, heard) {
		t.Error("no push overtook another")
	}
	slices.Sort(sold)
	slices.Sort(heard)
	if !slices.Equal(sold, heard) {
		t.Errorf("sold %v, heard of %v", sold, heard)
	}
}
