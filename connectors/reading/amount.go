package reading

import (
	"errors"

	"waybill/schemas"
)

// Amount is a price that was read. What was faulty in it is zero; Given tells one with faults from none.
type Amount struct {
	schemas.Money
	Given bool
}

// Prices reads prices that are objects of an amount and a currency, as a channel names the two.
type Prices struct {
	amount, currency string
	fields           []Field[price]
}

// price is as it is written: its amount is a decimal text, though some senders make it a number.
type price struct{ amount, currency string }

// PricesNamed reads prices whose fields have those names.
func PricesNamed(amount, currency string) *Prices {
	return &Prices{amount: amount, currency: currency, fields: []Field[price]{
		Named(amount, func(r *Reader, p *price) { p.amount = r.Word() }),
		Named(currency, func(r *Reader, p *price) { p.currency = r.Text() }),
	}}
}

// finest is the currency with the most decimals.
const finest = "CLF"

// Read is the price that comes next. One below zero is the fault of that code, unless there is none.
func (named *Prices) Read(r *Reader, negative string) Amount {
	var p price
	if !Object(r, named.fields, &p) {
		return Amount{}
	}
	given := Amount{Given: true, Money: schemas.Money{Currency: p.currency}}
	money, err := schemas.ParseMoney(p.amount, p.currency)
	if errors.Is(err, schemas.ErrCurrency) {
		given.Currency = named.unknownCurrency(r, p.currency)
		money, err = schemas.ParseMoney(p.amount, finest) // so that what is wrong with the amount itself is told too
	}
	code, text := amountFault(money, err, negative)
	switch {
	case p.amount == "":
		r.FaultAt(named.amount, MissingAmount, "no amount")
	case code != "":
		r.FaultAt(named.amount, code, text)
	default:
		given.Minor = money.Minor
	}
	return given
}

func (named *Prices) unknownCurrency(r *Reader, currency string) (none string) {
	if currency == "" {
		r.FaultAt(named.currency, MissingCurrency, "an amount says nothing without its currency")
	} else {
		r.FaultAt(named.currency, UnknownCurrency, "no currency of ISO 4217")
	}
	return none
}
