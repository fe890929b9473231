package reading

import (
	"cmp"

	"waybill/schemas"
)

// Refund is money that a channel has paid back: its amount with whatever sign, and its currency unless it is that of the order.
type Refund struct{ Amount, Currency string }

// RefundFields read a refund that tells its amount in the field of that name, in the currency of the order.
func RefundFields(amount string) []Field[Refund] {
	return []Field[Refund]{Named(amount, func(r *Reader, b *Refund) { b.Amount = r.Word() })}
}

// PayBack says on the order how much of what was paid was paid back, and notes that code if it is more (item 78). An order is no worse for an
// amount that is none or is in another currency: then nobody says how much it was.
func PayBack(o *schemas.Order, paid schemas.Money, all []Refund, tooMuch, path string) {
	if len(all) == 0 {
		return
	}
	back := schemas.Refund{Amount: schemas.Money{Currency: paid.Currency}, Paid: paid}
	for _, one := range all {
		m, err := schemas.ParseMoney(one.Amount, cmp.Or(one.Currency, paid.Currency))
		if err != nil || m.Currency != paid.Currency {
			return
		}
		back.Amount.Minor = min(back.Amount.Minor+max(m.Minor, -m.Minor), schemas.MinorMax)
	}
	o.Refund = &back
	if back.Exceeds() {
		Warn(o, tooMuch, path, "more was paid back than was paid")
	}
}
