// Package shopify says the orders of a Shopify shop in our words: those of the REST Admin API, as the webhooks orders/* deliver them and as
// GET /orders/{id}.json answers (shopify.dev, Order, versions 2022-10 to 2026-07). It knows nothing of the network, of topics or of other
// channels, but for account*.go, which speak with a shop.
//
// What was delivered is read tolerantly (read*.go), so that one pass finds every fault, and then translated (order.go and below).
package shopify

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// Mappings are the versions of what this package makes of an order, the newest last.
var Mappings = []string{first, second}

const (
	first  = "shopify/1"
	second = "shopify/2" // says how much was paid back
)

// Marketplace is the channel as one version of its mapping reads it. It may be used by any number of goroutines.
type Marketplace struct{ mapping string }

// New is the channel as that version reads it.
func New(mapping string) Marketplace { return Marketplace{mapping} }

// Mapping names the version.
func (m Marketplace) Mapping() string { return m.mapping }

// Normalize says an order in our words. Its error is schemas.Faults: all that is wrong with it.
func (m Marketplace) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	f := new(form)
	found, ok := reading.Document(raw.Body.Bytes, formFields, f)
	if ok && (f.of != "" || f.isNone() && len(found.All) == 0) {
		found, ok = reading.Only(f.none()), false
	}
	if !ok {
		return nil, found.All
	}
	f.translate(found)
	if m.mapping != first {
		f.payBack()
	}
	f.SourceKind = map[string]string{schemas.OriginWebhook: "shop_webhook"}[raw.Origin]
	if f.source == sourceTill {
		f.SourceKind = sourceTill
	}
	return found.Answer(&f.Order, raw)
}

// sourceTill is the source_name of what was sold in a shop of bricks; it is also our word for it.
const sourceTill = "pos"

// isNone is true of a document that neither tells an order nor names one: orders/delete and the requests about personal data.
func (f *form) isNone() bool {
	return f.financial+f.fulfilment+f.total.shop == "" && f.lines == nil && f.cancelledAt == nil
}

func (f *form) none() (code, text string) {
	switch {
	case f.of != "":
		return reading.NotAnOrder, "it only names an order: what became of that has to be fetched"
	case f.personal:
		return reading.PersonalDataRequest, "a request about personal data (customers/data_request, customers/redact, shop/redact): somebody has to answer it within 30 days"
	}
	return reading.NotAnOrder, "nothing of an order but an id: the shop deleted the order; one that is called off says so before"
}
