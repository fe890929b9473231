package direct

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// price says in what currency all amounts are, and what the buyer pays if the order states it.
func (t *translation) price() {
	f, o := t.form, t.order
	if f.currency == "" {
		t.found.Add(reading.MissingCurrency, "$.currency", "an amount says nothing without its currency")
	} else if _, known := schemas.Exponent(f.currency); !known {
		t.found.Add(reading.UnknownCurrency, "$.currency", "no currency of ISO 4217, in capitals")
	}
	o.Total.Currency, o.PricesIncludeTax = f.currency, f.pricesIncludeTax
	if f.total != "" {
		o.Total = t.found.Money(f.total, f.currency, reading.Place{Path: "$.total"}, reading.NegativeTotal)
	}
}

// charge adds what the buyer pays beside the goods, and takes off what he is let off.
func (t *translation) charge() {
	for i := range t.form.charges {
		c := &t.form.charges[i]
		if !one(c.kind, schemas.ChargeShipping, schemas.ChargeService, schemas.ChargeDeposit, schemas.ChargeTax) {
			t.found.Add(reading.UnknownCharge, reading.At("$.charges[%d].kind", i), "neither shipping, service, deposit nor tax; what lowers the price stands in discounts")
		}
		t.addCharge(c, c.kind, 1, "$.charges[%d]", i)
	}
	for i := range t.form.discounts {
		t.addCharge(&t.form.discounts[i], schemas.ChargeDiscount, -1, "$.discounts[%d]", i)
	}
}

// addCharge adds a charge, or with the sign -1 a discount, which is written without one.
func (t *translation) addCharge(c *charge, kind string, sign int64, path string, i int) {
	amount := t.money(c.amount, reading.In(path+".amount", i, 0))
	amount.Minor *= sign
	if c.amount == "" {
		t.found.Add(reading.MissingAmount, reading.At(path+".amount", i), "no amount")
	}
	if c.lineRef != "" && len(t.order.Lines) > 0 && !t.hasLine(c.lineRef) {
		t.found.Add(reading.UnknownLine, reading.At(path+".line_ref", i), "no line of this order has that reference")
	}
	t.order.Charges = append(t.order.Charges, schemas.Charge{Kind: kind, LineRef: c.lineRef, Title: c.title, Quantity: 1, Amount: amount})
	t.add(amount)
}

func (t *translation) hasLine(ref string) bool {
	for i := range t.order.Lines {
		if t.order.Lines[i].LineRef == ref {
			return true
		}
	}
	return false
}

// settle makes the parts add up to the total. One that is stated stands even where it disagrees; without one it is their sum.
func (t *translation) settle() {
	total := &t.order.Total
	switch {
	case t.sum > schemas.MinorMax:
		t.found.Add(reading.AmountOutOfRange, "$.lines", "together beyond any price")
	case t.form.total == "" && t.sum < 0:
		t.found.Add(reading.NegativeTotal, "$.discounts", "more than the order comes to")
	case t.form.total == "":
		total.Minor = t.sum
	}
	difference := total.Minor - t.sum
	if difference == 0 || len(t.found.All) > 0 {
		return
	}
	t.order.Charges = append(t.order.Charges, schemas.Charge{
		Kind: schemas.ChargeRounding, Quantity: 1, Amount: schemas.Money{Minor: difference, Currency: total.Currency},
	})
	if exceeds(difference, *total) {
		t.warn(reading.TotalDisagrees, "$.total", "not what lines, charges and discounts add up to; it stands as stated")
	}
}

// exceeds tells a difference of more than one unit of the currency, or of more than a hundredth of the total, from mere rounding.
func exceeds(difference int64, total schemas.Money) bool {
	if difference < 0 {
		difference = -difference
	}
	unit, _ := schemas.ParseMoney("1", total.Currency)
	return difference > unit.Minor || difference > total.Minor/100
}

// money is a price, in the currency of the order; nothing costs less than nothing.
func (t *translation) money(amount string, where reading.Place) schemas.Money {
	if amount == "" {
		return schemas.Money{Currency: t.form.currency}
	}
	return t.found.Money(amount, t.form.currency, where, reading.NegativePrice)
}

// times is the price of so many pieces.
func (t *translation) times(unit schemas.Money, quantity int64, where reading.Place) schemas.Money {
	if quantity > 0 && unit.Minor > schemas.MinorMax/quantity {
		t.found.Add(reading.AmountOutOfRange, where.String(), "all pieces together are beyond any price")
		return schemas.Money{Currency: unit.Currency}
	}
	return schemas.Money{Minor: unit.Minor * quantity, Currency: unit.Currency}
}

// per is the price of one of so many pieces, to the nearest minor unit.
func per(total schemas.Money, quantity int64) schemas.Money {
	if quantity == 0 {
		return total
	}
	return schemas.Money{Minor: (total.Minor + quantity/2) / quantity, Currency: total.Currency}
}

// add sums up without ever overflowing: what is beyond any price stays so.
func (t *translation) add(m schemas.Money) {
	if t.sum <= schemas.MinorMax {
		t.sum += m.Minor
	}
}
