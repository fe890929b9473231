// Package kaufland says Kaufland's orders in our words: orders and order units as the Seller API v2 answers them, and the pushes
// that tell of them. It follows the official specification (sellerapi.kaufland.com, version 2.27.0) and, where that is silent, what
// the live API was seen to answer. It knows nothing of the network, of topics or of other channels.
//
// Kaufland has no quantity: each piece is an order unit with a reference, a price and a status of its own. A document is decoded
// tolerantly (read*.go), so that one pass finds every fault, and then translated (order.go and below).
package kaufland

import "waybill/schemas"

// Mappings are the versions of what this package makes of a document, the newest last.
var Mappings = []string{"kaufland/1"}

// Marketplace is the channel as one version of its mapping reads it. It may be used by any number of goroutines.
type Marketplace struct{ mapping string }

// New is the channel as that version reads it.
func New(mapping string) Marketplace { return Marketplace{mapping} }

// Mapping names the version.
func (m Marketplace) Mapping() string { return m.mapping }

// Normalize says an order, a unit of one, or the parts of one that came so far in our words. Its error is schemas.Faults: all
// that is wrong with it.
func (m Marketplace) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	form, found := readForm(raw.Body.Bytes)
	if form == nil {
		return nil, found.All
	}
	order := translate(form, found)
	return found.Answer(order, raw)
}
