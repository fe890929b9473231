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

	"waybill/connectors/addresses"
	"waybill/connectors/carriers/dhl"
	"waybill/connectors/carriers/dpd"
	"waybill/connectors/carriers/gls"
	"waybill/connectors/carriers/inpost"
	"waybill/connectors/carriers/ups"
	"waybill/schemas"
)

// Carrier is one with what is to be known of it before a call is made.
type Carrier interface {
	Calls
	Traits() Traits
}

// Calls book shipments. An error is remote.ErrAbsent or a *remote.Failure. No call repeats anything: no carrier here has an
// idempotency key, so a second Create is a second bill.
type Calls interface {
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

// entry is a carrier of the catalogue.
type entry struct {
	open    func(settings map[string]string) (Calls, error) // of its account
	ask     func(settings map[string]string) (Asker, Asking, error)
	traits  Traits
	profile addresses.Profile
}

// carriers is the catalogue.
var carriers = map[string]entry{
	"dhl": {opened(dhl.New), asked(dhl.NewAsker), Traits{
		CallMax: dhl.CallMax, SettleTime: dhl.SettleTime, ParcelsMax: 1, PerSecond: dhl.PerSecond, Formats: dhl.Formats,
	}, dhl.Profile},
	"dpd": {opened(dpd.New), asked(dpd.NewAsker), Traits{
		CallMax: dpd.CallMax, SettleTime: dpd.SettleTime, ParcelsMax: 1, PerSecond: dpd.PerSecond, Formats: dpd.Formats,
	}, dpd.Profile},
	"gls": {opened(gls.New), asked(gls.NewAsker), Traits{
		CallMax: gls.CallMax, SettleTime: gls.SettleTime, Finds: true, ParcelsMax: gls.ParcelsMax, PerSecond: gls.PerSecond, Formats: gls.Formats,
	}, gls.Profile},
	"inpost": {opened(inpost.New), asked(inpost.NewAsker), Traits{
		CallMax: inpost.CallMax, SettleTime: inpost.SettleTime, Finds: true, ParcelsMax: 1, PerSecond: inpost.PerSecond, Formats: inpost.Formats,
	}, inpost.Profile},
	"ups": {opened(ups.New), asked(ups.NewAsker), Traits{
		CallMax: ups.CallMax, SettleTime: ups.SettleTime, Finds: true, ParcelsMax: ups.ParcelsMax, PerSecond: ups.PerSecond, Formats: ups.Formats,
	}, ups.Profile},
}

// opened lets a folder's own type be one of ours.
func opened[C Calls](open func(map[string]string) (C, error)) func(map[string]string) (Calls, error) {
	return func(settings map[string]string) (Calls, error) { return open(settings) }
}

// Names are theirs.
func Names() []string { return slices.Sorted(maps.Keys(carriers)) }

// Open is the account of a carrier, which is not spoken to yet.
func Open(carrier string, settings map[string]string) (Carrier, error) {
	e, err := find(carrier)
	if err != nil {
		return nil, err
	}
	calls, err := e.open(settings)
	return known{calls, e.traits}, err
}

// Check is the booking as the carrier can print it, and what is wrong with it; it asks nobody. With a fault it is not to be booked. What is
// proposed, nobody applies but a person.
func Check(carrier string, b schemas.Booking) (fitted schemas.Booking, faults []schemas.Unfit, proposals []schemas.Proposal, err error) {
	e, err := find(carrier)
	if err != nil {
		return b, nil, nil, err
	}
	fitted, faults, proposals = e.profile.Check(b)
	return fitted, faults, proposals, nil
}

func find(carrier string) (entry, error) {
	e, there := carriers[carrier]
	if !there {
		return e, fmt.Errorf("carrier %q: there is no such carrier; there are: %s", carrier, strings.Join(Names(), ", "))
	}
	return e, nil
}

// known is an account with its traits.
type known struct {
	Calls
	traits Traits
}

// Traits are those of the catalogue.
func (k known) Traits() Traits { return k.traits }
