// Package allegro says Allegro's orders in our words: checkout forms as GET /order/checkout-forms answers them. It follows
// the official specification (developer.allegro.pl/swagger.yaml) and, where that is silent, what Allegro answered in the
// issues of allegro/allegro-api, cited as ALL#n. It knows nothing of the network, of topics or of other channels.
//
// A form is decoded tolerantly (read*.go), so that one pass finds every fault, and then translated (order.go and below).
package allegro

import "waybill/schemas"

const mapping = "allegro/1"

// Marketplace is the channel. It keeps nothing, so the zero value serves any number of goroutines.
type Marketplace struct{}

// Mapping is the version of what this package makes of a form. It changes when the same bytes would become another order.
func (Marketplace) Mapping() string { return mapping }

// Normalize says a checkout form in our words. Its error is schemas.Faults: all that is wrong with the form.
func (Marketplace) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	form, found := readForm(raw.Body.Bytes)
	if form == nil {
		return nil, found.all
	}
	order := translate(form, found)
	if err := found.all.Err(); err != nil {
		return nil, err
	}
	order.OrderID, order.Party, order.Seller, order.Channel = raw.OrderID, raw.Party, raw.Seller, raw.Channel
	return order, nil
}
