// Package direct is Waybill's own order format, for whoever has no marketplace: tills, forms that are filled in on the phone,
// files that come by mail, shops of one's own. It says an order in the words of schemas.Order, as JSON (connectors/openapi has
// its schema) or as a table (FromCSV). It knows nothing of the network, of topics or of other channels.
//
// An order is decoded tolerantly (read*.go), so that one pass finds every fault, and then translated (order.go and below).
package direct

import "waybill/schemas"

// Mappings are the versions of what this package makes of an order, the newest last.
var Mappings = []string{"direct/1"}

// Marketplace is the channel as one version of its mapping reads it. It may be used by any number of goroutines.
type Marketplace struct{ mapping string }

// New is the channel as that version reads it.
func New(mapping string) Marketplace { return Marketplace{mapping} }

// Mapping names the version.
func (m Marketplace) Mapping() string { return m.mapping }

// Normalize says an order in our words: as it was sent, or as patches have left it. Its error is schemas.Faults: all that is
// wrong with it. An order without a Ref at the door is not asked whether it kept it.
func (m Marketplace) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	form, found := readForm(raw.Body.Bytes)
	if form == nil {
		return nil, found.All
	}
	return found.Answer(translate(form, raw.Ref, found), raw)
}
