package amazon

import "waybill/internal/sandbox/wire"

// kinds of proceeds, in the order in which they are written.
var kinds = [...]string{"ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "TAX", "DISCOUNT", "OTHER"}

// parts are amounts by kind.
type parts [len(kinds)]int64

// Places of parts.
const (
	ofGoods = iota
	ofShipping
	ofWrapping
	ofCash
	ofTax
	ofDiscount
	ofOther
)

func (p *parts) sum() (total int64) {
	for _, amount := range p {
		total += amount
	}
	return total
}

// price makes up the item's amounts, for all pieces but the price itself. A discount is negative, so
// that everything adds up to the grand total.
func (s *sale) price(i *orderItem, wraps bool) {
	d := s.dice
	each := s.local(wire.Tag(d))
	if s.free {
		each = 0
	}
	i.Product.Price = &itemPrice{UnitPrice: s.money(each)}
	if s.business && d.Chance(300) {
		i.Product.Price.PriceDesignation = "BUSINESS_PRICE"
	}
	if !s.free {
		s.bill(i, each*int64(i.QuantityOrdered), wraps)
	} else {
		s.state(i, parts{})
	}
}

func (s *sale) bill(i *orderItem, goods int64, wraps bool) {
	d := s.dice
	p := parts{ofGoods: goods}
	if d.Chance(350) {
		p[ofShipping] = s.local(int64(wire.Pick(d, []int{299, 399, 499, 599, 1299})))
	}
	if wraps && d.Chance(700) {
		p[ofWrapping] = s.local(350)
	}
	if s.onArrival {
		p[ofCash] = 330
	}
	if d.Chance(80) {
		p[ofDiscount] = -(goods*int64(d.Between(3, 40))/100 + 1)
		i.PromotionIDs = []string{wire.Pick(d, promotions)}
	}
	if p[ofShipping] > 0 && d.Chance(100) { // free shipping is a discount as high as its price
		p[ofDiscount] -= p[ofShipping]
		i.PromotionIDs = append(i.PromotionIDs, "Free shipping "+d.Digits(4))
	}
	switch {
	case s.site.currency == "USD":
		p[ofTax] = p.sum() * int64(d.Between(0, 1025)) / 10_000
	case d.Chance(60):
		p[ofTax] = p.sum() / 5
	}
	if d.Chance(10) {
		p[ofOther] = s.local(int64(d.Between(10, 300)))
	}
	if s.site.currency == "JPY" && d.Chance(100) {
		points := max(goods/100, 1)
		i.PointsCost = &pointsGranted{PointsNumber: int(points), PointsMonetaryValue: s.money(points)}
	}
	s.state(i, p)
}

// state writes the item's amounts, and adds them to the order's.
func (s *sale) state(i *orderItem, p parts) {
	for kind, amount := range p {
		s.parts[kind] += amount
	}
	if s.silent {
		return
	}
	i.Proceeds = &itemProceeds{ProceedsTotal: s.money(p.sum()), Breakdowns: s.breakdowns(p)}
	for b := range i.Proceeds.Breakdowns {
		if part := &i.Proceeds.Breakdowns[b]; part.Type == "TAX" && s.dice.Chance(700) {
			part.DetailedBreakdowns = []detail{{"ITEM", part.Subtotal}}
		}
	}
}

func (s *sale) breakdowns(p parts) []breakdown {
	written := make([]breakdown, 0, 3)
	for kind, amount := range p {
		if amount != 0 || kind == ofGoods {
			written = append(written, breakdown{Type: kinds[kind], Subtotal: s.money(amount)})
		}
	}
	return written
}

// addUp states the order's total; in one of a hundred it disagrees a little with its parts. It is
// left without parts only where its items have theirs.
func (s *sale) addUp() {
	d := s.dice
	if s.site.currency == "USD" && d.Chance(20) {
		s.tip = int64(d.Between(1, 10)) * 100
	}
	s.total = s.parts.sum() + s.tip
	if s.total > 3 && d.Chance(10) {
		s.total += int64(d.Between(1, 3)) * int64(1-2*d.Below(2))
	}
	s.order.Proceeds = &orderProceeds{GrandTotal: s.money(s.total)}
	if d.Chance(900) || s.tip > 0 || s.silent {
		s.order.Proceeds.Breakdowns = s.breakdowns(s.parts)
	}
	if s.tip > 0 {
		s.order.Proceeds.Breakdowns = append(s.order.Proceeds.Breakdowns, breakdown{Type: "DELIVERY_TIP", Status: "FINALIZED", Subtotal: s.money(s.tip)})
	}
	if s.onArrival || d.Chance(200) {
		s.order.Payment = &orderPayment{[]paymentExecution{{s.method(), s.order.Proceeds.GrandTotal}}}
	}
}

func (s *sale) method() string {
	switch {
	case s.onArrival:
		return "CashOnDelivery"
	case s.site.currency == "JPY" && s.dice.Chance(300):
		return "ConvenienceStore"
	case s.business && s.dice.Chance(500):
		return "Invoice"
	}
	return "CreditCard"
}

// local turns hundredths of a euro into an amount of about that worth on this site, never nothing.
func (s *sale) local(hundredths int64) int64 { return max(hundredths*s.site.euro/100, 1) }

// money writes an amount with its currency's own decimals; a few leave out zeros at the end.
func (s *sale) money(minor int64) money {
	text := wire.Amount(minor, s.site.decimals)
	if s.site.decimals == 2 && minor%100 == 0 && s.dice.Chance(30) {
		text = text[:len(text)-3]
	}
	return money{Amount: text, CurrencyCode: s.site.currency}
}
