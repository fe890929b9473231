package allegro

import (
	"strings"

	"waybill/internal/sandbox/wire"
)

func (s *sale) basketSize() int {
	switch s.dice.Weighted(64, 18, 8, 4, 5, 1) {
	case 4:
		return s.dice.Between(5, 8)
	case 5:
		return s.dice.Between(9, 12)
	default:
		return s.dice.Weighted(64, 18, 8, 4) + 1
	}
}

func (s *sale) fillBasket(size int) {
	s.form.LineItems = make([]lineItem, size)
	for i := range s.form.LineItems {
		s.form.LineItems[i] = s.line()
	}
}

// line puts an offer into the basket and its price on the bill.
func (s *sale) line() lineItem {
	d := s.dice
	l := lineItem{
		ID:                         wire.UUID(d, s.boughtAt),
		Offer:                      s.offer(),
		Quantity:                   s.quantity(),
		SelectedAdditionalServices: []service{},
		Vouchers:                   []voucher{},
		BoughtAt:                   wire.Instant(s.boughtAt),
	}
	original := s.tag()
	paid := s.rebate(&l, original)
	l.OriginalPrice, l.Price = s.price(original), s.price(paid)
	if paid == original && d.Chance(20) {
		s.reconcile(&l, original)
	}
	s.goods += paid * int64(l.Quantity)
	s.addDeposit(&l)
	if d.Chance(40) {
		s.addService(&l)
	}
	if d.Chance(300) {
		l.Tax = &tax{Rate: text(wire.Pick(d, []string{"23.00", "8.00", "5.00", "21.00", "27.00"})), Subject: text("GOODS")}
	}
	return l
}

func (s *sale) offer() offer {
	d := s.dice
	o := offer{ID: s.longID(d.Between(10, 11)), Name: wire.Pick(d, titles), External: s.sku()}
	if d.Chance(30) {
		o.ProductSet = &productSet{Products: []product{
			{ID: wire.UUID(d, s.boughtAt), Quantity: 1}, {ID: wire.UUID(d, s.boughtAt), Quantity: d.Between(1, 3)},
		}}
	}
	return o
}

// sku is the seller's own; many offers have none, some have zeros in front or letters beyond ASCII.
func (s *sale) sku() *id {
	switch s.dice.Weighted(25, 45, 20, 10) {
	case 0:
		return nil
	case 1:
		return &id{"AH-" + s.dice.Digits(6)}
	case 2:
		return &id{strings.Repeat("0", s.dice.Between(1, 4)) + s.dice.Digits(6)}
	}
	return &id{wire.Pick(s.dice, skuPrefixes) + "0" + s.dice.Digits(3)}
}

func (s *sale) quantity() int {
	switch s.dice.Weighted(78, 12, 7, 2, 1) {
	case 0:
		return 1
	case 1:
		return 2
	case 2:
		return s.dice.Between(3, 5)
	case 3:
		return s.dice.Between(6, 24)
	}
	return s.dice.Between(25, 200)
}

// rebate returns the price that is left: a coupon shows in nothing but the difference, and a campaign
// often not even there.
func (s *sale) rebate(l *lineItem, original int64) int64 {
	switch s.dice.Weighted(84, 5, 9, 2) {
	case 1: // a coupon
		return s.cut(original)
	case 2:
		l.Discounts = []discount{{wire.Pick(s.dice, discountTypes)}}
		return s.cut(original)
	case 3:
		l.Discounts = []discount{{"CAMPAIGN"}}
	}
	return original
}

func (s *sale) cut(original int64) int64 {
	return s.payable(original * int64(100-s.dice.Between(3, 40)) / 100)
}

// reconcile marks what Allegro adds from its own pocket: the buyer does not pay it.
func (s *sale) reconcile(l *lineItem, original int64) {
	l.Reconciliation = &reconciliation{
		Value:    s.price(s.payable(original / 20)),
		Type:     wire.Pick(s.dice, []string{"BILLING", "WALLET"}),
		Quantity: l.Quantity,
	}
}

// addDeposit charges the Polish bottle deposit, a price for each piece beside its own
// (allegro-api issue 13878).
func (s *sale) addDeposit(l *lineItem) {
	each := int64(0)
	switch {
	case s.site.currency != "PLN":
	case strings.HasPrefix(l.Offer.Name, "Woda"):
		each = 300
	case strings.HasPrefix(l.Offer.Name, "Sok"):
		each = 50
	}
	if each > 0 {
		l.Deposit = &deposit{s.price(each)}
		s.goods += each * int64(l.Quantity)
	}
}

// addService sells work with the goods. Its price, too, is that of one piece: the specification leaves
// it open, and in 2018 it was seen to be that of all (allegro-api issue 954).
func (s *sale) addService(l *lineItem) {
	offered := wire.Pick(s.dice, services)
	each, pieces := s.zloty(int64(offered.zloty)*100), 1
	if s.dice.Chance(200) {
		pieces = l.Quantity
	}
	l.SelectedAdditionalServices = append(l.SelectedAdditionalServices,
		service{DefinitionID: offered.definition, Name: offered.name, Price: s.price(each), Quantity: pieces})
	s.goods += each * int64(pieces)
}
