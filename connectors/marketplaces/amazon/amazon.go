// Package amazon says Amazon's orders in our words: as the Orders API answers them in its version of 2026-01-01 and in v0, which
// ends on 2027-03-27, and the notifications that only say that something happened. It follows the official specifications of
// amzn/selling-partner-api-models (orders_2026-01-01.json, ordersV0.json) and, where those are silent, what sellers saw and wrote in
// its issues, cited as SPM#n. It knows nothing of the network, of topics or of other channels.
//
// A document of either version is read into one form (read_*.go, sale.go), so that one pass finds every fault, and then translated
// (order.go and below).
package amazon

import "waybill/schemas"

// Mappings are the versions of what this package makes of an order, the newest last.
var Mappings = []string{"amazon/1"}

// Marketplace is the channel as one version of its mapping reads it. It may be used by any number of goroutines.
type Marketplace struct{ mapping string }

// New is the channel as that version reads it.
func New(mapping string) Marketplace { return Marketplace{mapping} }

// Mapping names the version.
func (m Marketplace) Mapping() string { return m.mapping }

// Normalize says an order in our words: a whole one, or the parts of one that have come, as {"parts": {"order": …}}. Its error is
// schemas.Faults: all that is wrong with it.
func (m Marketplace) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	s, found := readSale(raw.Body.Bytes)
	if s == nil {
		return nil, found.All
	}
	order := translate(s, found)
	return found.Answer(order, raw)
}
