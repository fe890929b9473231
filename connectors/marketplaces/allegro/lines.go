package allegro

import (
	"strconv"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// itemize says what was bought. The price is that of one piece, after discounts; a coupon shows in nothing but the price
// before it (ALL#9790). Few offers have a SKU, so the offer's own reference stands in for one (ALL#8589).
func (t *translation) itemize() {
	if len(t.form.lines) == 0 {
		t.found.Add(reading.MissingLines, "$.lineItems", "an order of nothing")
	}
	t.order.Lines = make([]schemas.Line, len(t.form.lines))
	for i := range t.form.lines {
		t.line(i)
	}
	t.refuseTwins()
}

func (t *translation) line(i int) {
	from, to := &t.form.lines[i], &t.order.Lines[i]
	*to = schemas.Line{
		LineRef:     lineRef(from, i),
		OfferRef:    from.offer.id,
		SKU:         sku(&from.offer),
		Title:       from.offer.name,
		Quantity:    from.quantity,
		TaxRate:     from.taxRate,
		FulfilledBy: t.order.FulfilledBy,
		Discounts:   kinds(from.discounts),
	}
	switch {
	case to.SKU != "":
	case from.offer.given:
		t.found.Add(reading.MissingOffer, reading.At("$.lineItems[%d].offer.id", i), "neither an offer nor a SKU says what was bought")
	default:
		t.found.Add(reading.MissingOffer, reading.At("$.lineItems[%d].offer", i), "nothing says what was bought")
	}
	if to.Title == "" {
		t.warn(reading.NoTitle, reading.At("$.lineItems[%d].offer.name", i), "the offer has no name")
	}
	if from.quantity == 0 {
		t.found.Add(reading.MissingQuantity, reading.At("$.lineItems[%d].quantity", i), "nothing says how many were bought")
	}
	to.UnitPrice = t.money(from.price, reading.In("$.lineItems[%d].price", i, 0))
	to.ListPrice = to.UnitPrice
	if from.original.Given {
		to.ListPrice = t.money(from.original, reading.In("$.lineItems[%d].originalPrice", i, 0))
	}
	to.LineTotal = t.times(to.UnitPrice, from.quantity, reading.In("$.lineItems[%d]", i, 0))
	t.add(to.LineTotal)
}

func sku(o *offer) string {
	if o.external.id != "" {
		return o.external.id
	}
	return o.id
}

// lineRef is the line's own reference, or else which line of the form it is, counted from 1.
func lineRef(l *line, i int) string {
	if l.id != "" {
		return l.id
	}
	return strconv.Itoa(i + 1)
}

func kinds(discounts []discount) []string {
	var kinds []string
	for _, d := range discounts {
		if d.kind != "" {
			kinds = append(kinds, d.kind)
		}
	}
	return kinds
}

// refuseTwins refuses two lines of one reference: they could not be told apart by anybody who ships or returns one.
func (t *translation) refuseTwins() {
	for i := range reading.Twins(t.order.Lines, func(l *schemas.Line) string { return l.LineRef }) {
		t.found.Add(reading.DuplicateLine, reading.At("$.lineItems[%d].id", i), "the reference of an earlier line")
	}
}
