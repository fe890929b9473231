package amazon

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// price says what the buyer pays, as Amazon states it. All other amounts have to be in its currency. What is pending states none, so
// that of the site stands in.
func (t *translation) price() {
	t.order.Total = t.total.Money
	t.currency = t.total.Currency
	for i := 0; t.currency == "" && i < len(t.lines); i++ {
		t.currency = currencyOf(&t.lines[i])
	}
	switch {
	case t.total.Given:
	case t.needsPrices():
		t.found.Add(reading.MissingTotal, t.at(t.says.total), "nothing says what the buyer pays")
	case t.currency == "":
		t.currency = sites[t.siteID].currency
	}
	if t.currency == "" {
		t.currency = noCurrency
	}
	t.order.Total.Currency = t.currency
}

func currencyOf(l *line) string {
	if l.unit.Currency != "" {
		return l.unit.Currency
	}
	for i := range l.parts {
		if l.parts[i].Currency != "" {
			return l.parts[i].Currency
		}
	}
	return ""
}

// value says what a line costs. What Amazon states for all pieces counts, because that is what adds up to the total; the price of one
// is stated in 2026-01-01 only, and otherwise what comes to each of those that are not cancelled.
func (t *translation) value(i int, from *line, to *schemas.Line) {
	nothing := schemas.Money{Currency: t.currency}
	to.LineTotal, to.UnitPrice = nothing, nothing
	stated := false
	for j := range from.parts {
		if p := &from.parts[j]; p.kind == "ITEM" {
			stated = true
			to.LineTotal.Minor = t.plus(to.LineTotal.Minor, t.amount(i, p))
		}
	}
	wanted := to.Quantity - to.Cancelled
	if t.order.Status == schemas.StatusCancelled {
		wanted = to.Quantity
	}
	if from.unit.Given {
		to.UnitPrice.Minor = from.unit.Minor
	}
	if t.isOther(from.unit) {
		t.found.Add(reading.MixedCurrencies, t.lineAt(i, t.says.linePrice)+"."+t.says.currency, "not the currency of the total")
	}
	switch {
	case stated && from.unit.Given:
		t.compare(i, to, wanted)
	case stated:
		to.UnitPrice, _ = to.LineTotal.Per(wanted)
	case from.unit.Given:
		var err error
		if to.LineTotal, err = to.UnitPrice.Times(wanted); err != nil {
			t.found.Add(reading.AmountOutOfRange, t.lineAt(i, t.says.linePrice), "all pieces together are beyond any price")
		}
	case t.needsPrices() && from.quantity > 0:
		t.found.Add(reading.MissingPrice, t.lineAt(i, t.says.linePrice), "no price")
	}
	if to.ListPrice = to.UnitPrice; from.unit.Given {
		to.ListPrice.Minor = from.unit.Minor
	}
	t.sum = t.plus(t.sum, to.LineTotal.Minor)
}

// compare holds the price of one against that of all. It fits all that were bought or all that are still wanted.
func (t *translation) compare(i int, to *schemas.Line, wanted int64) {
	for _, pieces := range [...]int64{wanted, to.Quantity} {
		if all, err := to.UnitPrice.Times(pieces); err == nil && all == to.LineTotal {
			return
		}
	}
	to.UnitPrice, _ = to.LineTotal.Per(wanted)
	t.warn(reading.LineDisagrees, t.lineAt(i, t.says.linePrice), "not what comes to each piece of what is paid for the line; that stands")
}

// plus adds without ever overflowing: what is beyond any price is remembered as such.
func (t *translation) plus(sum, more int64) int64 {
	if sum += more; sum > schemas.MinorMax || sum < -schemas.MinorMax {
		t.beyond = true
		return 0
	}
	return sum
}

// amount is what is paid for a part of a line, or of the order where the line is below zero. A discount lowers it, however it is written.
func (t *translation) amount(line int, p *part) int64 {
	if !p.Given {
		return 0
	}
	if t.isOther(p.Amount) {
		t.found.Add(reading.MixedCurrencies, t.partAt(line, p)+"."+t.says.currency, "not the currency of the total")
	}
	switch {
	case p.lowers && p.Minor > 0:
		return -p.Minor
	case p.Minor < 0 && !p.lowers && p.kind != "OTHER":
		t.found.Add(reading.NegativePrice, t.partAt(line, p)+"."+t.says.amount, "below zero")
	}
	return p.Minor
}

// isOther is true of an amount in another currency than that of the total.
func (t *translation) isOther(a reading.Amount) bool {
	return a.Currency != "" && a.Currency != t.currency
}
