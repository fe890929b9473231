package server

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/parcel"
)

// hooks is where pushes come in.
type hooks struct {
	url string

	mu   sync.Mutex
	came map[string][]*http.Request // by path
	said map[string][]string        // their bodies
}

func listen(t *testing.T) *hooks {
	t.Helper()
	h := &hooks{came: map[string][]*http.Request{}, said: map[string][]string{}}
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.came[r.URL.Path], h.said[r.URL.Path] = append(h.came[r.URL.Path], r), append(h.said[r.URL.Path], string(body))
		_, _ = io.WriteString(w, "<push><pushid>"+r.URL.Query().Get("pushid")+"</pushid><status>OK</status></push>")
	}))
	t.Cleanup(served.Close)
	h.url = served.URL
	return h
}

func (h *hooks) of(party string) (came []*http.Request, said []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.came["/tracking/"+party], h.said["/tracking/"+party]
}

// live lets a day take a tenth of a second, and pushes come in at hooks.
func (w *town) live(h *hooks) {
	w.t.Helper()
	if a, err := w.ask("PUT", "/admin/parcels", `{"day":"100ms","hooks":"`+h.url+`"}`); err != nil || a.status != http.StatusOK || !strings.Contains(a.body, h.url) {
		w.t.Fatal(a, err)
	}
}

// book books a parcel at DHL and one at DPD, as their own samples do.
func (w *town) book() {
	w.t.Helper()
	made := map[string]Access{}
	for _, p := range w.server.Parties(w.url) {
		made[p.Party] = p
	}
	send := func(path, sample string, header func(*http.Request)) http.Header {
		w.t.Helper()
		body := ""
		if sample != "" {
			text, err := os.ReadFile(sample)
			if err != nil {
				w.t.Fatal(err)
			}
			body = string(text)
		}
		r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, path, strings.NewReader(body))
		if err != nil {
			w.t.Fatal(err)
		}
		header(r)
		a, err := w.client.Do(r)
		if err != nil {
			w.t.Fatal(err)
		}
		defer a.Body.Close()
		if said, _ := io.ReadAll(a.Body); a.StatusCode != http.StatusOK {
			w.t.Fatalf("%s: %s %s", path, a.Status, said)
		}
		return a.Header
	}
	dhl, dpd := made["dhl"], made["dpd"]
	send(dhl.URL+"/orders", "../dhl/testdata/spec-create-request-DHLPaket.json", func(r *http.Request) {
		r.SetBasicAuth(dhl.Made["user"], dhl.Made["password"])
		r.Header.Set("dhl-api-key", dhl.Made["api_key"])
	})
	token := send(dpd.URL+"/login", "", func(r *http.Request) {
		r.Header.Set("X-DPD-LOGIN", dpd.Made["user"])
		r.Header.Set("X-DPD-PASSWORD", dpd.Made["password"])
		r.Header.Set("X-DPD-BUCODE", dpd.Made["business_unit"])
	}).Get("X-DPD-TOKEN")
	send(dpd.URL+"/shipment?LabelPrintFormat=PDF", "../dpd/testdata/pdf-create-request-classic-101.json", func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
	})
}

func (w *town) ended(party string) func() bool {
	return func() bool {
		s := w.server.Parcels()[party]
		return s.Parcels > 0 && s.Living == 0 && s.Pushed+s.Omitted+s.Failed == s.Scans
	}
}

func TestCarriersPushWhatHappensWithTheirSecrets(t *testing.T) {
	w, h := build(t, Options{Seed: 3}), listen(t)
	w.live(h)
	w.book()
	made := map[string]map[string]string{}
	for _, p := range w.server.Parties(w.url) {
		made[p.Party] = p.Made
	}
	for _, party := range []string{"dhl", "dpd"} {
		await(t, "not every scan of "+party+" is pushed", w.ended(party))
		came, said := h.of(party)
		if s := w.server.Parcels()[party]; len(came) != s.Scans || s.Pushed != s.Scans || w.server.Books()[party].Requests["push"]["200"] != s.Scans {
			t.Errorf("%s: %d came, %+v", party, len(came), s)
		}
		for i, r := range came {
			switch party {
			case "dhl":
				if r.Method != http.MethodPost || r.Header.Get(made[party]["push_header"]) != made[party]["push_secret"] || !strings.Contains(said[i], `"service":"parcel-de"`) {
					t.Errorf("%s %v %s", r.Method, r.Header, said[i])
				}
			case "dpd":
				if r.Method != http.MethodGet || r.URL.Query().Get("token") != made[party]["push_secret"] || !regexp.MustCompile(`^\d{14}$`).MatchString(r.URL.Query().Get("statusdate")) {
					t.Errorf("%s %s", r.Method, r.URL)
				}
			}
		}
	}
}

func TestWhatIsNotPushedIsAnsweredAllTheSameAndStandsInTheBooks(t *testing.T) {
	w, h := build(t, Options{Seed: 3}), listen(t)
	w.use(fault.Rule{Party: "dpd", Operation: parcel.PushOperation, Fault: fault.Omit, Probability: 1})
	w.live(h)
	w.book()
	await(t, "a scan is not accounted for", w.ended("dpd"))
	a, err := w.ask("GET", "/admin/parcels/dpd", "")
	var truth parcel.Truth
	if err != nil || json.Unmarshal([]byte(a.body), &truth) != nil || !truth.Ended || truth.Scans < 2 || truth.Omitted != truth.Scans || truth.Pushed != 0 {
		t.Fatal(a, err)
	}
	if came, _ := h.of("dpd"); len(came) != 0 {
		t.Errorf("%d came", len(came))
	}
	if p, found := w.server.dpd.Parcels().Find(truth.Number); !found || len(p.Scans) != truth.Scans {
		t.Errorf("%+v", p)
	}
	for _, path := range []string{"/admin/parcels/erp", "/admin/parcels/nobody"} {
		if a, err := w.ask("GET", path, ""); err != nil || a.status != http.StatusNotFound {
			t.Error(a, err)
		}
	}
}

func TestHowParcelsLiveIsSaidAndAWrongWishChangesNothing(t *testing.T) {
	w := build(t, Options{})
	for _, wrong := range []string{`{"day":"1 week"}`, `{"day":"48h"}`, `{"day":"1ms"}`, `{"hooks":"here"}`, `{"day":"1h","hooks":"ftp://127.0.0.1"}`, `{"pace":2}`, ``} {
		if a, err := w.ask("PUT", "/admin/parcels", wrong); err != nil || a.status != http.StatusBadRequest {
			t.Errorf("%s: %+v, %v", wrong, a, err)
		}
	}
	a, err := w.ask("GET", "/admin/parcels", "")
	if err != nil || !strings.Contains(a.body, `"day":"24h0m0s","hooks":""`) || !strings.Contains(a.body, `"gls":{"parcels":0`) {
		t.Error(a, err)
	}
	if err := w.server.LetParcelsLive(2*time.Second, ""); err != nil {
		t.Error(err)
	}
	if a, _ := w.ask("PUT", "/admin/parcels", `{"hooks":""}`); !strings.Contains(a.body, `"day":"2s"`) {
		t.Error("what is not wished for is changed: ", a)
	}
}

func TestWhereParcelsAreTrackedIsTold(t *testing.T) {
	w := build(t, Options{})
	for _, p := range w.server.Parties(w.url) {
		at := p.Made["tracking_url"]
		if tracked[p.Party] == nil {
			continue
		}
		probe := map[string]string{"dhl": "/shipments", "inpost": "/v1/tracking/1", "gls": "/tracking/simple/trackids/1", "ups": "/track/v1/details/1234567"}[p.Party]
		method := http.MethodGet
		if p.Party == "dpd" {
			method, probe = http.MethodPost, "/LoginService/V2_0"
		}
		want := map[string]int{"dpd": http.StatusInternalServerError, "inpost": http.StatusNotFound}[p.Party]
		if want == 0 {
			want = http.StatusUnauthorized
		}
		if a, err := w.ask(method, strings.TrimPrefix(at, w.url)+probe, ""); err != nil || a.status != want || strings.Contains(a.body, "no such endpoint") {
			t.Errorf("%s: %+v, %v", p.Party, a, err)
		}
	}
}
