package shopify

import (
	"cmp"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// denominate says in which currency the order is: that in which the buyer pays, where the document tells its amounts in it (*_set), and else
// that of the shop.
func (f *form) denominate(found *reading.Findings) {
	_, known := schemas.Exponent(f.booked)
	found.Currency(f.booked, "$.currency")
	f.foreign = known && f.paidIn != "" && f.paidIn != f.booked && f.total.paid != ""
	f.Total.Currency = f.booked
	if f.foreign {
		f.Total.Currency = f.paidIn
		found.Currency(f.paidIn, "$.presentment_currency")
	}
}

// money is a sum in the currency of the order.
func (f *form) money(s sum, found *reading.Findings, at reading.Place, negative string) schemas.Money {
	if !f.foreign {
		return found.Money(s.shop, f.Total.Currency, at, negative)
	}
	if s.paid == "" && s.shop != "" && strings.Trim(s.shop, "0.") == "" {
		return schemas.Money{Currency: f.Total.Currency} // nothing is nothing in any currency
	}
	at.Path += "_set.presentment_money.amount"
	if s.paidIn != "" && s.paidIn != f.Total.Currency {
		found.Add(reading.MixedCurrencies, at.String(), "not in the currency in which the order is paid")
	}
	return found.Money(s.paid, f.Total.Currency, at, negative)
}

// maybe is a sum that may lack.
func (f *form) maybe(s sum, found *reading.Findings, at reading.Place, negative string) schemas.Money {
	if s == (sum{}) {
		return schemas.Money{Currency: f.Total.Currency}
	}
	return f.money(s, found, at, negative)
}

// value says what a line costs: its price is that of one piece, before its shares in discounts. Where there are no shares, an older sender has
// put what was taken off into total_discount. Pieces that were taken out again cost nothing.
func (f *form) value(i int, found *reading.Findings) {
	l := &f.lines[i]
	at := reading.In("$.line_items[%d].price", i, 0)
	l.ListPrice = f.money(l.price, found, at, reading.NegativePrice)
	all, err := l.ListPrice.Times(l.Quantity)
	if err != nil {
		found.Add(reading.AmountOutOfRange, at.String(), "all pieces together are beyond any price")
		all = schemas.Money{Currency: f.Total.Currency}
	}
	off := f.taken(i, found)
	if off > all.Minor {
		if all.Minor > 0 || off > 0 {
			reading.Warn(&f.Order, reading.LineDisagrees, reading.At("$.line_items[%d].discount_allocations", i), "more is taken off than the line costs; it costs nothing")
		}
		off = all.Minor
	}
	all.Minor -= off
	f.off += off
	wanted := l.Quantity
	if f.Status != schemas.StatusCancelled {
		wanted -= l.Cancelled
	}
	l.LineTotal = all
	if wanted < l.Quantity {
		l.LineTotal = all.Split([]int64{wanted, l.Quantity - wanted})[0]
		f.removed += all.Minor - l.LineTotal.Minor + f.untaxed(i, l.Quantity-wanted, found)
	}
	if l.UnitPrice, _ = l.LineTotal.Per(wanted); wanted == 0 {
		l.UnitPrice, _ = all.Per(l.Quantity)
	}
	for j := 0; off > 0 && j < len(f.codes); j++ {
		l.Discounts = append(l.Discounts, f.codes[j])
	}
}

// taken is what is taken off a line.
func (f *form) taken(i int, found *reading.Findings) (off int64) {
	l := &f.lines[i]
	if len(l.allocations) == 0 {
		return f.maybe(l.discount, found, reading.In("$.line_items[%d].total_discount", i, 0), reading.NegativePrice).Minor
	}
	for j := range l.allocations {
		off = bounded(off + f.money(l.allocations[j].amount, found, reading.In("$.line_items[%d].discount_allocations[%d].amount", i, j), reading.NegativePrice).Minor)
	}
	return off
}

// untaxed is the tax on pieces of a line that were taken out again, where it is not in the prices.
func (f *form) untaxed(i int, pieces int64, found *reading.Findings) int64 {
	if f.gross {
		return 0
	}
	l, tax := &f.lines[i], schemas.Money{Currency: f.Total.Currency}
	for j := range l.taxes {
		tax.Minor = bounded(tax.Minor + f.maybe(l.taxes[j].price, found, reading.In("$.line_items[%d].tax_lines[%d].price", i, j), reading.NegativePrice).Minor)
	}
	gone := tax.Split([]int64{pieces, l.Quantity - pieces})[0].Minor
	f.removedTax += gone
	return gone
}

// bounded keeps a sum of many within what an amount can be.
func bounded(minor int64) int64 { return min(max(minor, -schemas.MinorMax), schemas.MinorMax) }

func (f *form) addTip(i int, found *reading.Findings) {
	l := &f.lines[i]
	tip := f.money(l.price, found, reading.In("$.line_items[%d].price", i, 0), reading.NegativePrice)
	f.tip = sum{} // it is the same money
	f.Charges = append(f.Charges, schemas.Charge{Kind: schemas.ChargeService, Ref: l.LineRef, Title: cmp.Or(l.Title, "Tip"), Quantity: 1, Amount: tip})
}

// settle adds what is paid beside the goods, and makes all add up to the total. total_price is that of all that was bought: what was taken out
// again is taken off it.
func (f *form) settle(found *reading.Findings) {
	if !f.gross {
		tax := f.maybe(f.tax, found, reading.Place{Path: "$.total_tax"}, reading.NegativePrice)
		tax.Minor -= f.removedTax
		f.charge(schemas.ChargeTax, "", tax)
	}
	f.charge(schemas.ChargeTax, "duties", f.maybe(f.duties, found, reading.Place{Path: "$.original_total_duties"}, reading.NegativePrice))
	f.charge(schemas.ChargeService, "fees", f.maybe(f.fees, found, reading.Place{Path: "$.original_total_additional_fees"}, reading.NegativePrice))
	if !f.foreign { // it is told in the currency of the shop alone
		f.charge(schemas.ChargeService, "tip", f.maybe(f.tip, found, reading.Place{Path: "$.total_tip_received"}, reading.NegativePrice))
	}
	f.discountOrder(found)
	found.Require(f.total != (sum{}), reading.MissingTotal, "$.total_price", "nothing says what the buyer pays")
	f.bought = f.money(f.total, found, reading.Place{Path: "$.total_price"}, reading.NegativeTotal)
	f.Total = f.bought
	f.Total.Minor -= f.removed
	if f.removed > 0 && f.current != (sum{}) { // the same, but for a cent of rounding
		now := f.money(f.current, found, reading.Place{Path: "$.current_total_price"}, reading.NegativeTotal)
		if !schemas.BeyondRounding(now.Minor-f.Total.Minor, now) {
			f.Total = now
		}
	}
	found.Require(f.Total.Minor >= 0, reading.NegativeTotal, "$.total_price", "less than what was taken out of the order again")
	found.Settle(&f.Order, "$.total_price", reading.TotalDisagrees)
	if (f.financial == "partially_refunded" || f.financial == "refunded") && f.Status != schemas.StatusCancelled {
		reading.Warn(&f.Order, reading.PartlyRefunded, "$.refunds", "money was paid back; lines say what is still wanted")
	}
}

// charge adds one that is not nothing.
func (f *form) charge(kind, ref string, amount schemas.Money) {
	if amount.Minor != 0 {
		f.Charges = append(f.Charges, schemas.Charge{Kind: kind, Ref: ref, Quantity: 1, Amount: amount})
	}
}

// discountOrder takes off what no line and no delivery has a share of, as senders older than discount_allocations state it.
func (f *form) discountOrder(found *reading.Findings) {
	all := f.maybe(f.discounts, found, reading.Place{Path: "$.total_discounts"}, "")
	shared := f.off > 0
	for i := range f.shippings {
		s := &f.shippings[i]
		shared = shared || len(s.allocations) > 0 || s.discounted.shop != s.price.shop && s.discounted.shop != ""
	}
	if !shared && all.Minor > 0 {
		f.Charges = append(f.Charges, schemas.Charge{
			Kind: schemas.ChargeDiscount, Title: strings.Join(f.codes, ", "), Quantity: 1, Amount: schemas.Money{Minor: -all.Minor, Currency: all.Currency},
		})
	}
}
