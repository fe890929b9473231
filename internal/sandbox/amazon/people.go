package amazon

import (
	"strings"

	"waybill/internal/sandbox/wire"
)

// someone buys, for himself, his firm, or another.
func (s *sale) someone() {
	d := s.dice
	from := s.site.home
	if d.Chance(40) {
		from = s.site.abroad
	}
	firms := 0
	if s.business {
		firms = 1000
	}
	s.who = wire.Someone(d, from, firms)
	s.order.Buyer = &buyer{BuyerName: s.who.Name(), BuyerCompanyName: s.who.Firm}
	if !s.byAmazon {
		s.order.Buyer.BuyerEmail = mailbox(d) + "@marketplace." + strings.ToLower(s.site.name)
	}
	if d.Chance(60) { // withheld
		s.order.Buyer.BuyerName = ""
	}
	if s.business && d.Chance(500) {
		s.order.Buyer.BuyerPurchaseOrderNumber = wire.Pick(d, []string{"PO-2026-" + d.Digits(5), "Kst. 4711/Größe", "0000" + d.Digits(3)})
	}
	if s.business && s.who.From.VAT != "" {
		s.register()
	}
	s.deliverTo(s.who)
}

// register gives a business buyer's tax number.
func (s *sale) register() {
	home := s.street(s.who)
	home.Phone = ""
	s.order.Tax = &orderTax{TaxRegistrations: []taxRegistration{{
		EntityType: "BUYER", LegalName: s.who.Firm, TaxRegistrationType: "VAT",
		TaxRegistrationNumber: s.who.From.VAT + s.dice.Digits(9), TaxRegistrationAddress: &home,
	}}}
}

// deliverTo says where to. Without the restricted role, a seller learns the place alone; of what
// Amazon ships from its warehouse, mostly no more either, and never a phone number.
func (s *sale) deliverTo(p wire.Person) {
	d := s.dice
	to := s.street(p)
	if s.byAmazon {
		to.Phone = ""
	}
	if d.Chance(60) || s.byAmazon && d.Chance(700) {
		to = address{City: to.City, StateOrRegion: to.StateOrRegion, PostalCode: to.PostalCode, CountryCode: to.CountryCode}
	}
	s.order.Recipient = &recipient{DeliveryAddress: to}
	if d.Chance(60) {
		s.order.Recipient.DeliveryPreference = &deliveryPreference{
			DropOffLocation:    wire.Pick(d, []string{"", "Front desk reception", "Garage", "宅配ボックス"}),
			AddressInstruction: wire.Pick(d, instructions),
		}
		if d.Chance(300) {
			s.order.Recipient.DeliveryPreference.DeliveryCapabilities = []string{"HAS_ACCESS_POINT", "PALLET_DISABLED"}
		}
	}
}

func (s *sale) street(p wire.Person) address {
	d := s.dice
	to := address{
		Name: p.Name(), CompanyName: p.Firm, AddressLine1: p.Line(),
		City: p.At.City, StateOrRegion: p.At.Region, PostalCode: p.At.Zip, CountryCode: p.From.Code, Phone: p.Phone,
		AddressType: []string{"RESIDENTIAL", "COMMERCIAL", ""}[d.Weighted(80, 10, 10)],
		wordy:       d.Chance(300),
	}
	switch d.Weighted(80, 12, 4, 4) {
	case 1:
		to.AddressLine2 = wire.Pick(d, extras)
	case 2:
		to.AddressLine2, to.AddressLine3 = wire.Pick(d, extras), wire.Pick(d, extras)
	case 3: // the street stands where the buyer typed it
		to.AddressLine1, to.AddressLine2 = wire.Pick(d, extras), to.AddressLine1
	}
	if to.AddressType == "COMMERCIAL" && d.Chance(150) {
		to.AddressType = "PICKUP_POINT"
	}
	return to
}

// mailbox is the masked address under which Amazon forwards mail to the buyer.
func mailbox(d *wire.Dice) string {
	const letters = "0123456789bcdfghjklmnpqrstvwxyz"
	box := make([]byte, 15)
	for i := range box {
		box[i] = letters[d.Below(len(letters))]
	}
	return string(box)
}
