package connectors

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/marketplaces/woocommerce"
	"waybill/connectors/signature"
)

// A shop of WooCommerce tries an address before it uses it, and says that it can not be reached unless it is answered 200.
func TestAPingIsAnsweredAndNotKept(t *testing.T) {
	store := &shelf{}
	parties := map[string]Party{
		"woo":  {Name: "woo", Channel: "woocommerce", Receiver: woocommerce.New("woocommerce/1"), Settings: map[string]string{SettingWebhookSecret: ours}},
		"shop": {Name: "shop", Channel: "shops", Receiver: shop{}, Settings: map[string]string{SettingWebhookSecret: ours}},
	}
	h, err := NewWebhooks(parties, store, roomy, NewMetrics(prometheus.NewRegistry()))
	if err != nil {
		t.Fatal(err)
	}
	const order = `{"id":727,"status":"processing"}`
	sum := base64.StdEncoding.EncodeToString(signature.SHA256([]byte(ours), []byte(order)))
	for _, c := range []struct {
		name, party, body, signature string
		want, stored                 int
	}{
		{"a ping", "woo", "webhook_id=7", "", http.StatusOK, 0},
		{"more than a ping", "woo", "webhook_id=7&order=1", "", http.StatusUnauthorized, 0},
		{"a ping to who knows none", "shop", "webhook_id=7", "", http.StatusUnauthorized, 0},
		{"an order that is not signed", "woo", order, "", http.StatusUnauthorized, 0},
		{"an order that is signed", "woo", order, sum, http.StatusAccepted, 1},
		{"the same again, under another id", "woo", order, sum, http.StatusAccepted, 1},
	} {
		r := httptest.NewRequest(http.MethodPost, WebhooksPath+c.party, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-WC-Webhook-Delivery-ID", c.name)
		if c.signature != "" {
			r.Header.Set("X-WC-Webhook-Signature", c.signature)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := len(store.held); w.Code != c.want || got != c.stored {
			t.Errorf("%s: answered %d %s, %d stored", c.name, w.Code, w.Body, got)
		}
	}
}
