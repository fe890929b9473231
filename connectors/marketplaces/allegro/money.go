package allegro

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// total is what the channel says the buyer pays, with delivery and services; surcharges are payments of their own (ALL#9671).
// All other amounts have to be in its currency.
func (t *translation) total() {
	if !t.form.total.Given {
		t.found.Add(reading.MissingTotal, "$.summary.totalToPay", "nothing says what the buyer pays")
	}
	t.order.Total = t.form.total.Money
	t.currency = t.form.total.Currency
	for i := 0; t.currency == "" && i < len(t.form.lines); i++ {
		t.currency = t.form.lines[i].price.Currency
	}
}

// charge adds what the buyer pays beside the goods.
func (t *translation) charge() {
	for i := range t.form.lines {
		t.chargeLine(i, &t.form.lines[i])
	}
	d := &t.form.delivery
	if d.cost.Given {
		t.addCharge(schemas.Charge{
			Kind: schemas.ChargeShipping, Ref: d.method.id, Title: d.method.name, Quantity: 1,
			Amount: t.money(d.cost, reading.Place{Path: "$.delivery.cost"}),
		})
	}
}

func (t *translation) chargeLine(i int, l *line) {
	if l.deposit.Given {
		unit := t.money(l.deposit, reading.In("$.lineItems[%d].deposit.price", i, 0))
		t.addCharge(schemas.Charge{
			Kind: schemas.ChargeDeposit, LineRef: lineRef(l, i), Quantity: l.quantity,
			Amount: t.times(unit, l.quantity, reading.In("$.lineItems[%d].deposit", i, 0)),
		})
	}
	for j := range l.services {
		s := &l.services[j]
		quantity := max(1, s.quantity) // one, unless it says more
		unit := t.money(s.price, reading.In("$.lineItems[%d].selectedAdditionalServices[%d].price", i, j))
		t.addCharge(schemas.Charge{
			Kind: schemas.ChargeService, LineRef: lineRef(l, i), Ref: s.id, Title: s.name, Quantity: quantity,
			Amount: t.times(unit, quantity, reading.In("$.lineItems[%d].selectedAdditionalServices[%d]", i, j)),
		})
	}
}

func (t *translation) addCharge(c schemas.Charge) {
	t.order.Charges = append(t.order.Charges, c)
	t.add(c.Amount)
}

// settle makes the parts add up to the total as the channel states it, which stands even where it disagrees: the
// specification's own samples do.
func (t *translation) settle() {
	total := t.order.Total
	if t.sum > schemas.MinorMax {
		t.found.Add(reading.AmountOutOfRange, "$.lineItems", "together beyond any price")
	}
	difference := total.Minor - t.sum
	if difference == 0 || len(t.found.All) > 0 {
		return
	}
	t.order.Charges = append(t.order.Charges, schemas.Charge{
		Kind: schemas.ChargeRounding, Quantity: 1, Amount: schemas.Money{Minor: difference, Currency: total.Currency},
	})
	// A cancelled order has lost its delivery, and what that would have cost.
	if t.order.Status != schemas.StatusCancelled && exceeds(difference, total) {
		t.warn(reading.TotalDisagrees, "$.summary.totalToPay", "not what lines, services, deposits and delivery add up to; it stands as stated")
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

// money takes an amount of the form that has to be there, in the currency of the total.
func (t *translation) money(a reading.Amount, where reading.Place) schemas.Money {
	switch {
	case !a.Given:
		t.found.Add(reading.MissingPrice, where.String(), "no price")
	case a.Currency != "" && a.Currency != t.currency:
		t.found.Add(reading.MixedCurrencies, where.String()+".currency", "not the currency of the total")
	}
	return a.Money
}

// times is the price of so many pieces.
func (t *translation) times(unit schemas.Money, quantity int64, where reading.Place) schemas.Money {
	if quantity > 0 && unit.Minor > schemas.MinorMax/quantity {
		t.found.Add(reading.AmountOutOfRange, where.String(), "all pieces together are beyond any price")
		return schemas.Money{}
	}
	return schemas.Money{Minor: unit.Minor * quantity, Currency: unit.Currency}
}

// add sums up without ever overflowing: what is beyond any price stays so.
func (t *translation) add(m schemas.Money) { t.sum = min(t.sum+m.Minor, schemas.MinorMax+1) }
