package processors

import (
	"errors"

	"waybill/schemas"
)

// Sources is where steps look things up. All of it is read-only.
type Sources struct {
	Channels  Channels
	Catalogue Catalogue                // nil: no offer has a pair
	Terms     func(party string) Terms // nil: none are agreed
	// Tracked is what was said of parcels, in our words.
	Tracked func(raw *schemas.RawTracking) (schemas.Tracked, error)
	// Reopens says that a carrier goes on with a parcel that it said was at its end; nil: none does.
	Reopens Reopens
	// Packed is how a shipment was packed, in what the ERP said of it.
	Packed func(raw *schemas.ERPRaw) (schemas.Readied, error)
}

// Channels finds the channel of a party.
type Channels interface {
	// Channel is a party's channel as that version of its mapping reads it, "" being the version in use; nil if there is no such
	// party, ErrMapping if this program does not have the version.
	Channel(party, mapping string) (Channel, error)
}

// ErrMapping says that a mapping is of another version of Waybill. What it is to read waits until this instance is upgraded.
var ErrMapping = errors.New("this version of Waybill does not have the mapping: upgrade this instance, or choose another with 'waybill mapping use'")

// Parties are channels of one mapping each, by party.
type Parties map[string]Channel

// Channel is the party's, whatever the mapping.
func (p Parties) Channel(party, _ string) (Channel, error) { return p[party], nil }

// Catalogue is the view of id.catalogue.
type Catalogue interface {
	// Offer is the entry of that key, nil if there is none.
	Offer(key string) (*schemas.CatalogueEntry, error)
}

// Terms are what the seller has settled for a party.
type Terms struct {
	Calendar      Calendar
	PairsRequired bool // an order waits until each of its offers is in id.catalogue
	Patches       bool // its orders may be changed by patches
	Called        bool // its channel can be asked
	Acceptance    Acceptance
	Shipping      Shipping
	Ships         bool                    // its channel is told which parcels have left
	Carriage      *Carriage               // of a carrier's account; nil of every other party
	Words         map[string]schemas.Word // what a channel is told of a parcel that stands so
	Refusal       schemas.Refusal         // what a channel is told when a payment was refused
	Watch         Watch                   // of a carrier's account
	Expectations  Expectations
	WithoutTags   bool // a buyer is known by an address without its tag: ana+shop@ is ana@
}

// carrier is whose account it is, "" of a channel's.
func (t Terms) carrier() string {
	if t.Carriage == nil {
		return ""
	}
	return t.Carriage.Carrier
}

func (s *Sources) terms(party string) Terms {
	if s.Terms == nil {
		return Terms{}
	}
	return s.Terms(party)
}
