package carriers

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/connectors/remote"
)

// wants are requests of each way to ask, as the carrier's documents have them.
var wants = map[string][]string{
	"dhl": {
		"GET /shipments?xml=", `appname="zt&lt;1&gt;" language-code="en" password="hunter&#34;2&amp;" piece-code="00340434161094015902;00340434161094015903" request="d-get-piece-detail"/>`,
	},
	"dhl, unified": {"GET /shipments?", "trackingNumber=00340434292135100056", "service=parcel-de"},
	"dpd": {
		"POST /ParcelLifeCycleService/V2_0 <?xml", `xmlns:a="http://dpd.com/common/service/types/Authentication/2.0"><delisId>KD&lt;1&gt;</delisId><authToken>hunter&amp;token</authToken>`,
		`xmlns:t="http://dpd.com/common/service/types/ParcelLifeCycleService/2.0"><parcelLabelNumber>05308801410058</parcelLabelNumber>`,
	},
	"gls":    {"GET /tracking/simple/trackids/36301917596,QAS_0000001 "},
	"inpost": {"GET /v1/tracking/602677439331630337653846 "},
	"ups":    {"GET /track/v1/details/1Z023E2X0214323462?"},
}

func TestTheQuestionIsAsTheCarrierWantsIt(t *testing.T) {
	more := map[string]string{"dhl": "00340434161094015903", "gls": "QAS_0000001"}
	for name, all := range wants {
		a := askedWay[name]
		at := openBureau(t, says(200, file(t, a.said)))
		numbers := []string{a.number}
		if other := more[name]; other != "" {
			numbers = append(numbers, other)
		}
		if _, err := a.open(t, at).Ask(t.Context(), numbers); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		asked := at.asked[0]
		if plain, err := url.QueryUnescape(asked); err == nil && name == "dhl" {
			asked = strings.Replace(plain, "? xml", "?xml", 1)
		}
		for _, want := range all {
			if !strings.Contains(asked, want) {
				t.Errorf("%s: %s is not in %s", name, want, asked)
			}
		}
	}
}

// A token that is good no more is no fault: another is got, and the question is asked once more.
func TestATokenThatDiedIsReplaced(t *testing.T) {
	dead := map[string]func(w http.ResponseWriter){
		"gls": func(w http.ResponseWriter) {
			says(401, file(t, "gls/testdata/track/tnt-401-401ApigeeTokenExpired.json"))(w, 0)
		},
		"ups": func(w http.ResponseWriter) { says(401, file(t, "ups/testdata/track/error-auth.json"))(w, 0) },
		"dpd": func(w http.ResponseWriter) { says(500, loginFault("LOGIN_5"))(w, 0) },
	}
	for name, die := range dead {
		for _, times := range []int{1, 5} {
			a := askedWay[name]
			at := openBureau(t, func(w http.ResponseWriter, nth int) {
				if nth <= times {
					die(w)
					return
				}
				_, _ = io.WriteString(w, file(t, a.said))
			})
			said, err := a.open(t, at).Ask(t.Context(), []string{a.number})
			var f *remote.Failure
			refused := errors.As(err, &f) && f.Class == remote.Authentication
			if refused != (times > 1) || !refused && len(said) == 0 || at.logins != 2 || len(at.asked) != 2 {
				t.Errorf("%s, dead %d times: %v, %d bytes, %d logins, asked %d times", name, times, err, len(said), at.logins, len(at.asked))
			}
		}
	}
}

func loginFault(code string) string {
	return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>Fault occured</faultstring>` +
		`<detail><authenticationFault><errorCode>` + code + `</errorCode><errorMessage>no</errorMessage></authenticationFault></detail></soap:Fault></soap:Body></soap:Envelope>`
}

func TestAFaultOfDPDIsSortedByItsCode(t *testing.T) {
	for _, c := range []struct {
		said, class, code string
		status            int
	}{
		{file(t, "dpd/testdata/track/tracking-error.xml"), remote.Authentication, "DELICOM_ERR_AUTHENTICATION", 500},
		{file(t, "dpd/testdata/track/tracking-error.xml"), remote.Authentication, "DELICOM_ERR_AUTHENTICATION", 200},
		{loginFault("OTHER_1"), remote.Business, "OTHER_1", 500},
		{loginFault(""), remote.Transient, "500", 500},
	} {
		_, err := askedWay["dpd"].open(t, openBureau(t, says(c.status, c.said))).Ask(t.Context(), []string{"1"})
		var f *remote.Failure
		if !errors.As(err, &f) || f.Class != c.class || f.Code != c.code || f.Perhaps {
			t.Errorf("%d %.60s: %v", c.status, c.said, err)
		}
	}
}

func TestARefusalOfDHLThatComesAsASuccessIsOne(t *testing.T) {
	_, err := askedWay["dhl"].open(t, openBureau(t, says(200, `<data name="piece-shipment-list" code="5" error="Login failed"/>`))).Ask(t.Context(), []string{"1"})
	var f *remote.Failure
	if !errors.As(err, &f) || f.Class != remote.Permanent || f.Code != "code_5" || !strings.Contains(f.Reason, "tracking_user") {
		t.Errorf("%v", err)
	}
}

// Who has used up the calls of a day is left alone until midnight GMT, but not for longer than an hour at a time.
func TestAQuotaThatIsUsedUpIsWaitedFor(t *testing.T) {
	for name, said := range map[string]string{
		"gls": "gls/testdata/track/tnt-429-429RateLimitQuotaViolation.json", "dhl, unified": "dhl/testdata/track/nr-error-too_many_requests.json",
	} {
		a := askedWay[name]
		before := remote.UntilQuota(time.Now())
		_, err := a.open(t, openBureau(t, says(429, file(t, said)))).Ask(t.Context(), []string{a.number})
		var f *remote.Failure
		if !errors.As(err, &f) || f.Class != remote.Throttled || f.RetryAfter <= 0 || f.RetryAfter > time.Hour || before == time.Hour && f.RetryAfter < time.Hour-time.Minute {
			t.Errorf("%s: %v, again after %v", name, err, f.RetryAfter)
		}
	}
}

func TestUPSIsToldOfWhichParcelsItIsToPush(t *testing.T) {
	a := askedWay["ups"]
	answer := `{"validTrackingNumbers":["1Z023E2X0214323462"],"invalidTrackingNumbers":["1Z0"]}`
	for _, back := range []string{"", "https://example.com/tracking/ups"} {
		at := openBureau(t, says(200, answer))
		settings := map[string]string{"client_id": "i", "client_secret": "s", "tracking_url": at.URL, "token_url": at.URL + "/token", "push_secret": "hunter", "push_url": back}
		asker, asking, err := AskerOf("ups", settings)
		subscriber := SubscriberOf(asker)
		if err != nil || subscriber == nil || asking.SubscribeMax != 100 || asking.SubscribedFor != 14*24*time.Hour {
			t.Fatalf("%v, %v, %+v", err, subscriber, asking)
		}
		said, err := subscriber.Subscribe(t.Context(), []string{a.number, "1Z0"})
		if err != nil || string(said) != answer || !strings.HasPrefix(at.asked[0], `POST /track/v2/subscription/standard/package {"locale":"en_US","countryCode":"US","trackingNumberList":["1Z023E2X0214323462","1Z0"]`) {
			t.Fatalf("%v, %s, asked %q", err, said, at.asked)
		}
		if told := strings.Contains(at.asked[0], `"destination":{"url":"`+back+`","credentialType":"Bearer","credential":"hunter"}`); told != (back != "") {
			t.Errorf("asked %q", at.asked)
		}
		var f *remote.Failure
		if _, err := subscriber.Subscribe(t.Context(), slices.Repeat([]string{a.number}, 101)); !errors.As(err, &f) || f.Class != remote.Permanent || len(at.asked) != 1 {
			t.Errorf("101 at once: %v", err)
		}
	}
	if _, asking, err := AskerOf("ups", map[string]string{"client_id": "i", "client_secret": "s"}); err != nil || asking.SubscribeMax != 0 {
		t.Errorf("without a secret: %+v, %v", asking, err)
	}
}

func TestARefusedSubscriptionSaysWhy(t *testing.T) {
	for said, class := range map[string]string{
		`{"response":{"errors":[{"code":"VSS300","message":"Locale is required. The Subscription request has been rejected."}]}}`: remote.Business,
		`{"response":{"errors":[{"code":"VSS100","message":"temporarily unavailable"}]}}`:                                         remote.Transient,
	} {
		at := openBureau(t, says(400, said))
		settings := map[string]string{"client_id": "i", "client_secret": "s", "tracking_url": at.URL, "token_url": at.URL + "/token", "push_secret": "s"}
		asker, _, err := AskerOf("ups", settings)
		if err != nil {
			t.Fatal(err)
		}
		_, err = SubscriberOf(asker).Subscribe(t.Context(), []string{"1Z0"})
		var f *remote.Failure
		if !errors.As(err, &f) || f.Class != class || f.Perhaps {
			t.Errorf("%s: %v, perhaps %v", said, err, f.Perhaps)
		}
	}
}
