package reading

import (
	"errors"

	"waybill/schemas"
)

// Money is an amount that is a mere text or number, in a currency that stands elsewhere. What is faulty in it is zero. One below
// zero is the fault of that code, unless there is none.
func (f *Findings) Money(amount, currency string, where Place, negative string) schemas.Money {
	money, err := schemas.ParseMoney(amount, currency)
	if errors.Is(err, schemas.ErrCurrency) {
		money, err = schemas.ParseMoney(amount, finest) // whoever read the currency has said so; this tells what else is wrong
	}
	code, text := amountFault(money, err, negative)
	if amount == "" {
		code, text = MissingAmount, "no amount"
	}
	if code != "" {
		f.Add(code, where.String(), text)
		money.Minor = 0
	}
	return schemas.Money{Minor: money.Minor, Currency: currency}
}

// amountFault is what is wrong with an amount that was parsed, if anything.
func amountFault(money schemas.Money, err error, negative string) (code, text string) {
	switch {
	case errors.Is(err, schemas.ErrPrecision):
		return TooPrecise, "more decimals than its currency has"
	case errors.Is(err, schemas.ErrAmount):
		return AmountOutOfRange, "beyond any price"
	case err != nil:
		return BadAmount, "not a decimal number such as 12.50"
	case money.Minor < 0 && negative != "":
		return negative, "below zero"
	}
	return "", ""
}
