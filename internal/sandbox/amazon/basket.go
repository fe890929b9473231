package amazon

import (
	"strings"

	"waybill/internal/sandbox/wire"
)

func (s *sale) basketSize() int {
	switch s.dice.Weighted(70, 16, 6, 3, 4, 1) {
	case 1:
		return 2
	case 2:
		return 3
	case 3:
		return 4
	case 4:
		return s.dice.Between(5, 8)
	case 5:
		return s.dice.Between(9, 12)
	}
	return 1
}

func (s *sale) fillBasket(size int) {
	s.order.OrderItems = make([]orderItem, size)
	for i := range s.order.OrderItems {
		s.order.OrderItems[i] = s.item()
	}
}

// item puts an article into the basket and its amounts on the bill.
func (s *sale) item() orderItem {
	d := s.dice
	pieces := s.quantity()
	i := orderItem{
		OrderItemID:     d.Digits(14),
		QuantityOrdered: pieces,
		Product:         s.product(),
		Fulfillment:     &itemFulfillment{QuantityUnfulfilled: pieces, CashOnDelivery: s.onArrival},
	}
	if d.Chance(30) {
		i.Measurement = wire.Pick(d, []*measurement{{"COUNT", "1"}, {"KILOGRAMS", "0.5"}, {"MILLIMETERS", "1250"}, {"LITERS", "1.75"}})
	}
	if program := d.Weighted(93, 4, 3); program > 0 {
		i.Programs = []string{[]string{"", "TRANSPARENCY", "SUBSCRIBE_AND_SAVE"}[program]}
	}
	wraps := d.Chance(50)
	if wraps {
		i.Fulfillment.Gift = &giftOption{GiftMessage: wire.Pick(d, messages), GiftWrapLevel: wire.Pick(d, []string{"", "STANDARD", "PREMIUM", "GiftBag, rot"})}
	}
	if s.site.union && d.Chance(25) {
		i.Fulfillment.IOSSNumber = "IM" + d.Digits(10)
	}
	s.price(&i, wraps)
	s.levy(&i)
	return i
}

func (s *sale) product() product {
	d := s.dice
	p := product{ASIN: "B0" + wire.Padded(d.Next(), 36, 8), Title: wire.Pick(d, titles)}
	switch d.Weighted(50, 20, 15, 10, 5) {
	case 0:
		p.SellerSKU = "AH-" + d.Digits(6)
	case 1:
		p.SellerSKU = strings.Repeat("0", d.Between(1, 4)) + d.Digits(6)
	case 2:
		p.SellerSKU = wire.Pick(d, skuPrefixes) + d.Digits(3)
	case 3:
		p.SellerSKU = wire.Padded(d.Next(), 36, 2) + "-" + wire.Padded(d.Next(), 36, 4) + "-" + wire.Padded(d.Next(), 36, 4)
	}
	if d.Chance(900) {
		p.Condition = wire.Pick(d, conditions)
	}
	if s.byAmazon && d.Chance(20) {
		p.SerialNumbers = []string{"SN" + d.Digits(10), "SN" + d.Digits(10)}
	}
	if d.Chance(15) {
		p.CustomizedURL = "https://amazon.com/custom/view/" + d.Digits(5)
	}
	return p
}

func (s *sale) quantity() int {
	d := s.dice
	switch d.Weighted(78, 12, 7, 2, 1) {
	case 1:
		return 2
	case 2:
		return d.Between(3, 5)
	case 3:
		return d.Between(6, 24)
	case 4:
		return d.Between(25, 200)
	}
	return 1
}

// levy says who pays the tax to the state.
func (s *sale) levy(i *orderItem) {
	switch {
	case s.site.currency == "USD", s.site.currency == "GBP" && s.dice.Chance(100):
		i.Tax = &itemTax{ResponsibleParty: "Amazon Services, Inc."}
	case i.Fulfillment.IOSSNumber != "":
		i.Tax = &itemTax{ReportingScheme: "IOSS", ResponsibleParty: "Amazon Services Europe S.a.r.L."}
	case s.site.union && s.dice.Chance(30):
		i.Tax = &itemTax{ReportingScheme: "UOSS"}
	}
}
