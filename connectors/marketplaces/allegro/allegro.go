// Package allegro says Allegro's orders in our words: checkout forms as GET /order/checkout-forms answers them. It follows
// the official specification (developer.allegro.pl/swagger.yaml) and, where that is silent, what Allegro answered in the
// issues of allegro/allegro-api, cited as ALL#n. It knows nothing of the network, of topics or of other channels.
//
// A form is decoded tolerantly (read*.go), so that one pass finds every fault, and then translated (order.go and below).
package allegro

import (
	"strconv"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Mappings are the versions of what this package makes of a form, the newest last. A new one comes whenever the same bytes would
// become another order; the earlier ones stay, so that an order can be made again as it was.
var Mappings = []string{first, second}

const (
	first  = "allegro/1"
	second = "allegro/2" // says that prices include the tax, and takes forms of 5000 lines instead of 1000
)

// Marketplace is the channel as one version of its mapping reads it. It may be used by any number of goroutines.
type Marketplace struct{ mapping string }

// New is the channel as that version reads it.
func New(mapping string) Marketplace { return Marketplace{mapping} }

// Mapping names the version.
func (m Marketplace) Mapping() string { return m.mapping }

// Normalize says a checkout form in our words. Its error is schemas.Faults: all that is wrong with the form.
func (m Marketplace) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	form, found := readForm(raw.Body.Bytes)
	if form == nil {
		return nil, found.All
	}
	order := translate(form, found)
	m.asOf(order, found)
	return found.Answer(order, raw)
}

// asOf makes of what the newest mapping says what an earlier one said.
func (m Marketplace) asOf(order *schemas.Order, found *reading.Findings) {
	if m.mapping != first {
		return
	}
	order.PricesIncludeTax = nil
	if len(order.Lines) > linesMaxFirst {
		found.Add(reading.TooManyLines, "$.lineItems", "more than "+strconv.Itoa(linesMaxFirst)+" are not taken")
	}
}
