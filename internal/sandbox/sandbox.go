// Package sandbox makes up marketplace orders in their wire format, from a seed, and keeps books of
// its own on what it made. So it can prove the pipeline right: it must not know schemas, connectors or
// anything else of Waybill, only the specifications of the channels.
package sandbox

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"waybill/internal/sandbox/allegro"
	"waybill/internal/sandbox/amazon"
	"waybill/internal/sandbox/ebay"
	"waybill/internal/sandbox/kaufland"
	"waybill/internal/sandbox/shopify"
	"waybill/internal/sandbox/wire"
)

// Channels that can be simulated. A new one is a folder and a line here.
var channels = map[string]func(seed uint64) channel{
	"allegro":  func(seed uint64) channel { return allegro.Market(seed) },
	"amazon":   func(seed uint64) channel { return amazon.Market(seed) },
	"ebay":     func(seed uint64) channel { return ebay.Market(seed) },
	"kaufland": func(seed uint64) channel { return kaufland.Market(seed) },
	"shopify":  func(seed uint64) channel { return shopify.Market(seed) },
}

// A channel writes any version of any of its orders, at any time, from their numbers alone: so the
// stream needs no memory of what it wrote.
type channel interface {
	// Order writes order n as it is at a version, 1 being the first.
	Order(n uint64, version int) wire.Sheet
	// Broken writes the n-th payload that no reader may accept.
	Broken(n uint64) wire.Sheet
	// Faults names what Broken breaks, in the order it goes through them.
	Faults() []string
}

// Options say what to generate. The three shares are per cent of Orders, rounded to whole payloads
// and added to the orders.
type Options struct {
	Channel    string
	Orders     int
	Seed       uint64
	Duplicates float64
	Broken     float64
	Amendments float64
}

// Kind says what a payload is to its reader.
type Kind string

const (
	New          Kind = "new"          // the first version of an order
	Amendment    Kind = "amendment"    // a later version
	Cancellation Kind = "cancellation" // a later version that takes the order back
	Duplicate    Kind = "duplicate"    // the very bytes of an earlier payload, be it overtaken by a newer version
	Broken       Kind = "broken"       // valid JSON, but not an order
)

// Payload is what the channel's API answers for one order, and what a correct reader must find in it.
type Payload struct {
	Body     []byte // one line of compact JSON, without the line break
	Ref      string // the order's own reference; empty when that is the fault
	Kind     Kind
	Number   uint64 // of the order at its market, from 1; of a broken one its own
	Version  int    // 1 for new, then counted; a duplicate has that of what it repeats
	Revision string // the channel's own mark of the version, unique among those of one order
	Fault    string // broken only: what is wrong, a stable name in the channel's words

	// Found in every payload that is not broken:
	Status   string // in the channel's words
	Currency string // ISO 4217
	Total    string // what the buyer pays, in the currency's own decimals
	Lines    int
}

// maxShare bounds Duplicates, Broken and Amendments, in per cent.
const maxShare = 1000

// Channels returns the names of the channels that can be simulated, sorted.
func Channels() []string { return slices.Sorted(maps.Keys(channels)) }

// Faults returns the stable names of the faults that a channel's broken payloads go through in turn.
func Faults(channel string) []string {
	if open, known := channels[channel]; known {
		return open(0).Faults()
	}
	return nil
}

// Generate streams the payloads, in bounded memory, the same bytes for the same options.
// It is exactly Orders good orders, each with a reference of its own, and the three shares on top.
func Generate(o Options) (iter.Seq[Payload], error) {
	open, known := channels[o.Channel]
	if !known {
		return nil, fmt.Errorf("simulate channel %q: unknown; one of: %s", o.Channel, strings.Join(Channels(), ", "))
	}
	if o.Orders < 0 {
		return nil, fmt.Errorf("simulate %d orders: give a number from 0 up", o.Orders)
	}
	for name, share := range map[string]float64{"duplicates": o.Duplicates, "broken": o.Broken, "amendments": o.Amendments} {
		if !(share >= 0 && share <= maxShare) { // so that NaN is refused too
			return nil, fmt.Errorf("simulate %v %% %s: give a share from 0 to %d", share, name, maxShare)
		}
	}
	return func(yield func(Payload) bool) { newStream(o, open(o.Seed)).run(yield) }, nil
}

func (o Options) count(share float64) int { return int(math.Round(float64(o.Orders) * share / 100)) }
