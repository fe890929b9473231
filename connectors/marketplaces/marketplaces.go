// Package marketplaces holds the channels orders come from, one folder each: a channel cuts what was delivered into orders and
// says each of them in our words. Nothing here opens a connection, knows a topic or remembers anything.
package marketplaces

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"waybill/connectors/marketplaces/allegro"
	"waybill/schemas"
)

// Marketplace is one channel. Its methods are pure and may be called by several goroutines at once.
type Marketplace interface {
	// Mapping names the version of the mapping: "allegro/1".
	Mapping() string
	// Receive cuts one delivered JSON document into a raw order each: Ref, the order's own reference, empty where there is none to
	// be found, and Body, the very bytes of that element. All else is for the door to fill in. It fails only on what is no JSON,
	// with a *schemas.SyntaxError, or holds more orders than a document may.
	Receive(header http.Header, body []byte) ([]schemas.RawOrder, error)
	// Normalize says a raw order in our words, or answers schemas.Faults with all that is wrong with it.
	Normalize(raw *schemas.RawOrder) (*schemas.Order, error)
}

// catalogue is every channel there is: a new one is a folder and a line here.
var catalogue = map[string]func(settings map[string]string) (Marketplace, error){
	"allegro": func(map[string]string) (Marketplace, error) { return allegro.Marketplace{}, nil },
}

// Open is the channel of that name, with what the configuration says of a party of it.
func Open(channel string, settings map[string]string) (Marketplace, error) {
	open, known := catalogue[channel]
	if !known {
		return nil, fmt.Errorf("open channel %q: there is none of that name; known: %s", channel, strings.Join(Channels(), ", "))
	}
	marketplace, err := open(settings)
	if err != nil {
		return nil, fmt.Errorf("open channel %s: %w", channel, err)
	}
	return marketplace, nil
}

// Channels names every channel, sorted.
func Channels() []string { return slices.Sorted(maps.Keys(catalogue)) }
