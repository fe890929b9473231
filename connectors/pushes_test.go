package connectors

import (
	"bytes"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/carriers"
	"waybill/connectors/scans"
	"waybill/connectors/signature"
	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// plainSecret is one that stands in an address or a header.
var plainSecret = strings.NewReplacer("whsec_", "", "+", "-", "/", "_", "=", "").Replace(ours)

// pushable are limits that a recorded push fits in.
var pushable = Limits{
	BodyBytesMax: 30_000, RequestBytesMax: 40_000, DocumentsMax: 20, RequestsPerSecondMax: 1, RequestBurstMax: 1000, RequestsInFlightMax: 4, StoreSecondsMax: 60,
}

// fromInPost is an address of the network that InPost pushes from.
const fromInPost = "91.216.25.7:4711"

func pushDoor(t testing.TB, store Store, limits Limits, other map[string]map[string]string) *Pushes {
	t.Helper()
	parties := map[string]PushParty{}
	add := func(name, carrier string, settings map[string]string) {
		track, err := carriers.TrackerOf(carrier)
		if err != nil {
			t.Fatal(err)
		}
		push, does := carriers.PushOf(carrier)
		if !does {
			t.Fatalf("%s does not push", carrier)
		}
		parties[name] = PushParty{Name: name, Seller: "me", Carrier: carrier, Settings: settings, Track: track, Push: push}
	}
	for _, carrier := range []string{"dhl", "dpd", "ups"} {
		add(carrier, carrier, map[string]string{scans.SettingPushSecret: plainSecret, scans.SettingPushSecret + SuffixOld: older})
		add("open-"+carrier, carrier, nil)
	}
	add("inpost", "inpost", nil)
	add("inpost-group", "inpost", map[string]string{scans.SettingPushSecret: ours})
	for name, settings := range other {
		add(name, strings.Split(name, "-")[0], settings)
	}
	h, err := NewPushes(parties, store, limits, NewMetrics(prometheus.NewRegistry()))
	if err != nil {
		t.Fatal(err)
	}
	h.Now = func() time.Time { return noon }
	return h
}

// recorded is a push as the carrier's documents show it.
func recorded(t testing.TB, file string) string {
	t.Helper()
	said, err := os.ReadFile(filepath.Join("carriers", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

// dpdQuery is a recorded call of DPD's, without the secret.
func dpdQuery(t testing.TB) string {
	_, query, _ := strings.Cut(recorded(t, "dpd/testdata/track/push-request-out-for-delivery.txt"), "?")
	query, _, _ = strings.Cut(query, " ")
	return query
}

// pushed is a push that is as it should be.
type pushed struct {
	method, party, query, body, from string
	header                           http.Header
	number, id                       string // that it is about, and its own
	proven                           bool
	said                             string // what the carrier wants to hear
}

func goodPushes(t testing.TB) map[string]pushed {
	webhook := recorded(t, "inpost/testdata/track/webhook-shipment-status-changed.json")
	return map[string]pushed{
		"dhl": {
			method: "POST", party: "dhl", body: recorded(t, "dhl/testdata/track/nr-success-00340434292135100056.json"), header: http.Header{"X-Push-Token": {plainSecret}},
			number: "00340434292135100056", proven: true,
		},
		"dpd": {
			method: "GET", party: "dpd", query: dpdQuery(t) + "&token=" + plainSecret, number: "01476810375209", id: "335165", proven: true,
			said: "<push><pushid>335165</pushid><status>OK</status></push>",
		},
		"inpost": {method: "POST", party: "inpost", body: webhook, from: fromInPost, number: "602677439331630337653846"},
		"inpost, group": {
			method: "POST", party: "inpost-group", body: webhook, number: "602677439331630337653846", id: "e1", proven: true,
			header: http.Header{"X-Inpost-Signature": {base64.StdEncoding.EncodeToString(signature.SHA256([]byte(ours), []byte(webhook)))}, "X-Inpost-Event-Id": {"e1"}},
		},
		"inpost, group, with the time": {
			method: "POST", party: "inpost-group", body: webhook, number: "602677439331630337653846", proven: true,
			header: http.Header{"X-Inpost-Signature": {base64.StdEncoding.EncodeToString(signature.SHA256([]byte(ours), []byte("17."+webhook)))}, "X-Inpost-Timestamp": {"17"}},
		},
		"ups": {
			method: "POST", party: "ups", body: recorded(t, "ups/testdata/track/track-alert-webhook-1.json"), header: http.Header{"Credential": {plainSecret}},
			number: "1Z204W4R0308071865", proven: true,
		},
	}
}

// push brings it to the door, changed.
func (p pushed) push(h http.Handler, change ...func(*http.Request)) *httptest.ResponseRecorder {
	target := TrackingPath + p.party
	if p.query != "" {
		target += "?" + p.query
	}
	r := httptest.NewRequest(p.method, target, strings.NewReader(p.body))
	r.Header.Set("Content-Type", "application/json")
	for name, values := range p.header {
		r.Header[name] = values
	}
	if p.from != "" {
		r.RemoteAddr = p.from
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestWhatACarrierPushesIsStoredAsItWasSaid(t *testing.T) {
	for name, p := range goodPushes(t) {
		t.Run(name, func(t *testing.T) { isStored(t, p) }) // each with a broker of its own
	}
}

func isStored(t *testing.T, p pushed) {
	store := embeddedtest.StartStore(t, topics.TrackingRaw)
	h := pushDoor(t, store, pushable, nil)
	for range 2 { // each says some things twice
		if w := p.push(h); w.Code != http.StatusOK || w.Body.String() != p.said {
			t.Fatalf("answered %d %q", w.Code, w.Body)
		}
	}
	if n := value(t, h.metrics.requests.WithLabelValues("tracking", p.party, "repeated")); n != 1 {
		t.Errorf("counted %v repeated", n)
	}
	var all []*schemas.RawTracking
	store.Each(func() any {
		all = append(all, new(schemas.RawTracking))
		return all[len(all)-1]
	})
	if len(all) != 1 {
		t.Fatalf("stored %d", len(all))
	}
	body := p.body
	if body == "" {
		body = dpdQuery(t)
	}
	want := schemas.RawTracking{
		Party: p.party, Carrier: strings.Split(p.party, "-")[0], Number: p.number, Origin: schemas.OriginWebhook, ReceivedAt: schemas.At(noon), Proven: p.proven,
		DeliveryID: p.id, ContentType: "application/json",
	}
	got := *all[0]
	if got.Body = (schemas.Body{}); string(all[0].Body.Bytes) != body || !sameTracking(got, want) {
		t.Errorf("stored %+v, want %+v; %d bytes of %d", got, want, len(all[0].Body.Bytes), len(body))
	}
}

func sameTracking(a, b schemas.RawTracking) bool {
	a.Body, b.Body = schemas.Body{}, schemas.Body{}
	return a.Party == b.Party && a.Carrier == b.Carrier && a.Number == b.Number && a.Origin == b.Origin && a.ReceivedAt == b.ReceivedAt &&
		a.Proven == b.Proven && a.DeliveryID == b.DeliveryID && a.ContentType == b.ContentType
}

func TestAPushIsStoredForEachParcelItMentionsUnderItsKey(t *testing.T) {
	store := &shelf{}
	p := goodPushes(t)["ups"]
	p.body += "\n" + strings.ReplaceAll(p.body, "1Z204W4R0308071865", "1Z204W4R0308071866")
	if w := p.push(pushDoor(t, store, pushable, nil), asGzipOf(p.body)); w.Code != http.StatusOK {
		t.Fatalf("answered %d %s", w.Code, w.Body)
	}
	var keys []string
	for _, m := range store.held {
		keys = append(keys, m.Key)
		if raw := m.Value.(*schemas.RawTracking); string(raw.Body.Bytes) != p.body || topics.Find(m.Headers, topics.HeaderOrigin) != schemas.OriginWebhook {
			t.Errorf("%s: stored %d bytes of %d, headers %v", m.Key, len(raw.Body.Bytes), len(p.body), m.Headers)
		}
	}
	if got := strings.Join(keys, " "); got != "ups/tracking/1Z204W4R0308071865 ups/tracking/1Z204W4R0308071866" {
		t.Errorf("stored under %s", got)
	}
}

// asGzipOf sends a body gzipped.
func asGzipOf(body string) func(*http.Request) {
	return func(r *http.Request) {
		squeezed := zipped(body)
		*r = *httptest.NewRequest(r.Method, r.URL.String(), strings.NewReader(squeezed)).WithContext(r.Context())
		r.Header = http.Header{"Credential": {plainSecret}, "Content-Encoding": {"gzip"}}
	}
}

func TestAPushInWhichNothingCanBeReadIsStoredOfNoParcel(t *testing.T) {
	for name, p := range goodPushes(t) {
		for _, rubbish := range []string{"", "{", "[]", `{"trackingNumber":"1Z1"}`, "\x00\xff", "<a/>"} {
			store := &shelf{}
			var w *httptest.ResponseRecorder
			switch p.party {
			case "dpd":
				w = p.push(pushDoor(t, store, pushable, nil), func(r *http.Request) { r.URL.RawQuery = "pushid=<1>&token=" + plainSecret })
			case "inpost-group":
				continue // what is signed is the body
			default:
				p.body = rubbish
				w = p.push(pushDoor(t, store, pushable, nil))
			}
			if w.Code != http.StatusOK || len(store.held) != 1 || store.held[0].Key != p.party+"/tracking/" {
				t.Errorf("%s, %q: answered %d %s, stored %v", name, rubbish, w.Code, w.Body, store.held)
			}
			if p.party == "dpd" && w.Body.String() != "<push><pushid>&lt;1&gt;</pushid><status>OK</status></push>" {
				t.Errorf("answered %s", w.Body)
			}
		}
	}
}

func TestAPushThatCouldNotBeStoredIsNotAcknowledged(t *testing.T) {
	for name, p := range goodPushes(t) {
		store := &shelf{fail: errors.New("no brokers")}
		h := pushDoor(t, store, pushable, nil)
		if w := p.push(h); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "OK") || strings.Contains(w.Body.String(), "orders") {
			t.Errorf("%s: answered %d %s", name, w.Code, w.Body)
		}
		store.fail = nil
		if w := p.push(h); w.Code != http.StatusOK || len(store.held) != 1 {
			t.Errorf("%s: answered %d %s, stored %d", name, w.Code, w.Body, len(store.held))
		}
	}
}

func TestADoorForPushesWithoutASecretIsShutAndSaysSoOnceAMinute(t *testing.T) {
	for _, carrier := range []string{"dhl", "dpd", "ups"} {
		var log bytes.Buffer
		h := pushDoor(t, &shelf{}, pushable, nil)
		h.Log = slog.New(slog.NewTextHandler(&log, nil))
		p := goodPushes(t)[carrier]
		p.party = "open-" + carrier
		for range 10 {
			if w := p.push(h); w.Code != http.StatusUnauthorized {
				t.Errorf("answered %d", w.Code)
			}
		}
		if n := strings.Count(log.String(), "push_secret_file"); n != 1 || strings.Contains(log.String(), plainSecret) {
			t.Errorf("%s: said %d times:\n%s", carrier, n, log.String())
		}
	}
}

func TestInPostHearsThatSomebodyListens(t *testing.T) {
	h := pushDoor(t, &shelf{}, pushable, nil)
	for party, want := range map[string]int{"inpost": 200, "dhl": 405, "ups": 405, "gls": 404} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, TrackingPath+party, nil))
		if w.Code != want {
			t.Errorf("%s: answered %d %s", party, w.Code, w.Body)
		}
	}
}

func TestTheOlderSecretAndTheHeaderOfTheAccountProveAPush(t *testing.T) {
	h := pushDoor(t, &shelf{}, pushable, map[string]map[string]string{"dhl-two": {scans.SettingPushSecret: plainSecret, scans.SettingPushHeader: "X-Mine"}})
	p := goodPushes(t)["dhl"]
	if w := p.push(h, func(r *http.Request) { r.Header.Set("X-Push-Token", older) }); w.Code != http.StatusOK {
		t.Errorf("with the older one: answered %d %s", w.Code, w.Body)
	}
	p.party = "dhl-two"
	if w := p.push(h); w.Code != http.StatusUnauthorized {
		t.Errorf("in another header: answered %d", w.Code)
	}
	if w := p.push(h, func(r *http.Request) { r.Header.Set("X-Mine", plainSecret) }); w.Code != http.StatusOK {
		t.Errorf("in its own header: answered %d %s", w.Code, w.Body)
	}
}

func TestAWrongSettingOfAPushIsFoundBeforeTheDoorOpens(t *testing.T) {
	for carrier, settings := range map[string]map[string]string{"inpost": {scans.SettingPushFrom: "91.216.25.7"}, "dhl": {scans.SettingPushHeader: "X Mine"}} {
		push, _ := carriers.PushOf(carrier)
		_, err := NewPushes(map[string]PushParty{"it": {Name: "it", Settings: settings, Push: push}}, &shelf{}, pushable, NewMetrics(prometheus.NewRegistry()))
		if err == nil || !strings.Contains(err.Error(), "party it: the setting push_") {
			t.Errorf("%s: %v", carrier, err)
		}
	}
}
