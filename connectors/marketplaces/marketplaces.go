// Package marketplaces holds the channels orders come from, one folder each: a channel cuts what was delivered into orders and
// says each of them in our words. Nothing here knows a topic, or remembers anything but keys and tokens; who speaks with a channel is its
// Account, and eBay's way to verify a delivery, which takes a key of eBay's.
package marketplaces

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"waybill/connectors/marketplaces/allegro"
	"waybill/connectors/marketplaces/amazon"
	"waybill/connectors/marketplaces/direct"
	"waybill/connectors/marketplaces/ebay"
	"waybill/connectors/marketplaces/kaufland"
	"waybill/connectors/marketplaces/shopify"
	"waybill/connectors/marketplaces/woocommerce"
	"waybill/connectors/reading"
	"waybill/connectors/signature"
	"waybill/schemas"
)

// Marketplace is one channel. Its methods are pure and may be called by several goroutines at once.
type Marketplace interface {
	// Mapping names the version of the mapping: "allegro/1".
	Mapping() string
	// Receive cuts one delivered JSON document into a raw order each: Ref, the order's own reference, empty where there is none to
	// be found, and Body, the very bytes of that element; Form, Part and DeliveryID where it is no whole order. All else is for the
	// door to fill in. It fails only on what is no JSON, with a *schemas.SyntaxError, or holds more orders than a document may.
	Receive(header http.Header, body []byte) ([]schemas.RawOrder, error)
	// Normalize says a raw order in our words, or answers schemas.Faults with all that is wrong with it.
	Normalize(raw *schemas.RawOrder) (*schemas.Order, error)
}

// Webhook is a channel that signs what it delivers in a way of its own. All others are delivered to with the signatures of
// Standard Webhooks.
type Webhook interface {
	// Verify tells whether the delivery was signed with one of the secrets, and lately.
	Verify(d *signature.Delivery, secrets []string) (signature.Verified, error)
}

// Challenger is a channel that makes sure who listens at an address, by a GET.
type Challenger interface {
	// Challenge is the body to answer with; ok is false if that is no challenge.
	Challenge(query url.Values) (answer string, ok bool)
}

// Pinger is a channel that makes sure somebody listens at an address, by a POST that is not signed.
type Pinger interface {
	// Ping tells whether that is all the delivery is. It is answered 200, and not kept.
	Ping(d *signature.Delivery) bool
}

// channel is one line of the catalogue.
type channel struct {
	mappings []string // every version that this program has, the newest last
	places   reading.Places
	open     func(mapping string, settings map[string]string) (Marketplace, error)
}

// catalogue is every channel there is: a new one is a folder and a line here.
var catalogue = map[string]channel{
	"allegro":     {allegro.Mappings, allegro.Places, func(m string, _ map[string]string) (Marketplace, error) { return allegro.New(m), nil }},
	"amazon":      {amazon.Mappings, amazon.Places, func(m string, _ map[string]string) (Marketplace, error) { return amazon.New(m), nil }},
	"direct":      {direct.Mappings, direct.Places, func(m string, _ map[string]string) (Marketplace, error) { return direct.New(m), nil }},
	"ebay":        {ebay.Mappings, ebay.Places, func(m string, s map[string]string) (Marketplace, error) { return ebay.New(m, s) }},
	"kaufland":    {kaufland.Mappings, kaufland.Places, func(m string, _ map[string]string) (Marketplace, error) { return kaufland.New(m), nil }},
	"shopify":     {shopify.Mappings, shopify.Places, func(m string, _ map[string]string) (Marketplace, error) { return shopify.New(m), nil }},
	"woocommerce": {woocommerce.Mappings, woocommerce.Places, func(m string, _ map[string]string) (Marketplace, error) { return woocommerce.New(m), nil }},
}

// Open is the channel of that name as its newest mapping reads it, with what the configuration says of a party of it.
func Open(channel string, settings map[string]string) (Marketplace, error) {
	mappings := Mappings(channel)
	if len(mappings) == 0 {
		return nil, fmt.Errorf("open channel %q: there is none of that name; known: %s", channel, strings.Join(Channels(), ", "))
	}
	return OpenMapping(mappings[len(mappings)-1], settings)
}

// OpenMapping is a channel as that version of its mapping reads it: allegro/1.
func OpenMapping(mapping string, settings map[string]string) (Marketplace, error) {
	name, _, _ := strings.Cut(mapping, "/")
	known := catalogue[name]
	if !slices.Contains(known.mappings, mapping) {
		return nil, fmt.Errorf("open mapping %q: this version of Waybill does not have it; known: %s", mapping, strings.Join(known.mappings, ", "))
	}
	marketplace, err := known.open(mapping, settings)
	if err != nil {
		return nil, fmt.Errorf("open mapping %s: %w", mapping, err)
	}
	return marketplace, nil
}

// Channels names every channel, sorted.
func Channels() []string { return slices.Sorted(maps.Keys(catalogue)) }

// Mappings names every version of a channel's mapping that this program has, the newest last; none if there is no such channel.
func Mappings(channel string) []string { return catalogue[channel].mappings }

// Places is where a channel writes what an operator may have to correct, by our names of it; nil if there is no such channel.
func Places(channel string) reading.Places { return catalogue[channel].places }
