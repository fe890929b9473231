package allegro

import "waybill/internal/sandbox/wire"

// payment settles the order; one on delivery or by transfer has not been paid yet.
func (s *sale) payment() *payment {
	d := s.dice
	p := &payment{ID: wire.UUID(d, s.updated), Features: []string{}}
	switch d.Weighted(80, 12, 4, 3, 1) {
	case 0:
		p.Type, p.Provider = "ONLINE", []string{"PAYU", "P24", "AF"}[d.Weighted(60, 25, 15)]
		if d.Chance(200) {
			p.Features = []string{"ALLEGRO_PAY"}
		}
	case 1:
		p.Type, p.Provider = "CASH_ON_DELIVERY", "OFFLINE"
		return p
	case 2:
		p.Type, p.Provider = "EXTENDED_TERM", "EPT"
		s.form.Invoice.DueDate = text(s.updated.AddDate(0, 0, 30).Format("2006-01-02"))
	case 3:
		p.Type, p.Provider = "WIRE_TRANSFER", "OFFLINE"
		return p
	default:
		p.Type, p.Provider = "SPLIT_PAYMENT", "P24"
	}
	p.FinishedAt = text(wire.Instant(s.updated))
	paid := s.price(s.total())
	p.PaidAmount = &paid
	return p
}

// surcharge is a second payment that the buyer added; it is no part of the order's total.
func (s *sale) surcharge() payment {
	paid := s.price(s.zloty(int64(s.dice.Between(5, 30)) * 100))
	return payment{
		ID: wire.UUID(s.dice, s.updated), Type: "ONLINE", Provider: "PAYU",
		FinishedAt: text(wire.Instant(s.updated)), PaidAmount: &paid, Features: []string{},
	}
}
