package ebay

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// price is an amount as it is written, and as it was before eBay put it into the currency of who asks.
type price struct {
	value, currency  string
	before, beforeIn string
	given            bool
}

func (p *price) read(r *reading.Reader) { p.given = reading.Object(r, priceFields, p) }

var priceFields = []reading.Field[price]{
	reading.Named("value", func(r *reading.Reader, p *price) { p.value = r.Word() }),
	reading.Named("currency", func(r *reading.Reader, p *price) { p.currency = r.Text() }),
	reading.Named("convertedFromValue", func(r *reading.Reader, p *price) { p.before = r.Word() }),
	reading.Named("convertedFromCurrency", func(r *reading.Reader, p *price) { p.beforeIn = r.Text() }),
}

// total is what the buyer pays. All other amounts have to be in its currency, or to have been.
func (f *form) total(found *reading.Findings) {
	t := f.pricing.total
	const at = "$.pricingSummary.total"
	found.Require(t.given, reading.MissingTotal, at, "nothing says what the buyer pays")
	if !t.given {
		for i := 0; f.Total.Currency == "" && i < len(f.lines); i++ {
			f.Total.Currency = f.lines[i].cost.currency // so that what else is wrong is told too
		}
		return
	}
	found.Currency(t.currency, at+".currency")
	f.Total = found.Money(t.value, t.currency, reading.Place{Path: at + ".value"}, reading.NegativeTotal)
}

// in is an amount in the currency of the order; none is nothing.
func (f *form) in(p price, found *reading.Findings, at reading.Place, negative string) schemas.Money {
	nothing := schemas.Money{Currency: f.Total.Currency}
	switch {
	case !p.given:
		return nothing
	case p.currency == f.Total.Currency:
		at.Path += ".value"
		return found.Money(p.value, p.currency, at, negative)
	case p.beforeIn == f.Total.Currency && p.beforeIn != "":
		at.Path += ".convertedFromValue"
		return found.Money(p.before, p.beforeIn, at, negative)
	case f.Total.Currency == "": // that is said of the total
		return nothing
	}
	at.Path += ".currency"
	found.Add(reading.MixedCurrencies, at.String(), "not the currency of the total, and not made of an amount in it")
	return nothing
}

// lowers is an amount that is taken off, however its sign is written.
func (f *form) lowers(p price, found *reading.Findings, path string) schemas.Money {
	m := f.in(p, found, reading.Place{Path: path}, "")
	m.Minor = min(m.Minor, -m.Minor)
	return m
}

// settle adds what is paid beside the goods, and makes all add up to the total.
func (f *form) settle(found *reading.Findings) {
	const at = "$.pricingSummary."
	p := &f.pricing
	delivery := f.delivery(found)
	delivery.Minor += f.lowers(p.deliveryOff, found, at+"deliveryDiscount").Minor
	if p.delivery.given || delivery.Minor != 0 {
		f.Charges = append(f.Charges, schemas.Charge{Kind: schemas.ChargeShipping, Ref: f.DeliveryMethodRef, Title: f.DeliveryMethod, Quantity: 1, Amount: delivery})
	}
	rest := f.lowers(p.off, found, at+"priceDiscount")
	rest.Minor += f.off
	f.charge(schemas.ChargeDiscount, "", schemas.Money{Minor: min(rest.Minor, 0), Currency: rest.Currency}) // of the whole order
	adjustment := f.in(p.adjustment, found, reading.Place{Path: at + "adjustment"}, "")
	f.charge(schemas.FeeKind(adjustment), "adjustment", adjustment)
	f.charge(schemas.ChargeService, "fee", f.in(p.fee, found, reading.Place{Path: at + "fee"}, reading.NegativePrice))
	tax := f.in(p.tax, found, reading.Place{Path: at + "tax"}, reading.NegativePrice)
	f.charge(schemas.ChargeTax, "", tax)
	if tax.Minor == 0 {
		f.chargeCollected(found)
	}
	found.Settle(&f.Order, "$.pricingSummary.total", reading.TotalDisagrees)
}

// delivery is what all lines together cost to deliver, where the summary does not say it.
func (f *form) delivery(found *reading.Findings) schemas.Money {
	if f.pricing.delivery.given {
		return f.in(f.pricing.delivery, found, reading.Place{Path: "$.pricingSummary.deliveryCost"}, reading.NegativePrice)
	}
	sum := schemas.Money{Currency: f.Total.Currency}
	for i := range f.lines {
		d := &f.lines[i].delivery
		for _, part := range [...]struct {
			price
			name string
		}{{d.cost, "shippingCost"}, {d.handling, "handlingCost"}, {d.importing, "importCharges"}} {
			sum.Minor = bounded(sum.Minor + f.in(part.price, found, reading.In("$.lineItems[%d].deliveryCost."+part.name, i, 0), reading.NegativePrice).Minor)
		}
		sum.Minor += f.lowers(d.off, found, reading.At("$.lineItems[%d].deliveryCost.discountAmount", i)).Minor
	}
	return sum
}

// chargeCollected adds the taxes that eBay collects, where the total has them: eBay puts them in only when it is asked to (TAX_BREAKDOWN).
func (f *form) chargeCollected(found *reading.Findings) {
	sum := schemas.Money{Currency: f.Total.Currency}
	for i := range f.lines {
		for j := range f.lines[i].collected {
			sum.Minor = bounded(sum.Minor + f.in(f.lines[i].collected[j].amount, found, reading.In("$.lineItems[%d].ebayCollectAndRemitTaxes[%d].amount", i, j), reading.NegativePrice).Minor)
		}
	}
	parts := f.Total.Minor - sum.Minor
	for i := range f.Lines {
		parts -= f.Lines[i].LineTotal.Minor
	}
	for i := range f.Charges {
		parts -= f.Charges[i].Amount.Minor
	}
	if parts == 0 {
		f.charge(schemas.ChargeTax, "collected by eBay", sum)
	}
}

// charge adds one that is not nothing.
func (f *form) charge(kind, ref string, amount schemas.Money) {
	if amount.Minor != 0 {
		f.Charges = append(f.Charges, schemas.Charge{Kind: kind, Ref: ref, Quantity: 1, Amount: amount})
	}
}

// bounded keeps a sum of many within what an amount can be.
func bounded(minor int64) int64 { return min(max(minor, -schemas.MinorMax), schemas.MinorMax) }
