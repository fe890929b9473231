// Package ebay says eBay's orders in our words: those of the Sell Fulfillment API (sell_fulfillment_v1_oas3.json, v1.20.7), and the
// notifications that name them (commerce_notification_v1_oas3.json, v1.2.0). It knows nothing of topics or of other channels, and of the
// network but in account*.go, which speak with a seller's account, and keys.go, which fetches the keys that eBay signs with.
//
// A document is read tolerantly (read*.go), so that one pass finds every fault, and then translated (order.go and below).
package ebay

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// Mappings are the versions of what this package makes of an order, the newest last.
var Mappings = []string{first, second}

const (
	first  = "ebay/1"
	second = "ebay/2" // says how much was paid back
)

// Marketplace is the channel as one version of its mapping reads it. It may be used by any number of goroutines.
type Marketplace struct {
	mapping  string
	keys     *keys // nil: it can fetch none
	endpoint string
	token    string
}

// New is the channel as that version reads it, with what a party's settings say of its notifications.
func New(mapping string, settings map[string]string) (Marketplace, error) {
	m := Marketplace{mapping: mapping, endpoint: settings[settingEndpoint], token: settings[settingToken]}
	var err error
	m.keys, err = keysOf(settings)
	return m, err
}

// Mapping names the version.
func (m Marketplace) Mapping() string { return m.mapping }

// Normalize says an order in our words. Its error is schemas.Faults: all that is wrong with it.
func (m Marketplace) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	f := new(form)
	found, ok := reading.Document(raw.Body.Bytes, formFields, f)
	if ok && f.notified {
		found, ok = reading.Only(reading.NotAnOrder, "a notification, which tells no order: what became of the one that it names has to be fetched"), false
	}
	if !ok {
		return nil, found.All
	}
	f.translate(found)
	if m.mapping != first {
		f.payBack()
	}
	return found.Answer(&f.Order, raw)
}
