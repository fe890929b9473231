package amazon

import (
	"time"

	"waybill/internal/sandbox/wire"
)

func (s *sale) speed() string {
	levels := []string{"STANDARD", "EXPEDITED", "NEXT_DAY", "SECOND_DAY", "FREE_ECONOMY", "SAME_DAY", "PRIORITY", "SCHEDULED"}
	return levels[s.dice.Weighted(60, 15, 9, 6, 5, 2, 2, 1)]
}

// promise says by when to ship and to deliver, in whole days of the seller's own midnight.
func (s *sale) promise() {
	const day = 24 * time.Hour
	midnight := s.placed.Truncate(day).Add(-time.Hour)
	ship := midnight.Add(time.Duration(s.dice.Between(1, 3)) * day)
	arrive := ship.Add(time.Duration(s.dice.Between(1, 5)) * day)
	f := s.order.Fulfillment
	f.ShipByWindow = &window{wire.Instant(midnight.Add(day)), wire.Instant(ship.Add(day - time.Second))}
	if s.dice.Chance(950) {
		f.DeliverByWindow = &window{wire.Instant(arrive), wire.Instant(arrive.Add(2*day - time.Second))}
	}
}

// enrol puts the order into Amazon's programs, and gives it the seller's own number or one it replaces.
func (s *sale) enrol() {
	d, o := s.dice, &s.order
	if s.byAmazon || d.Chance(150) {
		o.Programs = append(o.Programs, "PRIME")
	}
	if s.business {
		o.Programs = append(o.Programs, "AMAZON_BUSINESS")
	}
	for _, rare := range []string{"PREMIUM", "INVOICE_BY_AMAZON", "FBM_SHIP_PLUS", "AMAZON_HAUL"} {
		if d.Chance(12) {
			o.Programs = append(o.Programs, rare)
		}
	}
	if !s.byAmazon && s.site.currency == "USD" && d.Chance(15) {
		o.Programs = append(o.Programs, "IN_STORE_PICK_UP")
	}
	if o.Programs == nil && d.Chance(100) {
		o.Programs = []string{}
	}
	if d.Chance(150) {
		o.OrderAliases = []alias{{AliasID: "SHOP-" + d.Digits(6), AliasType: "SELLER_ORDER_ID"}}
	}
	if s.free {
		o.AssociatedOrders = []associatedOrder{{
			OrderID: wire.Pick(d, s.site.prefixes) + "-" + d.Digits(7) + "-" + d.Digits(7), AssociationType: "REPLACEMENT_ORIGINAL_ID",
		}}
	}
}
