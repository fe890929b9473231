package connectors

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/signature"
	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// addressed is a channel that signs the address it delivers to, and nothing of when, and challenges whoever listens.
type addressed struct{ shop }

func (addressed) Verify(d *signature.Delivery, secrets []string) (signature.Verified, error) {
	for _, s := range secrets {
		if signature.IsHex(d.Header.Get("X-Sum"), signature.SHA256([]byte(s), []byte(d.URL), d.Body)) {
			return signature.Verified{}, nil
		}
	}
	return signature.Verified{}, signature.ErrWrong
}

func (addressed) Challenge(query url.Values) (string, bool) {
	return query.Get("challenge"), query.Get("mode") == "subscribe"
}

// heldBy is every raw order that lies there.
func heldBy(store *embeddedtest.Store) (all []*schemas.RawOrder) {
	store.Each(func() any {
		all = append(all, new(schemas.RawOrder))
		return all[len(all)-1]
	})
	return all
}

// someSecret is made anew in each run.
func someSecret() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b)
	return "whsec_" + base64.StdEncoding.EncodeToString(b)
}

var ours, older, theirs = someSecret(), someSecret(), someSecret()

func webhookParties() map[string]Party {
	set := func(name string, receiver Receiver, settings map[string]string) Party {
		return Party{Name: name, Seller: "me", Channel: "shops", Receiver: receiver, Settings: settings}
	}
	all := map[string]Party{}
	for _, p := range []Party{
		set("shop", shop{}, map[string]string{SettingWebhookSecret: ours, SettingWebhookSecret + SuffixOld: older}),
		set("neighbour", shop{}, map[string]string{SettingWebhookSecret: theirs}),
		set("open", shop{}, nil),
		set("relayed", shop{}, map[string]string{SettingWebhookSecret: ours, SettingWebhookAuth: WebhookToken}),
		set("addressed", addressed{}, map[string]string{SettingWebhookSecret: ours}),
		set("proxied", addressed{}, map[string]string{SettingWebhookSecret: ours, SettingCallbackURL: "https://shop.example/hooks?x=1"}),
	} {
		all[p.Name] = p
	}
	return all
}

func webhookDoor(t testing.TB, store Store, limits Limits) *Webhooks {
	t.Helper()
	h, err := NewWebhooks(webhookParties(), store, limits, NewMetrics(prometheus.NewRegistry()))
	if err != nil {
		t.Fatal(err)
	}
	h.Now = func() time.Time { return noon }
	return h
}

// deliver posts what the change makes of a delivery that is signed well.
func deliver(h http.Handler, party, id, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, WebhooksPath+party, strings.NewReader(body))
	signature.SignStandard(r.Header, id, noon, []byte(body), ours)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestADeliveryIsStoredAsItWasSent(t *testing.T) {
	big := `{"id":"7","x":"` + strings.Repeat("\xff\x80é", 5<<20/4-10) + `"}`
	limits := roomy
	limits.BodyBytesMax, limits.RequestBytesMax = 5<<20, 5<<20
	store := embeddedtest.StartStore(t, topics.OrdersRaw)
	h := webhookDoor(t, store, limits)
	sent := map[string]bool{}
	for i, body := range []string{`{"id":"1"}`, " {\"id\":\"2\"}\r\n", "{\"id\":\"3\",\"x\":\"\xff\xfe\"}", `{"id":"4","id":"5"}`, `"no order"` + "\n", big} {
		if w := deliver(h, "shop", "msg_"+string(rune('a'+i)), body); w.Code != http.StatusAccepted || !strings.Contains(w.Body.String(), `"accepted":1`) {
			t.Fatalf("%.40q: answered %d %s", body, w.Code, w.Body)
		}
		sum := sha256.Sum256([]byte(body))
		sent[hex.EncodeToString(sum[:])] = true
	}
	for _, raw := range heldBy(store) {
		sum := sha256.Sum256(raw.Body.Bytes)
		if !sent[hex.EncodeToString(sum[:])] {
			t.Errorf("%s: the hash of what is stored is not that of what was sent", raw.Ref)
		}
		delete(sent, hex.EncodeToString(sum[:]))
		if raw.Origin != schemas.OriginWebhook || !strings.HasPrefix(raw.DeliveryID, "msg_") || raw.ReceivedAt != schemas.At(noon) {
			t.Errorf("stored as %s of %s at %v", raw.Origin, raw.DeliveryID, raw.ReceivedAt)
		}
		for _, header := range raw.Headers {
			if strings.Contains(header.Name, "signature") {
				t.Errorf("kept the header %s", header.Name)
			}
		}
	}
	if len(sent) > 0 {
		t.Errorf("%d were not stored", len(sent))
	}
}

func TestADeliveryOfManyOrdersIsCutAndOneOfNoneIsAccepted(t *testing.T) {
	store := &shelf{}
	h := webhookDoor(t, store, roomy)
	for body, want := range map[string]string{
		`{"list":[{"id":"1"},{"id":"2"}]}`: `{"accepted":2,"orders":["shop/1","shop/2"]}` + "\n", `{"list":[]}`: `{"accepted":0}` + "\n", `[]`: `{"accepted":0}` + "\n",
	} {
		if w := deliver(h, "shop", "1", body); w.Code != http.StatusAccepted || w.Body.String() != want {
			t.Errorf("%s: answered %d %s", body, w.Code, w.Body)
		}
	}
	if len(store.held) != 2 {
		t.Errorf("stored %d", len(store.held))
	}
}

func TestADeliveryThatComesAgainIsAcceptedAgainAndStoredOnce(t *testing.T) {
	store := &shelf{}
	h := webhookDoor(t, store, roomy)
	first := deliver(h, "shop", "msg", `{"id":"1"}`)
	for range 5 { // the sender signs each attempt anew
		h.Now = func() time.Time { return noon.Add(3 * time.Minute) }
		again := deliver(h, "shop", "msg", `{"id":"1"}`, func(r *http.Request) {
			signature.SignStandard(r.Header, "msg", noon.Add(2*time.Minute), []byte(`{"id":"1"}`), older)
		})
		if again.Code != first.Code || again.Body.String() != first.Body.String() {
			t.Errorf("answered %d %s, then %d %s", first.Code, first.Body, again.Code, again.Body)
		}
	}
	if len(store.held) != 1 {
		t.Errorf("stored %d", len(store.held))
	}
	if n := value(t, h.metrics.requests.WithLabelValues("webhooks", "shop", "repeated")); n != 5 {
		t.Errorf("counted %v", n)
	}
	if n := value(t, h.metrics.orders.WithLabelValues("webhooks", "shop")); n != 1 {
		t.Errorf("counted %v orders", n)
	}
}

func TestWhatIsNoRepeatIsStored(t *testing.T) {
	store := &shelf{}
	h := webhookDoor(t, store, roomy)
	deliver(h, "shop", "1", `{"id":"1"}`)
	deliver(h, "shop", "2", `{"id":"1"}`)       // an event of its own that looks the same
	deliver(h, "shop", "1", `{"id":"1","x":2}`) // a sender who uses an id twice
	deliver(h, "neighbour", "1", `{"id":"1"}`, func(r *http.Request) { signature.SignStandard(r.Header, "1", noon, []byte(`{"id":"1"}`), theirs) })
	if len(store.held) != 4 {
		t.Errorf("stored %d", len(store.held))
	}
	h.Now = func() time.Time { return noon.Add(deedsAge + time.Second) }
	deliver(h, "shop", "1", `{"id":"1"}`, func(r *http.Request) { signature.SignStandard(r.Header, "1", h.Now(), []byte(`{"id":"1"}`), ours) })
	if len(store.held) != 5 {
		t.Errorf("after all is forgotten: stored %d", len(store.held))
	}
}

func TestADeliveryThatCouldNotBeStoredIsTakenWhenItComesAgain(t *testing.T) {
	store := &shelf{fail: errors.New("no brokers")}
	h := webhookDoor(t, store, roomy)
	if w := deliver(h, "shop", "msg", `{"id":"1"}`); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	store.fail = nil
	if w := deliver(h, "shop", "msg", `{"id":"1"}`); w.Code != http.StatusAccepted || len(store.held) != 1 {
		t.Errorf("answered %d %s, stored %d", w.Code, w.Body, len(store.held))
	}
}

func TestOfTheSameDeliveryTwiceAtOnceOneIsStoredAndBothAreAnswered(t *testing.T) {
	for _, fail := range []error{nil, errors.New("no brokers")} {
		synctest.Test(t, func(t *testing.T) {
			store := &shelf{enter: make(chan struct{}), fail: fail}
			h := webhookDoor(t, store, roomy)
			answers := make([]*httptest.ResponseRecorder, 3)
			var all sync.WaitGroup
			for i := range answers {
				all.Go(func() { answers[i] = deliver(h, "shop", "msg", `{"id":"1"}`) })
			}
			synctest.Wait()
			close(store.enter)
			all.Wait()
			for _, w := range answers {
				if w.Code != answers[0].Code || w.Body.String() != answers[0].Body.String() || (fail == nil) != (w.Code == http.StatusAccepted) {
					t.Errorf("answered %d %s", w.Code, w.Body)
				}
			}
			if store.calls != 1 {
				t.Errorf("stored %d times", store.calls)
			}
		})
	}
}

func TestTheAddressIsSignedAsTheSenderKnowsIt(t *testing.T) {
	for _, c := range []struct {
		party, signed string
		want          int
	}{
		{"addressed", "https://example.com/webhooks/addressed?storefront=de&x=%2F", 202},
		{"addressed", "http://example.com/webhooks/addressed?storefront=de&x=%2F", 202},
		{"addressed", "https://example.com/webhooks/addressed", 401},
		{"addressed", "https://example.com/webhooks/shop?storefront=de&x=%2F", 401},
		{"proxied", "https://shop.example/hooks?x=1", 202},
		{"proxied", "https://example.com/webhooks/proxied?storefront=de&x=%2F", 401},
	} {
		h := webhookDoor(t, &shelf{}, roomy)
		w := deliver(h, c.party+"?storefront=de&x=%2F", "1", `{"id":"1"}`, func(r *http.Request) {
			r.Header.Set("X-Sum", hex.EncodeToString(signature.SHA256([]byte(ours), []byte(c.signed), []byte(`{"id":"1"}`))))
		})
		if w.Code != c.want {
			t.Errorf("%s, signed %s: answered %d %s", c.party, c.signed, w.Code, w.Body)
		}
	}
}

func TestARelayMayShowTheSecretWhereThePartySaysSo(t *testing.T) {
	for _, c := range []struct {
		party string
		want  int
	}{{"relayed", 202}, {"shop", 401}} {
		h := webhookDoor(t, &shelf{}, roomy)
		w := deliver(h, c.party, "1", `{"id":"1"}`, func(r *http.Request) { r.Header = http.Header{"X-Api-Key": {ours}} })
		if w.Code != c.want {
			t.Errorf("%s: answered %d %s", c.party, w.Code, w.Body)
		}
	}
}

func TestAChallengeIsAnsweredByTheChannelsThatHaveOne(t *testing.T) {
	for path, want := range map[string]int{
		"addressed?mode=subscribe&challenge=<b>42": 200, "addressed": 404, "addressed?mode=subscribe": 404, "shop?mode=subscribe&challenge=42": 404, "nobody?mode=subscribe&challenge=42": 404,
	} {
		w := httptest.NewRecorder()
		webhookDoor(t, &shelf{}, roomy).ServeHTTP(w, httptest.NewRequest(http.MethodGet, WebhooksPath+path, nil))
		if w.Code != want || (want == 200 && (w.Body.String() != "<b>42" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain"))) {
			t.Errorf("%s: answered %d %s", path, w.Code, w.Body)
		}
	}
}

func TestADoorWithoutASecretIsShutAndSaysSoOnceAMinute(t *testing.T) {
	var log bytes.Buffer
	h := webhookDoor(t, &shelf{}, roomy)
	h.Log = slog.New(slog.NewTextHandler(&log, nil))
	for range 10 {
		if w := deliver(h, "open", "1", `{}`); w.Code != http.StatusUnauthorized {
			t.Errorf("answered %d", w.Code)
		}
	}
	if n := strings.Count(log.String(), "webhook_secret_file"); n != 1 {
		t.Errorf("said %d times:\n%s", n, log.String())
	}
	h.Now = func() time.Time { return noon.Add(time.Minute) }
	deliver(h, "open", "1", `{}`)
	if n := strings.Count(log.String(), "webhook_secret_file"); n != 2 {
		t.Errorf("a minute later: said %d times", n)
	}
}

func TestAWrongSettingIsFoundBeforeTheDoorOpens(t *testing.T) {
	for name, value := range map[string]string{SettingWebhookAuth: "tokn", SettingCallbackURL: "shop.example/hooks"} {
		parties := map[string]Party{"shop": {Name: "shop", Receiver: shop{}, Settings: map[string]string{name: value}}}
		if _, err := NewWebhooks(parties, &shelf{}, roomy, NewMetrics(prometheus.NewRegistry())); err == nil || !strings.Contains(err.Error(), "party shop: "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
