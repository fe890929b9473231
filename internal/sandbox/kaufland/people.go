package kaufland

import "waybill/internal/sandbox/wire"

func (s *sale) someone() wire.Person {
	from := s.store.home
	if s.dice.Chance(40) {
		from = s.store.abroad
	}
	return wire.Someone(s.dice, from, 100)
}

// buyer has an address under which Kaufland forwards mail, or none.
func (s *sale) buyer() *buyer {
	d := s.dice
	b := &buyer{IDBuyer: int64(d.Between(10_000_000, 99_999_999))}
	if d.Chance(900) {
		b.Email = text(letters(d, 8) + "-" + letters(d, 12) + "@kaufland-marktplatz.de")
	}
	return b
}

// show tells the addresses: where to can be another person, or a point where the buyer collects it.
func (s *sale) show() {
	d := s.dice
	if s.order.Buyer == nil {
		s.order.Buyer = s.buyer()
	}
	s.order.BillingAddress = s.address(s.who)
	s.order.ShippingAddress = s.address(s.who)
	if d.Chance(150) {
		s.order.ShippingAddress = s.address(s.someone())
	}
	switch d.Weighted(70, 18, 12) {
	case 1:
		s.order.Delivery = &delivery{} // asked for, but there is no such point
	case 2:
		if s.store.pickup.Provider != "" {
			s.collect()
		}
	}
}

// collect sends it to a point. The post number of a DHL customer stands beside it; many who know it
// from elsewhere also write the point into the address.
func (s *sale) collect() {
	d := s.dice
	point := s.store.pickup
	if point.Provider == "DHL" && d.Chance(900) {
		point.DHLPostNumber = text(d.Digits(d.Between(6, 10)))
		if d.Chance(500) {
			to := s.order.ShippingAddress
			to.Street, to.HouseNumber, to.AdditionalField = "Packstation", point.ID, point.DHLPostNumber
		}
	}
	s.order.Delivery = &delivery{PickupLocation: &point}
}

func (s *sale) address(p wire.Person) *address {
	d := s.dice
	a := &address{
		FirstName: p.First, LastName: p.Last, Street: p.Street, HouseNumber: p.Number, Postcode: p.At.Zip, City: p.At.City, Country: p.From.Code,
	}
	if d.Chance(60) { // typed into one field
		a.Street, a.HouseNumber = p.Line(), ""
	}
	if p.Firm != "" {
		a.CompanyName = text(p.Firm)
	}
	if p.Phone != "" && d.Chance(700) {
		a.Phone = text(p.Phone)
	}
	if d.Chance(100) {
		a.AdditionalField = text(wire.Pick(d, extras))
	}
	return a
}

func letters(d *wire.Dice, n int) string {
	const from = "0123456789abcdef"
	box := make([]byte, n)
	for i := range box {
		box[i] = from[d.Below(len(from))]
	}
	return string(box)
}

func text(s string) *string { return &s }
