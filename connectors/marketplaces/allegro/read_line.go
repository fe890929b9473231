package allegro

import (
	"errors"

	"waybill/schemas"
)

const quantityMax = 1_000_000

var lineFields = []field[line]{
	{"id", func(r *reader, l *line) { l.id = r.word() }},
	{"offer", func(r *reader, l *line) { l.offer.given = object(r, offerFields, &l.offer) }},
	{"quantity", func(r *reader, l *line) { l.quantity = r.whole(1, quantityMax, badQuantity) }},
	{"originalPrice", func(r *reader, l *line) { l.original = r.amount(negativePrice) }},
	{"price", func(r *reader, l *line) { l.price = r.amount(negativePrice) }},
	{"deposit", func(r *reader, l *line) { object(r, depositFields, l) }},
	{"selectedAdditionalServices", func(r *reader, l *line) { l.services = list(r, serviceFields, itemsMax, tooManyItems) }},
	{"tax", func(r *reader, l *line) { object(r, taxFields, l) }},
	{"boughtAt", func(r *reader, l *line) { l.boughtAt = r.instant() }},
	{"discounts", func(r *reader, l *line) { l.discounts = list(r, discountFields, itemsMax, tooManyItems) }},
}

var offerFields = []field[offer]{
	{"id", func(r *reader, o *offer) { o.id = r.word() }},
	{"name", func(r *reader, o *offer) { o.name = r.text() }},
	{"external", func(r *reader, o *offer) { object(r, identifiedFields, &o.external) }},
}

var depositFields = []field[line]{
	{"price", func(r *reader, l *line) { l.deposit = r.amount(negativePrice) }},
}

var serviceFields = []field[service]{
	{"definitionId", func(r *reader, s *service) { s.id = r.word() }},
	{"name", func(r *reader, s *service) { s.name = r.text() }},
	{"price", func(r *reader, s *service) { s.price = r.amount(negativePrice) }},
	{"quantity", func(r *reader, s *service) { s.quantity = r.whole(1, quantityMax, badQuantity) }},
}

var taxFields = []field[line]{
	{"rate", func(r *reader, l *line) { l.taxRate = r.word() }},
}

var discountFields = []field[discount]{
	{"type", func(r *reader, d *discount) { d.kind = r.text() }},
}

// price is a Price as it is written: its amount is a decimal text, though some senders make it a number.
type price struct{ amount, currency string }

var priceFields = []field[price]{
	{"amount", func(r *reader, p *price) { p.amount = r.word() }},
	{"currency", func(r *reader, p *price) { p.currency = r.text() }},
}

// finest is the currency with the most decimals.
const finest = "CLF"

// amount is the Price that comes next. One below zero is the fault of that code, unless there is none.
func (r *reader) amount(negative string) amount {
	var p price
	if !object(r, priceFields, &p) {
		return amount{}
	}
	given := amount{given: true, Money: schemas.Money{Currency: p.currency}}
	money, err := schemas.ParseMoney(p.amount, p.currency)
	if errors.Is(err, schemas.ErrCurrency) {
		given.Currency = r.unknownCurrency(p.currency)
		money, err = schemas.ParseMoney(p.amount, finest) // so that what is wrong with the amount itself is told too
	}
	switch {
	case p.amount == "":
		r.faultAt("amount", missingAmount, "no amount")
	case errors.Is(err, schemas.ErrPrecision):
		r.faultAt("amount", tooPrecise, "more decimals than its currency has")
	case errors.Is(err, schemas.ErrAmount):
		r.faultAt("amount", amountOutOfRange, "beyond any price")
	case err != nil:
		r.faultAt("amount", badAmount, "not a decimal number such as 12.50")
	case money.Minor < 0 && negative != "":
		r.faultAt("amount", negative, "below zero")
	default:
		given.Minor = money.Minor
	}
	return given
}

func (r *reader) unknownCurrency(currency string) (none string) {
	if currency == "" {
		r.faultAt("currency", missingCurrency, "an amount says nothing without its currency")
	} else {
		r.faultAt("currency", unknownCurrency, "no currency of ISO 4217")
	}
	return none
}
