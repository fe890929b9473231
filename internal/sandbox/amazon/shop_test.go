package amazon

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

// shop is a seller's view of the API.
type shop struct {
	t      *testing.T
	api    *API
	books  *ledger.Ledger
	chance *fault.Chance
	url    string
	token  string

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

// openShop is one that answers fast, if it is not said how fast.
func openShop(t *testing.T, o Options) *shop {
	t.Helper()
	s := &shop{t: t, now: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)}
	o.Seed, o.Client, o.Secret, o.Refresh, o.Now = 8, "amzn1.application-oa2-client.test", "proves-the-client", "Atzr|of-the-seller", s.clock
	if o.Faster == 0 {
		o.Faster = 1e9
	}
	s.books, s.chance = ledger.New(s.clock), fault.New(1, s.clock)
	later := party.NewLater()
	s.api = NewAPI(o, s.books)
	served := httptest.NewServer(party.NewDesk(s.api, s.chance, s.books, later))
	s.url = served.URL + "/amazon"
	t.Cleanup(func() {
		s.api.Close()
		later.Close()
		served.Close()
	})
	s.token = s.login()
	return s
}

func (s *shop) form() url.Values {
	return url.Values{
		"grant_type": {"refresh_token"}, "client_id": {s.api.options.Client}, "client_secret": {s.api.options.Secret}, "refresh_token": {s.api.options.Refresh},
	}
}

func (s *shop) login() string {
	s.t.Helper()
	var said struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		ExpiresIn    int    `json:"expires_in"`
	}
	a := s.exchange(s.form())
	if err := json.Unmarshal(a.body, &said); err != nil || a.status != 200 || said.ExpiresIn != 3600 || said.RefreshToken != s.api.options.Refresh {
		s.t.Fatalf("%d %s", a.status, a.body)
	}
	return said.AccessToken
}

func (s *shop) exchange(form url.Values) answer {
	s.t.Helper()
	r := s.request("POST", "/auth/o2/token", form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r)
}

func (s *shop) request(method, path, body string) *http.Request {
	s.t.Helper()
	if s.api.options.Faster > 1 {
		s.pass(time.Microsecond) // in which a bucket is filled again
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("x-amz-access-token", s.token)
	return r
}

type answer struct {
	status int
	header http.Header
	body   []byte
	code   string // of an error
}

func (s *shop) do(r *http.Request) answer {
	s.t.Helper()
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	a := answer{status: got.StatusCode, header: got.Header, body: body}
	var list struct{ Errors []saidError }
	if json.Unmarshal(body, &list) == nil && len(list.Errors) > 0 {
		a.code = list.Errors[0].Code
	}
	return a
}

// saidError is Error as it is read.
type saidError struct{ Code string }

func (s *shop) ask(path string) answer {
	s.t.Helper()
	return s.do(s.request("GET", path, ""))
}

func (s *shop) sell(orders int) {
	s.t.Helper()
	if err := s.api.Sell(orders); err != nil {
		s.t.Fatal(err)
	}
}

const everything = "?includedData=BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS"

func (s *shop) get(ref string) []byte {
	s.t.Helper()
	a := s.ask("/orders/2026-01-01/orders/" + ref + everything)
	if a.status != 200 {
		s.t.Fatalf("%s: %d %s", ref, a.status, a.body)
	}
	return a.body
}

type listOf struct {
	Orders []json.RawMessage `json:"orders"`
	Paging struct {
		Next string `json:"nextToken"`
	} `json:"pagination"`
	UpdatedBefore string `json:"lastUpdatedBefore"`
	CreatedBefore string `json:"createdBefore"`
}

func (l listOf) refs(t *testing.T) (refs []string) {
	t.Helper()
	for _, body := range l.Orders {
		refs = append(refs, look(t, []byte(`{"order":`+string(body)+`}`)).Order.OrderID)
	}
	return refs
}

func (s *shop) list(query string) (l listOf) {
	s.t.Helper()
	a := s.ask("/orders/2026-01-01/orders?" + query)
	in := json.NewDecoder(bytes.NewReader(a.body))
	in.DisallowUnknownFields()
	if err := in.Decode(&l); err != nil || a.status != 200 {
		s.t.Fatalf("%s: %d %s", query, a.status, a.body)
	}
	return l
}
