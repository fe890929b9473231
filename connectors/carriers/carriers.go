// Package carriers knows the carriers. Each has a folder of its own and one line in the catalogue below; whoever makes the calls sees
// only the interface.
package carriers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"waybill/schemas"
)

// Carrier books shipments. An error is remote.ErrAbsent or a *remote.Failure. No call repeats anything: no carrier here has an
// idempotency key, so a second Create is a second bill.
type Carrier interface {
	// Create books one shipment, and buys its labels.
	Create(ctx context.Context, b *schemas.Booking) (booked schemas.Booked, said []byte, err error)
	// Find is the shipment that carries the booking's reference, of those that Traits.Finds.
	Find(ctx context.Context, b *schemas.Booking) (booked schemas.Booked, said []byte, err error)
	// Complete is a shipment that was pending, with its numbers and labels, or still pending.
	Complete(ctx context.Context, ref string, b *schemas.Booking) (booked schemas.Booked, said []byte, err error)
	// Cancel takes a shipment back, so that it is not billed; remote.TooLate if that is possible no more. One that is cancelled stays so.
	Cancel(ctx context.Context, ref string) (said []byte, err error)
	// Quotes are what it asks, where it says so; none otherwise.
	Quotes(ctx context.Context, b *schemas.Booking) (quotes []schemas.Quote, said []byte, err error)
	// Ping makes sure that the credentials are good.
	Ping(ctx context.Context) error
	// Traits are what is to be known before a call is made.
	Traits() Traits
}

// Traits of a carrier.
type Traits struct {
	CallMax    time.Duration // longest that a call may take
	SettleTime time.Duration // how long after a call Find may not show what it has done
	Finds      bool          // a shipment is found by our reference; otherwise what is in doubt is for a person
	ParcelsMax int           // in one booking
	PerSecond  float64       // calls a second
	Formats    []string      // of labels it makes, the first where nobody says which
}

// carriers is the catalogue: how one is opened with the settings of its account.
var carriers = map[string]func(settings map[string]string) (Carrier, error){}

// Names are theirs.
func Names() []string { return slices.Sorted(maps.Keys(carriers)) }

// Open is the account of a carrier, which is not spoken to yet.
func Open(carrier string, settings map[string]string) (Carrier, error) {
	open, known := carriers[carrier]
	if !known {
		return nil, fmt.Errorf("carrier %q: there is no such carrier; there are: %s", carrier, strings.Join(Names(), ", "))
	}
	return open(settings)
}
