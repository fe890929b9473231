// Package woocommerce says the orders of a WooCommerce shop in our words: those of its REST API v3, as its webhooks order.created and order.updated
// deliver them (woocommerce.github.io/woocommerce-rest-api-docs). WOO#n is an issue of woocommerce/woocommerce. The worked example of CONTRIBUTING.md.
package woocommerce

import (
	"net/http"
	"slices"
	"strings"

	"waybill/connectors/reading"
	"waybill/connectors/signature"
	"waybill/schemas"
)

// Mappings are the versions of what this package makes of an order, the newest last: the second says how much was paid back.
var Mappings = []string{"woocommerce/1", "woocommerce/2"}

// Marketplace is the channel as one version of its mapping reads it. It may be used by any number of goroutines.
type Marketplace struct{ mapping string }

// New is the channel as that version reads it.
func New(mapping string) Marketplace { return Marketplace{mapping} }

// Mapping names the version.
func (m Marketplace) Mapping() string { return m.mapping }

// Receive cuts what was delivered into orders: one, as a webhook brings it, or a page of GET /wc/v3/orders, which is an array.
func (Marketplace) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	return reading.CutBy("id", body)
}

// Normalize says an order in our words. Its error is schemas.Faults: all that is wrong with it.
func (m Marketplace) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	f := new(form)
	found, ok := reading.Document(raw.Body.Bytes, formFields, f)
	if ok && f.ChannelStatus+f.total == "" && f.lines == nil && len(found.All) == 0 {
		found, ok = reading.Only(reading.NotAnOrder, "nothing but an id: the shop deleted the order; one that is called off says so by its status"), false
	}
	if !ok {
		return nil, found.All
	}
	f.translate(found)
	if m.mapping != Mappings[0] {
		reading.PayBack(&f.Order, f.Total, f.refunds, reading.RefundedTooMuch, "$.refunds")
	}
	f.SourceKind = map[string]string{schemas.OriginWebhook: "shop_webhook"}[raw.Origin]
	return found.Answer(&f.Order, raw)
}

// Verify tells whether the shop signed the delivery: X-WC-Webhook-Signature is the base64 of the HMAC-SHA256 of the body as it came,
// under the webhook's secret (WC_Webhook::generate_signature).
// Neither a time nor an id is signed (README.md): the door knows the same body by its bytes, and behind it date_modified_gmt, which is
// in the body, tells what is older than what is known.
func (Marketplace) Verify(d *signature.Delivery, secrets []string) (none signature.Verified, err error) {
	given := d.Header.Get("X-WC-Webhook-Signature")
	switch {
	case given == "":
		return none, signature.ErrMissing
	case !slices.ContainsFunc(secrets, func(secret string) bool {
		return secret != "" && signature.IsBase64(given, signature.SHA256([]byte(secret), d.Body))
	}):
		return none, signature.ErrWrong
	}
	return none, nil
}

// Ping tells whether the shop only tries whether somebody is there, as it does when a webhook is made: webhook_id=7 as a form, not
// signed (WC_Webhook::deliver_ping). It wants to be answered 200, and there is nothing in it to keep.
func (Marketplace) Ping(d *signature.Delivery) bool {
	id, is := strings.CutPrefix(string(d.Body), "webhook_id=")
	return is && id != "" && strings.Trim(id, "0123456789") == "" && d.Header.Get("X-WC-Webhook-Signature") == ""
}
