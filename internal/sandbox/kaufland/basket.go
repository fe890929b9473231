package kaufland

import (
	"strings"
	"time"

	"waybill/internal/sandbox/wire"
)

// unitsMax bounds an order: so many ids are reserved for it.
const unitsMax = 100

// basketSize is a number of offers, each of one or more pieces.
func (s *sale) basketSize() int {
	switch s.dice.Weighted(72, 15, 6, 4, 3) {
	case 1:
		return 2
	case 2:
		return 3
	case 3:
		return s.dice.Between(4, 6)
	case 4:
		return s.dice.Between(7, 12)
	}
	return 1
}

func (s *sale) fillBasket(offers int) {
	for range offers {
		s.buy(s.offer(), s.pieces())
	}
	if s.dice.Chance(250) {
		s.shuffle()
	}
	for i := range s.order.Units {
		s.order.Units[i].IDOrderUnit = s.market.unitID(s.number, i)
	}
}

func (s *sale) pieces() int {
	switch s.dice.Weighted(76, 13, 10, 1) {
	case 1:
		return 2
	case 2:
		return s.dice.Between(3, 6)
	case 3:
		return s.dice.Between(7, 20)
	}
	return 1
}

// buy puts pieces of an offer into the basket. Postage is due for each piece, or for the first alone;
// and now and then the price changed between two pieces.
func (s *sale) buy(of unit, pieces int) {
	d := s.dice
	each, changed := d.Chance(500), d.Chance(25)
	for piece := range pieces {
		if len(s.order.Units) == unitsMax {
			return
		}
		u := of
		if piece > 0 && !each {
			u.ShippingRate = 0
		}
		if piece > 0 && changed {
			u.Price += s.local(100)
		}
		u.earn()
		s.order.Units = append(s.order.Units, u)
	}
}

// earn is what is left for the seller: a percentage is Kaufland's fee.
func (u *unit) earn() {
	u.RevenueGross = (u.Price + u.ShippingRate) * 87 / 100
	u.RevenueNet = u.RevenueGross * 100 / 119
}

// offer is a first piece, without its own id.
func (s *sale) offer() unit {
	d := s.dice
	u := unit{
		IDOrder: s.order.IDOrder, IDOffer: s.sku(), Status: open, Price: s.local(wire.Tag(d)),
		Currency: s.store.currency, Storefront: s.shown, Created: s.order.Created,
		DeemedSupplier: s.order.DeemedSupplier, Tickets: []ticket{}, Product: s.product(),
	}
	if d.Chance(450) {
		u.ShippingRate = s.local(int64(wire.Pick(d, []int{299, 390, 495, 599, 2990})))
	}
	if !u.DeemedSupplier.is || d.Chance(500) {
		u.VAT = &s.store.vat[d.Weighted(88, 9, 3)%len(s.store.vat)]
	}
	if d.Chance(950) {
		u.Condition = text([]string{"new", "used - as new", "used - very good", "refurbished"}[d.Weighted(94, 2, 2, 2)])
	}
	if d.Chance(40) {
		u.Note = text(wire.Pick(d, notes))
	}
	if d.Chance(300) {
		u.Tickets = nil
	}
	u.withKssEligible, u.KssEligible = d.Chance(50), d.Chance(500)
	if u.IDOffer != nil && d.Chance(20) {
		u.Product = nil
	}
	s.schedule(&u)
	return u
}

// schedule says in how many days it arrives, and by the end of which day it must be sent.
func (s *sale) schedule(u *unit) {
	if s.dice.Chance(30) {
		return
	}
	least := s.dice.Between(1, 5)
	most := least + s.dice.Between(1, 4)
	u.DeliveryMin, u.DeliveryMax = &least, &most
	const day = 24 * time.Hour
	u.DeliveryExpires = text(wire.Instant(s.placed.Truncate(day).Add(time.Duration(least+1)*day - 2*time.Hour - time.Second)))
}

func (s *sale) product() *product {
	d := s.dice
	p := &product{
		IDProduct: int64(d.Between(300_000_000, 599_999_999)), Storefront: s.shown, Title: wire.Pick(d, titles),
		EANs: []string{}, IDCategory: d.Between(1000, 99_999), Manufacturer: wire.Pick(d, manufacturers),
	}
	for range d.Weighted(5, 70, 15, 10) {
		p.EANs = append(p.EANs, wire.EAN(d, "40"))
	}
	if d.Chance(30) { // an American number, with and without the zero in front
		american := wire.EAN(d, "0")
		p.EANs = append(p.EANs, american, american[1:])
	}
	if d.Chance(20) {
		p.DangerousGoods = text("UN 3090")
	}
	return p
}

// sku is the seller's own offer number; some offers have none, some have zeros in front or letters
// beyond ASCII.
func (s *sale) sku() *string {
	d := s.dice
	switch d.Weighted(10, 60, 18, 12) {
	case 0:
		return nil
	case 1:
		return text("AB-" + d.Digits(6))
	case 2:
		return text(strings.Repeat("0", d.Between(1, 4)) + d.Digits(6))
	}
	return text(wire.Pick(d, skuPrefixes) + d.Digits(4))
}

func (s *sale) shuffle() {
	units := s.order.Units
	for i := len(units) - 1; i > 0; i-- {
		j := s.dice.Below(i + 1)
		units[i], units[j] = units[j], units[i]
	}
}

// spell gives a storefront's code, sometimes in capitals, as the specification's examples have it.
func (s *sale) spell(code string) string {
	if s.dice.Chance(80) {
		return strings.ToUpper(code)
	}
	return code
}

// local turns hundredths of a euro into an amount of about that worth in this store, never nothing.
func (s *sale) local(hundredths int64) int64 {
	amount := hundredths * s.store.euro / 100
	if s.store.whole && s.dice.Chance(900) {
		amount = amount / 100 * 100
	}
	return max(amount, 1)
}
