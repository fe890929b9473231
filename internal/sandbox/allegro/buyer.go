package allegro

import (
	"strings"

	"waybill/internal/sandbox/wire"
)

// person is someone who buys or receives, at an address.
type person struct {
	from        *country
	first, last string
	street      string
	at          place
	phone       *string
	firm        *string
}

// someone lives in the site's country, or just across its border.
func (s *sale) someone() person {
	from := s.site.home
	if s.dice.Chance(40) {
		from = s.site.abroad
	}
	p := person{
		from:   from,
		first:  wire.Pick(s.dice, from.first),
		last:   wire.Pick(s.dice, from.last),
		street: wire.Pick(s.dice, from.streets),
		at:     wire.Pick(s.dice, from.places),
	}
	if s.dice.Chance(950) {
		p.phone = text(s.phoneNumber(from))
	}
	if s.dice.Chance(120) {
		p.firm = text(wire.Pick(s.dice, from.companies))
	}
	return p
}

// phoneNumber comes with and without prefix and spaces, as people type it.
func (s *sale) phoneNumber(of *country) string {
	number := s.dice.Digits(9)
	switch s.dice.Below(4) {
	case 0:
		return number
	case 1:
		return of.phone + " " + number[:3] + " " + number[3:6] + " " + number[6:]
	case 2:
		return number[:3] + "-" + number[3:6] + "-" + number[6:]
	}
	return of.phone + number
}

// buyer has no complete address before the form is filled in; a guest's stays empty.
func (s *sale) buyer() buyer {
	d := s.dice
	guest := d.Chance(100)
	b := buyer{
		ID:          s.longID(d.Between(8, 9)),
		Email:       mailbox(d),
		Login:       "kupujacy_" + d.Digits(6),
		Guest:       guest,
		CompanyName: s.who.firm,
		PhoneNumber: s.who.phone,
		Preferences: preferences{s.site.language},
	}
	if guest {
		b.Login = "Client:" + b.ID
		b.CompanyName = nil
		return b
	}
	b.FirstName, b.LastName = text(s.who.first), text(s.who.last)
	if d.Chance(700) {
		b.Address = &buyerAddress{CountryCode: s.who.from.code}
	}
	return b
}

// identify completes what the buyer says of himself when he fills in the form.
func (s *sale) identify() {
	b := &s.form.Buyer
	b.FirstName, b.LastName = text(s.who.first), text(s.who.last)
	if b.Guest {
		return
	}
	b.Address = &buyerAddress{
		Street: text(s.who.street), City: text(s.who.at.city), PostCode: text(s.who.at.zip), CountryCode: s.who.from.code,
	}
	if s.dice.Chance(30) {
		b.Address.Street = nil
	}
}

// mailbox is the masked address under which the marketplace forwards mail to the buyer.
func mailbox(d *wire.Dice) string {
	const letters = "0123456789abcdefghijklmnopqrstuvwxyz"
	var box strings.Builder
	for range 10 {
		box.WriteByte(letters[d.Below(len(letters))])
	}
	return box.String() + "+" + d.Digits(9) + "@user.allegrogroup.pl"
}

// longID is a number as text, in one of a hundred cases beyond what a float64 can hold.
func (s *sale) longID(digits int) string {
	if s.dice.Chance(10) {
		digits = 19
	}
	return s.dice.Digits(digits)
}
