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

// send posts something to a carrier that takes it.
func (w *town) send(path, body string, header http.Header) (http.Header, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header = header
	a, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer a.Body.Close()
	said, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode/100 != 2 {
		w.t.Fatalf("%s: %s %s", path, a.Status, said)
	}
	return a.Header, string(said)
}

func (w *town) made() map[string]Access {
	made := map[string]Access{}
	for _, p := range w.server.Parties(w.url) {
		made[p.Party] = p
	}
	return made
}

func sample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func basic(user, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return r.Header.Get("Authorization")
}

// book books a parcel at DHL and one at DPD, as their own samples do, and one at InPost.
func (w *town) book() {
	w.t.Helper()
	made := w.made()
	dhl, dpd, inpost := made["dhl"], made["dpd"], made["inpost"]
	w.send(dhl.URL+"/orders", sample(w.t, "dhl/testdata/spec-create-request-DHLPaket.json"), http.Header{
		"Authorization": {basic(dhl.Made["user"], dhl.Made["password"])}, "Dhl-Api-Key": {dhl.Made["api_key"]},
	})
	header, _ := w.send(dpd.URL+"/login", "", http.Header{
		"X-Dpd-Login": {dpd.Made["user"]}, "X-Dpd-Password": {dpd.Made["password"]}, "X-Dpd-Bucode": {dpd.Made["business_unit"]},
	})
	w.send(dpd.URL+"/shipment?LabelPrintFormat=PDF", sample(w.t, "dpd/testdata/pdf-create-request-classic-101.json"), http.Header{"Authorization": {"Bearer " + header.Get("X-DPD-TOKEN")}})
	w.send(inpost.URL+"/v1/organizations/"+inpost.Made["organization"]+"/shipments", `{"receiver":{"first_name":"Ana","last_name":"B","email":"ana@example.com","phone":"500600700"},`+
		`"parcels":{"template":"small"},"custom_attributes":{"sending_method":"any_point","target_point":"KRA010"},"service":"inpost_locker_standard","reference":"WB-000001"}`,
		http.Header{"Authorization": {"Bearer " + inpost.Made["token"]}})
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
	made := w.made()
	for _, party := range []string{"dhl", "dpd", "inpost"} {
		await(t, "not every scan of "+party+" is pushed", w.ended(party))
		came, said := h.of(party)
		if s := w.server.Parcels()[party]; len(came) != s.Scans || s.Pushed != s.Scans || w.server.Books()[party].Requests["push"]["200"] != s.Scans {
			t.Errorf("%s: %d came, %+v", party, len(came), s)
		}
		for i, r := range came {
			switch party {
			case "dhl":
				if r.Method != http.MethodPost || r.Header.Get(made[party].Made["push_header"]) != made[party].Made["push_secret"] || !strings.Contains(said[i], `"service":"parcel-de"`) {
					t.Errorf("%s %v %s", r.Method, r.Header, said[i])
				}
			case "dpd":
				if r.Method != http.MethodGet || r.URL.Query().Get("token") != made[party].Made["push_secret"] || !regexp.MustCompile(`^\d{14}$`).MatchString(r.URL.Query().Get("statusdate")) {
					t.Errorf("%s %s", r.Method, r.URL)
				}
			case "inpost":
				if event := map[bool]string{true: "shipment_confirmed", false: "shipment_status_changed"}[i == 0]; r.Method != http.MethodPost || !strings.Contains(said[i], `"event":"`+event+`"`) {
					t.Errorf("%d: %s %s", i, r.Method, said[i])
				}
			}
		}
	}
}

func TestUPSPushesWhatIsFollowedAndNothingElse(t *testing.T) {
	w, h := build(t, Options{Seed: 3}), listen(t)
	if err := w.server.LetParcelsLive(parcel.Day, h.url); err != nil {
		t.Fatal(err)
	}
	ups := w.made()["ups"]
	_, said := w.send(ups.Login, "grant_type=client_credentials", http.Header{"Authorization": {basic(ups.Made["client_id"], ups.Made["client_secret"])}, "Content-Type": {"application/x-www-form-urlencoded"}})
	var login struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(said), &login); err != nil {
		t.Fatal(err)
	}
	bearer := http.Header{"Authorization": {"Bearer " + login.Token}}
	body := strings.ReplaceAll(sample(t, "ups/testdata/postman-request-multi-piece-shipping-example-request.json"), "{{shipper_number}}", `"`+ups.Made["shipper_number"]+`"`)
	_, said = w.send(ups.URL+"/shipments/v2409/ship", body, bearer)
	number := regexp.MustCompile(`1Z[0-9A-Z]{16}`).FindString(said)
	w.send(ups.URL+"/track/v2/subscription/standard/package", `{"locale":"en_US","countryCode":"US","trackingNumberList":["`+number+`"]}`, bearer)
	w.live(h)
	await(t, "they live for ever", func() bool { return w.server.Parcels()["ups"].Living == 0 })
	var truth parcel.Truth
	await(t, "not every scan is pushed", func() bool {
		for truth = range w.server.ups.Parcels().Truths {
			if truth.Number == number {
				break
			}
		}
		return truth.Pushed > 1 && truth.Pushed >= truth.Scans-1 // that it was announced may have been before
	})
	came, bodies := h.of("ups")
	if s := w.server.Parcels()["ups"]; s.Parcels != 3 || s.Pushed != truth.Pushed || len(came) != truth.Pushed {
		t.Errorf("%d came, %+v", len(came), s)
	}
	for i, r := range came {
		if r.Header.Get(ups.Made["push_header"]) != ups.Made["push_secret"] || r.UserAgent() != "UPSPubSubTrackingService" || !strings.Contains(bodies[i], `"trackingNumber":"`+number+`"`) {
			t.Errorf("%v %s", r.Header, bodies[i])
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
