package amazon

import (
	"time"

	"waybill/internal/sandbox/wire"
)

// The specification's fulfilment statuses.
const (
	preordered    = "PENDING_AVAILABILITY"
	pending       = "PENDING"
	unshipped     = "UNSHIPPED"
	partlyShipped = "PARTIALLY_SHIPPED"
	shipped       = "SHIPPED"
	cancelled     = "CANCELLED"
	unfulfillable = "UNFULFILLABLE"
)

// sale is an order in the making.
type sale struct {
	dice  *wire.Dice
	site  *site
	order order // with all that is known of it, be it withheld
	who   wire.Person

	placed  time.Time
	updated time.Time

	byAmazon  bool
	business  bool
	free      bool // a replacement
	onArrival bool // cash on delivery
	silent    bool // the items say no proceeds, only the order does
	confirmed bool // has been ready once: amounts and people are told
	emptied   bool // cancelled, and what was told is taken back

	parts parts // of all items, in minor units
	tip   int64
	total int64 // as stated
}

// start buys: all is decided, though little of it told yet.
func (m Market) start(n, purpose uint64, atLeastLines int) *sale {
	d := wire.Throw(uint64(m), n, purpose)
	s := &sale{dice: d, site: sites[d.Weighted(shares...)]}
	if purpose == forBroken && s.site.home == wire.Japan {
		s.site = sites[0] // in Japan, an address needs no city: a missing one would be no fault
	}
	s.placed = opens.Add((time.Duration(n)*137*time.Millisecond + time.Duration(d.Below(6*3600))*time.Second).Truncate(time.Second))
	s.updated = s.placed
	s.byAmazon, s.business, s.free = d.Chance(250), d.Chance(90), d.Chance(12)
	s.silent = d.Chance(30)
	s.onArrival = s.site.currency == "JPY" && !s.byAmazon && d.Chance(150)
	s.order = order{
		OrderID:      wire.Pick(d, s.site.prefixes) + m.digits(n, purpose),
		CreatedTime:  wire.Instant(s.placed),
		SalesChannel: salesChannel{ChannelName: "AMAZON", MarketplaceID: s.site.id, MarketplaceName: s.site.name},
		Fulfillment:  &orderFulfillment{FulfillmentStatus: pending, FulfilledBy: "MERCHANT", FulfillmentServiceLevel: s.speed()},
	}
	if s.byAmazon {
		s.order.Fulfillment.FulfilledBy = "AMAZON"
	}
	s.someone()
	s.promise()
	s.enrol()
	s.fillBasket(max(atLeastLines, s.basketSize()))
	s.addUp()
	return s
}

// proceed lets the order come as far as most have when they are first seen.
func (s *sale) proceed() {
	switch s.dice.Weighted(100, 8, 720, 20, 110, 40, 2) {
	case 0:
	case 1:
		s.order.Fulfillment.FulfillmentStatus = preordered
		s.order.Programs = append(s.order.Programs, "PREORDER")
	case 2:
		s.confirm()
	case 3:
		s.confirm()
		s.shipSome()
	case 4:
		s.confirm()
		s.shipAll()
	case 5:
		if s.dice.Chance(600) {
			s.confirm()
		}
		s.cancel()
	case 6:
		s.placeElsewhere()
	}
}

// change is what happens between two versions; it says whether the order was taken back.
func (s *sale) change() (cancels bool) {
	switch s.order.Fulfillment.FulfillmentStatus {
	case preordered:
		s.wait(time.Hour, 48*time.Hour)
		s.order.Fulfillment.FulfillmentStatus = pending
	case pending:
		switch s.dice.Weighted(75, 15, 10) {
		case 0:
			s.confirm()
		case 1:
			return s.cancel()
		default:
			s.wait(time.Minute, time.Hour)
		}
	case unshipped:
		return s.changeReady()
	case partlyShipped:
		s.shipAll()
	default:
		s.follow()
	}
	return false
}

func (s *sale) changeReady() (cancels bool) {
	switch s.dice.Weighted(45, 12, 15, 10, 10, 8) {
	case 0:
		s.shipAll()
	case 1:
		s.shipSome()
	case 2:
		return s.cancel()
	case 3:
		s.askToCancel()
	case 4:
		s.move()
	default:
		s.wait(time.Minute, 6*time.Hour)
	}
	return false
}

// wait moves the order's clock on, by whole seconds.
func (s *sale) wait(least, most time.Duration) {
	s.updated = s.updated.Add(least + time.Duration(s.dice.Below(int((most-least)/time.Second)))*time.Second)
}
