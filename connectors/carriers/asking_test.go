package carriers

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// asking is a way to ask a carrier, with what it answers to that, as far as it was recorded.
type asking struct {
	carrier  string
	settings map[string]string
	number   string
	said     string // a file
	absent   string // a file: it does not know the parcel
	status   int    // by which it says so
}

// askedWay are all ways to ask, by name. In each setting that is secret stands the word hunter.
var askedWay = map[string]asking{
	"dhl": {
		carrier: "dhl", number: "00340434161094015902", said: "dhl/testdata/track/tracking-piece-detail.xml", absent: "dhl/testdata/track/tracking-error-not-found.xml", status: 200,
		settings: map[string]string{"api_key": "key", "api_secret": "hunter1", "tracking_user": "zt<1>", "tracking_password": `hunter"2&`},
	},
	"dhl, unified": {
		carrier: "dhl", number: "00340434292135100056", said: "dhl/testdata/track/nr-success-00340434292135100056.json", absent: "dhl/testdata/track/nr-error-not_found.json", status: 404,
		settings: map[string]string{"tracking": "unified", "api_key": "hunter"},
	},
	"dpd": {
		carrier: "dpd", number: "05308801410058", said: "dpd/testdata/track/tracking-response.xml",
		settings: map[string]string{"user": "KD<1>", "password": `hunter"2&`},
	},
	"gls": {
		carrier: "gls", number: "36301917596", said: "gls/testdata/track/tnt-200-200WithoutErrors.json", absent: "gls/testdata/track/tracking-error-404.json", status: 200,
		settings: map[string]string{"client_id": "id", "client_secret": "hunter"},
	},
	"inpost": {
		carrier: "inpost", number: "602677439331630337653846", said: "inpost/testdata/track/tracking-response.json", absent: "inpost/testdata/track/error-404-resource.json", status: 404,
	},
	"ups": {
		carrier: "ups", number: "1Z023E2X0214323462", said: "ups/testdata/track/tracking-response.json", absent: "ups/testdata/track/tracking-error-not-found.json", status: 200,
		settings: map[string]string{"client_id": "id", "client_secret": "hunter"},
	},
	"ups, by its status": {
		carrier: "ups", number: "1Z023E2X0214323462", said: "ups/testdata/track/postman-response-tracking-example-request.json", absent: "ups/testdata/track/tracking-error-invalid-number.json", status: 404,
		settings: map[string]string{"client_id": "id", "client_secret": "hunter"},
	},
}

// bureau answers who asks. Tokens it gives to everybody, each another.
type bureau struct {
	*httptest.Server
	mu     sync.Mutex
	logins int
	asked  []string // requests other than for a token: method, address and body
	answer func(w http.ResponseWriter, nth int)
}

func openBureau(t *testing.T, answer func(w http.ResponseWriter, nth int)) *bureau {
	b := &bureau{answer: answer}
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Close)
	return b
}

func (b *bureau) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case strings.HasPrefix(r.URL.Path, "/token"):
		b.logins++
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"hunter-token","token_type":"Bearer","expires_in":3600}`)
	case strings.HasPrefix(r.URL.Path, "/LoginService/"):
		b.logins++
		_, _ = io.WriteString(w, `<Envelope><Body><getAuthResponse><return><authToken>hunter&amp;token</authToken></return></getAuthResponse></Body></Envelope>`)
	default:
		b.asked = append(b.asked, r.Method+" "+r.URL.String()+" "+string(body))
		b.answer(w, len(b.asked))
	}
}

// says answers everything alike.
func says(status int, body string) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// open is the account as the bureau's carrier is asked.
func (a asking) open(t *testing.T, at *bureau) Asker {
	t.Helper()
	settings := map[string]string{"tracking_url": at.URL, "unified_url": at.URL, "token_url": at.URL + "/token"}
	for name, value := range a.settings {
		settings[name] = value
	}
	asker, asking, err := AskerOf(a.carrier, settings)
	if err != nil || asker == nil || asking.NumbersMax < 1 || asking.CallMax <= 0 || asking.PerSecond <= 0 {
		t.Fatalf("%v, %+v, %v", asker, asking, err)
	}
	return asker
}

// eachWay runs a test for every way to ask.
func eachWay(t *testing.T, test func(t *testing.T, a asking)) {
	for _, carrier := range Names() {
		if _, there := askedWay[carrier]; !there {
			t.Errorf("%s is not tried", carrier)
		}
	}
	for name, a := range askedWay {
		t.Run(name, func(t *testing.T) { test(t, a) })
	}
}

func file(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatACarrierSaysWhenItIsAskedIsHandedOverAsItCame(t *testing.T) {
	eachWay(t, func(t *testing.T, a asking) {
		want := file(t, a.said)
		at := openBureau(t, says(200, want))
		said, err := a.open(t, at).Ask(t.Context(), []string{a.number})
		if err != nil || string(said) != want || len(at.asked) != 1 || !strings.Contains(at.asked[0], a.number) {
			t.Fatalf("%v, %d bytes of %d, asked %q", err, len(said), len(want), at.asked)
		}
		if tracked, err := trackers[a.carrier](said, a.number); err != nil || len(tracked.Scans) == 0 {
			t.Errorf("what it said can not be read: %v, %d scans", err, len(tracked.Scans))
		}
	})
}

func TestThatACarrierDoesNotKnowAParcelIsAnAnswer(t *testing.T) {
	eachWay(t, func(t *testing.T, a asking) {
		if a.absent == "" {
			t.Skip("no such answer was recorded")
		}
		said, err := a.open(t, openBureau(t, says(a.status, file(t, a.absent)))).Ask(t.Context(), []string{a.number})
		if err != nil || string(said) != file(t, a.absent) {
			t.Fatalf("%v, %s", err, said)
		}
		if tracked, err := trackers[a.carrier](said, a.number); err != nil || len(tracked.Absent) != 1 {
			t.Errorf("%v, %+v", err, tracked)
		}
	})
}

func TestACarrierThatDoesNotAnswerIsAskedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, int)
		class  string
	}{
		"our credentials":   {says(401, "no"), remote.Authentication},
		"not for us":        {says(403, "no"), remote.Authentication},
		"its fault":         {says(500, "<html>"), remote.Transient},
		"what stands ahead": {says(503, ""), remote.Transient},
		"another page":      {says(200, "<html><p>We are working on it</html>"), remote.Transient},
		"a good page":       {says(200, "<html><p>We are working on it</p></html>"), remote.Transient},
		"nothing":           {says(200, ""), remote.Transient},
		"more than is good": {says(200, "<a>"+strings.Repeat("x", 9<<20)), remote.Transient},
		"it hangs up":       {func(http.ResponseWriter, int) { panic(http.ErrAbortHandler) }, remote.Transient},
		"too often": {func(w http.ResponseWriter, _ int) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(429)
		}, remote.Throttled},
		"elsewhere": {says(404, "no such page"), remote.Permanent},
	} {
		t.Run(name, func(t *testing.T) {
			eachWay(t, func(t *testing.T, a asking) {
				said, err := a.open(t, openBureau(t, c.answer)).Ask(t.Context(), []string{a.number})
				var f *remote.Failure
				if !errors.As(err, &f) || f.Class != c.class || f.Perhaps || f.Reason == "" || len(said) > 0 {
					t.Fatalf("%v (%+v), %d bytes", err, f, len(said))
				}
				if c.class == remote.Throttled && f.RetryAfter != 7*time.Second {
					t.Errorf("again after %v", f.RetryAfter)
				}
			})
		})
	}
}

func TestACarrierThatTakesTooLongIsLeft(t *testing.T) {
	eachWay(t, func(t *testing.T, a asking) {
		asker := a.open(t, openBureau(t, func(http.ResponseWriter, int) { time.Sleep(300 * time.Millisecond) }))
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := asker.Ask(ctx, []string{a.number})
		var f *remote.Failure
		if !errors.As(err, &f) || f.Class != remote.Transient || f.Code != "timeout" {
			t.Errorf("%v", err)
		}
	})
}

func TestNothingIsAskedAboutWhatCanBeNoNumber(t *testing.T) {
	eachWay(t, func(t *testing.T, a asking) {
		at := openBureau(t, says(200, file(t, a.said)))
		asker := a.open(t, at)
		for _, numbers := range [][]string{
			nil, make([]string, 1000), {""}, {"../login"}, {"1;2"}, {"1,2"}, {"1\" request=\"x"}, {"1?a=b"}, {"1%2F"}, {strings.Repeat("1", 101)}, {"é"}, {"1\n"},
		} {
			_, err := asker.Ask(t.Context(), numbers)
			var f *remote.Failure
			if !errors.As(err, &f) || f.Class != remote.Permanent {
				t.Errorf("%q: %v", numbers[:min(len(numbers), 3)], err)
			}
		}
		if len(at.asked) > 0 {
			t.Errorf("asked %q", at.asked)
		}
	})
}

// Of what goes over the wire a copy is kept: it has no password and no token in it.
func TestNoSecretOfAQuestionIsKept(t *testing.T) {
	eachWay(t, func(t *testing.T, a asking) {
		asker := a.open(t, openBureau(t, says(200, file(t, a.said))))
		var heard []schemas.Exchange
		ctx := remote.Watch(t.Context(), func(x schemas.Exchange) { heard = append(heard, x) })
		if _, err := asker.Ask(ctx, []string{a.number}); err != nil || len(heard) == 0 {
			t.Fatalf("%v, heard %d", err, len(heard))
		}
		for _, x := range heard {
			if all := x.Path + string(x.Query.Bytes) + x.Headers + string(x.Sent.Bytes); strings.Contains(all, "hunter") {
				t.Errorf("kept %s", all)
			}
		}
	})
}

func TestAnAccountWithoutASettingToAskWithIsNoAsker(t *testing.T) {
	for carrier, settings := range map[string]map[string]string{
		"dhl": {"api_key": "k", "user": "u", "password": "p"}, "dpd": {"business_unit": "001"}, "gls": {"contact_id": "1"}, "ups": {"shipper_number": "1"},
	} {
		if asker, asking, err := AskerOf(carrier, settings); asker != nil || asking.NumbersMax != 0 || err != nil {
			t.Errorf("%s: %v, %+v, %v", carrier, asker, asking, err)
		}
	}
}

func TestHalfOfWhatIsNeededToAskIsAnErrorThatNamesTheRest(t *testing.T) {
	for _, c := range []struct {
		carrier, names string
		settings       map[string]string
	}{
		{"dhl", "api_secret", map[string]string{"tracking_user": "u", "tracking_password": "p", "api_key": "k"}},
		{"dhl", "tracking_password", map[string]string{"tracking_user": "u", "api_key": "k", "api_secret": "s"}},
		{"dhl", "tracking is", map[string]string{"tracking": "both"}},
		{"dpd", "tracking_password", map[string]string{"tracking_user": "u"}},
		{"dpd", "tracking_login", map[string]string{"user": "u", "password": "p", "tracking_login": "3"}},
		{"gls", "client_secret", map[string]string{"client_id": "i"}},
		{"ups", "client_id", map[string]string{"client_secret": "i"}},
		{"ups", "push_secret", map[string]string{"client_id": "i", "client_secret": "s", "push_url": "https://example.com/tracking/ups"}},
		{"ups", "push_url", map[string]string{"client_id": "i", "client_secret": "s", "push_secret": "s", "push_url": "example.com"}},
		{"hermes", "there are: dhl", nil},
	} {
		if asker, _, err := AskerOf(c.carrier, c.settings); asker != nil || err == nil || !strings.Contains(err.Error(), c.names) {
			t.Errorf("%s %v: %v, %v", c.carrier, c.settings, asker, err)
		}
	}
}

// Who books with an account also asks with it and is told by it: each takes the settings of the others.
func TestTheSettingsToBookToAskAndToBeToldStandSideBySide(t *testing.T) {
	settings := map[string]string{
		"api_key": "k", "api_secret": "s", "user": "u", "password": "p", "business_unit": "001", "client_id": "i", "client_secret": "s", "contact_id": "1",
		"token": "t", "organization": "1", "shipper_number": "1", "tracking_user": "u", "tracking_password": "p", "push_secret": "s", "push_header": "X-P", "push_from": "10.0.0.0/8",
		"push_url": "https://example.com/tracking/ups",
	}
	for _, carrier := range Names() {
		_, err := Open(carrier, settings)
		asker, _, failed := AskerOf(carrier, settings)
		if err != nil || failed != nil || asker == nil {
			t.Errorf("%s: %v, %v, %v", carrier, err, asker, failed)
		}
		if push, does := PushOf(carrier); does && push.Check != nil && push.Check(settings) != nil {
			t.Errorf("%s: %v", carrier, push.Check(settings))
		}
	}
	if _, does := PushOf("gls"); does {
		t.Error("GLS pushes")
	}
}
