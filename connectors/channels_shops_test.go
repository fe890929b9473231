package connectors

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // eBay signs with it
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/marketplaces"
	"waybill/connectors/signature"
	"waybill/schemas"
)

// knocked is a door of one party, and what came through it.
func knocked(t *testing.T, channel string, settings map[string]string) (*Webhooks, *shelf) {
	t.Helper()
	receiver, err := marketplaces.Open(channel, settings)
	if err != nil {
		t.Fatal(err)
	}
	store := &shelf{}
	h, err := NewWebhooks(map[string]Party{channel: {Name: channel, Channel: channel, Receiver: receiver, Settings: settings}},
		store, roomy, NewMetrics(prometheus.NewRegistry()))
	if err != nil {
		t.Fatal(err)
	}
	h.Now = func() time.Time { return noon }
	return h, store
}

func TestAWebhookOfShopifyComesThroughTheDoor(t *testing.T) {
	h, store := knocked(t, "shopify", map[string]string{SettingWebhookSecret: ours})
	send := func(body, sum string, more ...string) int {
		return deliver(h, "shopify", "", body, func(r *http.Request) {
			r.Header = http.Header{"X-Shopify-Hmac-Sha256": {sum}, "X-Shopify-Topic": {"orders/create"}}
			for _, name := range more {
				r.Header.Set(name, name)
			}
		}).Code
	}
	signed := func(body, secret string) string {
		return base64.StdEncoding.EncodeToString(signature.SHA256([]byte(secret), []byte(body)))
	}
	const order = `{"id":450789469,"financial_status":"paid","note":"café"}`
	if code := send(order, signed(order, ours)); code != http.StatusAccepted || len(store.held) != 1 || store.held[0].Key != "shopify/450789469" {
		t.Fatalf("answered %d, stored %d", code, len(store.held))
	}
	for _, name := range []string{"X-Shopify-Webhook-Id", "X-Shopify-Event-Id"} { // neither is signed, so neither makes another delivery of it
		if code := send(order, signed(order, ours), name); code != http.StatusAccepted || len(store.held) != 1 {
			t.Errorf("again, under another %s: answered %d, stored %d", name, code, len(store.held))
		}
	}
	for what, sum := range map[string]string{
		"no signature": "", "another secret": signed(order, theirs), "another body": signed(order+" ", ours), "in hex": "00", "cut": signed(order, ours)[:20],
	} {
		if code := send(order, sum); code != http.StatusUnauthorized || len(store.held) != 1 {
			t.Errorf("%s: answered %d, stored %d", what, code, len(store.held))
		}
	}
	huge := `{"id":1,"note":"` + strings.Repeat("x", roomy.RequestBytesMax) + `"}`
	if code := send(huge, signed(huge, ours)); code != http.StatusRequestEntityTooLarge || len(store.held) != 1 {
		t.Errorf("too large: answered %d, stored %d", code, len(store.held))
	}
	const request = `{"shop_id":954889,"shop_domain":"shop.example","orders_to_redact":[299938]}`
	if code := send(request, signed(request, ours)); code != http.StatusAccepted || len(store.held) != 2 {
		t.Errorf("a request about personal data: answered %d, stored %d", code, len(store.held))
	}
}

// played is eBay as far as it hands out keys, and signs.
type played struct {
	key  *ecdsa.PrivateKey
	down bool
}

func (p *played) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	public, _ := x509.MarshalPKIXPublicKey(&p.key.PublicKey)
	switch {
	case p.down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case r.URL.Path == "/identity/v1/oauth2/token":
		fmt.Fprint(w, `{"access_token":"t","expires_in":7200}`)
	case strings.HasSuffix(r.URL.Path, "/public_key/key-1"):
		_ = json.NewEncoder(w).Encode(map[string]string{
			"key": "-----BEGIN PUBLIC KEY-----" + base64.StdEncoding.EncodeToString(public) + "-----END PUBLIC KEY-----", "algorithm": "ECDSA", "digest": "SHA1",
		})
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (p *played) signed(t *testing.T, kid, body string) string {
	t.Helper()
	digest := sha1.Sum([]byte(body)) //nolint:gosec // eBay signs with it
	sum, err := ecdsa.SignASN1(rand.Reader, p.key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	said, _ := json.Marshal(map[string]string{"alg": "ecdsa", "kid": kid, "signature": base64.StdEncoding.EncodeToString(sum), "digest": "SHA1"})
	return base64.StdEncoding.EncodeToString(said)
}

func TestANotificationOfEBayComesThroughTheDoor(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ebay := &played{key: key}
	server := httptest.NewServer(ebay)
	t.Cleanup(server.Close)
	h, store := knocked(t, "ebay", map[string]string{
		SettingWebhookSecret: ours, SettingCallbackURL: "https://waybill.example/webhooks/ebay", "api_url": server.URL,
		"api_login_url": server.URL + "/identity/v1/oauth2/token", "api_client": "program", "api_secret": "proof",
	})
	send := func(body, sum string) int {
		return deliver(h, "ebay", "", body, func(r *http.Request) { r.Header = http.Header{"X-Ebay-Signature": {sum}} }).Code
	}
	const body = `{"metadata":{"topic":"ORDER_CONFIRMATION"},"notification":{"notificationId":"n-1","data":{"order":{"orderId":"12-34567-89012"}}}}`
	ebay.down = true
	if code := send(body, ebay.signed(t, "key-1", body)); code != http.StatusServiceUnavailable || len(store.held) != 0 {
		t.Errorf("while eBay is away: answered %d, stored %d", code, len(store.held))
	}
	ebay.down = false
	for range 2 {
		if code := send(body, ebay.signed(t, "key-1", body)); code != http.StatusAccepted || len(store.held) != 1 || store.held[0].Key != "ebay/12-34567-89012" {
			t.Fatalf("answered %d, stored %d", code, len(store.held))
		}
	}
	if raw := store.held[0].Value.(*schemas.RawOrder); raw.Form != schemas.FormNotice || raw.DeliveryID != "n-1" {
		t.Errorf("stored %+v", raw)
	}
	other := strings.Replace(body, "12-34567-89012", "99-99999-99999", 1)
	for what, sum := range map[string]string{
		"no signature": "", "another message": ebay.signed(t, "key-1", body), "a key of nobody": ebay.signed(t, "key-2", other), "rubbish": "AAAA",
	} {
		if code := send(other, sum); code != http.StatusUnauthorized || len(store.held) != 1 {
			t.Errorf("%s: answered %d, stored %d", what, code, len(store.held))
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, WebhooksPath+"ebay?challenge_code=abc", nil))
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), `{"challengeResponse":"`) || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("challenged: %d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
}
