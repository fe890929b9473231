package allegro

import (
	"time"

	"waybill/internal/sandbox/wire"
)

// fillIn is the buyer at the checkout: where to, how, and for whom the invoice is. It is not final.
func (s *sale) fillIn() {
	s.wait(30*time.Second, 20*time.Minute)
	s.form.Status = filledIn
	s.identify()
	s.deliver()
	s.bill()
	if s.dice.Chance(150) {
		s.form.MessageToSeller = text(wire.Pick(s.dice, messages))
	}
	if s.dice.Chance(500) { // an attempt to pay that has not come to an end (allegro-api issue 6352)
		s.form.Payment = &payment{
			ID: wire.UUID(s.dice, s.updated), Type: "ONLINE", Provider: "PAYU", PaidAmount: &price{"0.00", s.site.currency}, Features: []string{},
		}
	}
	if s.dice.Chance(200) {
		s.form.Delivery.Address = nil // chosen how, not yet where to
	}
}

// pay makes the order ready: address and invoice are complete now.
func (s *sale) pay() {
	if s.form.Status == bought {
		s.fillIn()
	}
	s.wait(5*time.Second, 10*time.Minute)
	s.form.Status = ready
	if s.form.Delivery.Address == nil {
		s.form.Delivery.Address = s.address()
	}
	s.form.Payment = s.payment()
	if s.form.Payment.Type == "ONLINE" && s.dice.Chance(20) {
		s.form.Surcharges = []payment{s.surcharge()}
	}
}

func (s *sale) deliver() {
	d := s.dice
	if d.Chance(200) {
		s.ship = s.someone()
	}
	s.shipping = s.zloty(int64(wire.Pick(d, []int{899, 999, 1099, 1199, 1400, 1899, 2490})))
	smart := d.Chance(450)
	if smart {
		s.shipping = 0
		if d.Chance(50) { // what Allegro refunds stands in cost and total (allegro-api issue 5056)
			s.shipping = s.zloty(571)
		}
	}
	cost := s.price(s.shipping)
	s.form.Delivery = &delivery{
		Address: s.address(), Cost: &cost, Smart: smart, Time: s.promise(), CalculatedNumberOfPackages: d.Weighted(0, 92, 6, 2),
	}
	if d.Chance(550) {
		to := wire.Pick(d, s.site.pickups)
		s.form.Delivery.Method, s.form.Delivery.PickupPoint = &to.method, &to.point
		return
	}
	method := wire.Pick(d, s.site.couriers)
	s.form.Delivery.Method = &method
}

func (s *sale) address() *deliveryAddress {
	p := s.ship
	return &deliveryAddress{
		FirstName: p.first, LastName: p.last, Street: p.street, City: p.at.city, ZipCode: p.at.zip, CountryCode: p.from.code,
		CompanyName: p.firm, PhoneNumber: p.phone,
	}
}

// promise: to be handed over in the evening of a coming day, and delivered in the days after it.
func (s *sale) promise() *deliveryTime {
	const day = 24 * time.Hour
	handover := s.boughtAt.Truncate(day).Add(time.Duration(s.dice.Between(1, 3))*day - 2*time.Hour - time.Millisecond)
	arrives := handover.Add(day + time.Millisecond)
	latest := handover.Add(time.Duration(s.dice.Between(2, 4)) * day)
	t := &deliveryTime{
		From: wire.Instant(arrives), To: wire.Instant(latest),
		Dispatch: &window{From: wire.Instant(handover), To: wire.Instant(handover)},
	}
	if s.dice.Chance(30) {
		t.Guaranteed = &window{From: t.From, To: t.To}
	}
	return t
}

// bill says for whom the invoice is: most want none.
func (s *sale) bill() {
	p, d := s.who, s.dice
	if p.firm == nil && !d.Chance(90) {
		return
	}
	to := &invoiceAddress{Street: p.street, City: p.at.city, ZipCode: p.at.zip, CountryCode: p.from.code}
	s.form.Invoice = invoice{Required: true, Address: to}
	if p.firm == nil {
		to.NaturalPerson = &naturalPerson{FirstName: p.first, LastName: p.last}
		return
	}
	number := d.Digits(10)
	to.Company = &company{Name: *p.firm, VatPayerStatus: wire.Pick(d, []string{"ACTIVE", "NON_ACTIVE", "NOT_APPLICABLE"})}
	if p.from.taxID != "" {
		to.Company.IDs = []companyID{{Type: p.from.taxID, Value: number}}
		to.Company.TaxID = text(number)
	}
	if p.from != s.site.home {
		to.Company.IDs = append(to.Company.IDs, companyID{Type: "VAT_EU", Value: p.from.code + number})
		s.form.Invoice.Features = []string{"VAT_EU_VERIFIED"}
	}
}
