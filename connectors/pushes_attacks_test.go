package connectors

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"waybill/connectors/scans"
	"waybill/schemas"
)

// pushAttacks are pushes that are not the carrier's. Each is a good one but for its change.
var pushAttacks = []struct {
	name, good, outcome string
	change              func(*http.Request)
}{
	{"no token", "dhl", "unsigned", without("X-Push-Token")},
	{"an empty token", "dhl", "unsigned", header("X-Push-Token", is(""))},
	{"another token", "dhl", "wrong_signature", header("X-Push-Token", is(theirs))},
	{"part of the token", "dhl", "wrong_signature", header("X-Push-Token", func(s string) string { return s[:len(s)-1] })},
	{"the token in other letters", "dhl", "wrong_signature", header("X-Push-Token", strings.ToUpper)},
	{"two tokens, one of them good", "dhl", "unsigned", func(r *http.Request) { r.Header.Add("X-Push-Token", theirs) }},
	{"the token in another header", "dhl", "unsigned", func(r *http.Request) {
		r.Header = http.Header{"Authorization": {"Bearer " + plainSecret}, "Credential": {plainSecret}}
	}},
	{"the token in the query", "dhl", "unsigned", func(r *http.Request) { r.Header.Del("X-Push-Token"); r.URL.RawQuery = "token=" + plainSecret }},
	{"no credential", "ups", "unsigned", without("Credential")},
	{"who says that it is UPS", "ups", "unsigned", func(r *http.Request) {
		r.Header = http.Header{"User-Agent": {"UPSPubSubTrackingService"}, "X-Api-Key": {plainSecret}}
	}},
	{"another credential", "ups", "wrong_signature", header("Credential", is("Bearer "+plainSecret))},
	{"no token in the address", "dpd", "unsigned", func(r *http.Request) { r.URL.RawQuery = strings.TrimSuffix(r.URL.RawQuery, "&token="+plainSecret) }},
	{"another token in the address", "dpd", "wrong_signature", func(r *http.Request) { r.URL.RawQuery += "x" }},
	{"two tokens in the address", "dpd", "wrong_signature", func(r *http.Request) { r.URL.RawQuery += "&token=x" }},
	{"a query that is none", "dpd", "wrong_signature", func(r *http.Request) { r.URL.RawQuery += "&a=%zz" }},
	{"the address that DPD calls from, and no token", "dpd", "unsigned", func(r *http.Request) { r.URL.RawQuery, r.RemoteAddr = "pnr=1", "213.95.42.108:1" }},
	{"from elsewhere", "inpost", "unsigned", func(r *http.Request) { r.RemoteAddr = "91.216.26.1:4711" }},
	{"from no address", "inpost", "unsigned", func(r *http.Request) { r.RemoteAddr = "@" }},
	{"from elsewhere, and says otherwise", "inpost", "unsigned", func(r *http.Request) {
		r.RemoteAddr = "10.0.0.1:4711"
		r.Header.Set("X-Forwarded-For", "91.216.25.7")
	}},
	{"signed, where nobody has a secret", "inpost", "unsigned", func(r *http.Request) { r.RemoteAddr = "10.0.0.1:1"; r.Header.Set("X-Inpost-Signature", "AAAA") }},
	{"not signed", "inpost, group", "unsigned", without("X-Inpost-Signature")},
	{"signed with something else", "inpost, group", "wrong_signature", header("X-Inpost-Signature", strings.ToLower)},
	{"signed wrongly, from the right address", "inpost, group", "wrong_signature", func(r *http.Request) { r.RemoteAddr = fromInPost; r.Header.Set("X-Inpost-Signature", "AAAA") }},
	{"signed twice", "inpost, group", "wrong_signature", func(r *http.Request) { r.Header.Add("X-Inpost-Signature", "AAAA") }},
	{"another time", "inpost, group, with the time", "wrong_signature", header("X-Inpost-Timestamp", is("18"))},
}

func TestNoAttackOnThePushesComesThrough(t *testing.T) {
	store := &shelf{}
	h := pushDoor(t, store, pushable, nil)
	var said string
	for _, a := range pushAttacks {
		p := goodPushes(t)[a.good]
		before := value(t, h.metrics.requests.WithLabelValues("tracking", p.party, a.outcome))
		w := p.push(h, a.change)
		if w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: answered %d %s", a.name, w.Code, w.Body)
		}
		if said == "" {
			said = w.Body.String()
		}
		if w.Body.String() != said {
			t.Errorf("%s: the answer is another: %s", a.name, w.Body)
		}
		if value(t, h.metrics.requests.WithLabelValues("tracking", p.party, a.outcome)) != before+1 {
			t.Errorf("%s: not counted as %s", a.name, a.outcome)
		}
	}
	if store.calls != 0 || said == "" {
		t.Errorf("%d attacks were stored", store.calls)
	}
}

func TestAPushThatIsProvenAndCanNotBeTakenIsRefused(t *testing.T) {
	limits := pushable
	limits.DocumentsMax = 2
	store := &shelf{}
	h := pushDoor(t, store, limits, nil)
	ups := goodPushes(t)["ups"]
	several := ""
	for _, end := range []string{"1", "2", "3"} {
		several += strings.ReplaceAll(ups.body, "1Z204W4R0308071865", "1Z204W4R030807186"+end)
	}
	for _, c := range []struct {
		name, body, party, method string
		change                    func(*http.Request)
		status                    int
		counted, outcome          string
	}{
		{name: "unknown party", party: "nobody", status: 404, outcome: "unknown_party"},
		{name: "no party", party: "x/", status: 404, outcome: "unknown_party"},
		{name: "GET", method: "GET", status: 405, counted: "ups", outcome: "wrong_method"},
		{name: "PUT", method: "PUT", status: 405, counted: "ups", outcome: "wrong_method"},
		{name: "long body", body: `{"x":"` + strings.Repeat("x", 50_000) + `"}`, status: 413, counted: "ups", outcome: "too_large"},
		{name: "gzip bomb", body: zipped(strings.Repeat(" ", 1<<20)), change: asGzip, status: 413, counted: "ups", outcome: "too_large"},
		{name: "half a gzip", body: zipped(ups.body)[:20], change: asGzip, status: 400, counted: "ups", outcome: "broken_off"},
		{name: "other encoding", change: func(r *http.Request) { r.Header.Set("Content-Encoding", "br") }, status: 415, counted: "ups", outcome: "wrong_encoding"},
		{name: "too many parcels", body: several, status: 413, counted: "ups", outcome: "too_large"},
	} {
		p := ups
		if c.party != "" {
			p.party = c.party
		}
		if c.method != "" {
			p.method = c.method
		}
		if c.body != "" {
			p.body = c.body
		}
		if c.change == nil {
			c.change = func(*http.Request) {}
		}
		if w := p.push(h, c.change); w.Code != c.status {
			t.Errorf("%s: answered %d %s, want %d", c.name, w.Code, w.Body, c.status)
		}
		if value(t, h.metrics.requests.WithLabelValues("tracking", c.counted, c.outcome)) < 1 {
			t.Errorf("%s: not counted", c.name)
		}
	}
	if store.calls != 0 {
		t.Errorf("%d were stored", store.calls)
	}
}

func TestPushesAreHeldToTheLimitsOfTheDoor(t *testing.T) {
	limits := pushable
	limits.RequestsPerSecondMax, limits.RequestBurstMax = 1, 1
	h := pushDoor(t, &shelf{}, limits, nil)
	for _, want := range []int{http.StatusOK, http.StatusTooManyRequests} {
		if w := goodPushes(t)["dpd"].push(h); w.Code != want {
			t.Errorf("answered %d %s", w.Code, w.Body)
		}
	}
}

func TestHostilePushesCostLittle(t *testing.T) {
	for name, body := range map[string]string{
		"arrays without end":   strings.Repeat("[", 1<<20),
		"elements without end": strings.Repeat("<a>", 300_000),
		"a name many times":    `{` + strings.Repeat(`"trackingNumber":"1","events":[],`, 30_000) + `"id":"2"}`,
		"documents":            strings.Repeat("{}", 1<<19),
		"zeroes":               strings.Repeat("\x00", 1<<20),
	} {
		h := pushDoor(t, &shelf{}, usual, nil)
		for _, carrier := range []string{"dhl", "ups", "inpost"} {
			p := goodPushes(t)[carrier]
			p.body = body
			costs(t, name+" of "+carrier, func() *httptest.ResponseRecorder {
				w := p.push(h)
				if w.Code == http.StatusOK {
					w.Code = http.StatusAccepted // the doors beside this one say so
				}
				return w
			})
		}
	}
}

func FuzzPush(f *testing.F) {
	for _, p := range goodPushes(f) {
		f.Add([]byte(p.body), p.query, plainSecret, "", p.party)
	}
	for _, body := range []string{"", "{", "[[[", "\xff", `{"trackingNumber":{}}`} {
		f.Add([]byte(body), "token=a&token=b&%74oken="+plainSecret+";x", "wrong", "gzip", "dpd")
	}
	f.Fuzz(func(t *testing.T, body []byte, query, secret, encoding, party string) {
		store := &shelf{}
		h := pushDoor(t, store, pushable, nil)
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r := httptest.NewRequest(method, TrackingPath, strings.NewReader(string(body)))
			r.URL.Path, r.URL.RawQuery = TrackingPath+party, query
			r.Header = http.Header{"X-Push-Token": {secret}, "Credential": {secret}, "X-Inpost-Signature": {secret}, "Content-Encoding": {encoding}}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			shows := secret == plainSecret || secret == older || strings.Contains(query, "oken=")
			if w.Code >= 500 || len(store.held) > 0 && !shows {
				t.Fatalf("%s: answered %d %s, stored %d", method, w.Code, w.Body, len(store.held))
			}
		}
		for _, m := range store.held {
			raw := m.Value.(*schemas.RawTracking)
			if raw.Party != party || m.Key != schemas.LinkKey(party, schemas.LinkTracking, raw.Number) || raw.Number != "" && !isReference(raw.Number) {
				t.Fatalf("stored %+v as %s", raw, m.Key)
			}
			if raw.Carrier == "dpd" && strings.Contains(string(raw.Body.Bytes), plainSecret) && !strings.Contains(strings.ReplaceAll(query, "token="+plainSecret, ""), plainSecret) {
				t.Fatalf("the secret is stored: %s", raw.Body.Bytes)
			}
		}
		if settings := h.carriers["dpd"].Settings; settings[scans.SettingPushSecret] != plainSecret {
			t.Fatal("a setting was changed")
		}
	})
}
