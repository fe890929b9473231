package direct

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// price says in what currency all amounts are, and what the buyer pays if the order states it.
func (t *translation) price() {
	f, o := t.form, t.order
	t.found.Currency(f.currency, "$.currency")
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
	o := t.order
	switch {
	case t.sum > schemas.MinorMax:
		t.found.Add(reading.AmountOutOfRange, "$.lines", "together beyond any price")
	case t.form.total == "" && t.sum < 0:
		t.found.Add(reading.NegativeTotal, "$.discounts", "more than the order comes to")
	case t.form.total == "":
		o.Total.Minor = t.sum
	}
	t.found.Settle(o, "$.total", reading.TotalDisagrees)
}

// money is a price, in the currency of the order; nothing costs less than nothing.
func (t *translation) money(amount string, where reading.Place) schemas.Money {
	return t.found.Money(amount, t.form.currency, where, reading.NegativePrice)
}

// times is the price of so many pieces.
func (t *translation) times(unit schemas.Money, quantity int64, where reading.Place) schemas.Money {
	all, err := unit.Times(quantity)
	if err != nil {
		t.found.Add(reading.AmountOutOfRange, where.String(), "all pieces together are beyond any price")
	}
	return all
}

// add sums up without ever overflowing: what is beyond any price stays so.
func (t *translation) add(m schemas.Money) {
	if t.sum <= schemas.MinorMax {
		t.sum += m.Minor
	}
}
