package shopify

import (
	"net/http"
	"slices"
	"strings"

	"waybill/connectors/signature"
)

// headerSums carry the signature: the second is that of "events", whose headers have no X- (Shopify/shopify-api-ruby, webhooks/request.rb).
var headerSums = [...]string{"X-Shopify-Hmac-Sha256", "Shopify-Hmac-Sha256"}

// Verify tells whether the shop signed the delivery: the base64 of the HMAC-SHA256 of the body as it came, under the secret of the app
// (shopify.dev, Webhooks, Verify). After the secret was exchanged, old signatures go on for up to an hour, so that both are good.
//
// Nothing else is signed, no time and no id: X-Shopify-Webhook-Id is anybody's word. So no id is vouched for: the door knows the same body
// by its bytes, and behind it updated_at, which is in the body, tells what is older than what is known.
func (Marketplace) Verify(d *signature.Delivery, secrets []string) (none signature.Verified, err error) {
	given, once := sumOf(d.Header)
	switch {
	case given == "":
		return none, signature.ErrMissing
	case !once || !slices.ContainsFunc(secrets, func(secret string) bool {
		return secret != "" && signature.IsBase64(given, signature.SHA256([]byte(secret), d.Body))
	}):
		return none, signature.ErrWrong
	}
	return none, nil
}

// sumOf is the one signature of a delivery: of two, each reader could believe another. It may end with a line break.
func sumOf(header http.Header) (given string, once bool) {
	var all []string
	for _, name := range headerSums {
		all = append(all, header.Values(name)...)
	}
	if len(all) == 0 {
		return "", false
	}
	return strings.TrimSpace(all[0]), len(all) == 1
}
