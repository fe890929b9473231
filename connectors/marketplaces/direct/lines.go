package direct

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// itemize says what was bought.
func (t *translation) itemize() {
	t.order.Lines = make([]schemas.Line, len(t.form.lines))
	for i := range t.form.lines {
		t.line(i)
	}
	t.order.FulfilledBy = fulfiller(t.order.Lines)
	t.found.Lines(t.order.Lines, "$.lines", "line_ref", "sku")
}

func (t *translation) line(i int) {
	from, to := &t.form.lines[i], &t.order.Lines[i]
	*to = schemas.Line{
		LineRef:     otherwise(from.ref, strconv.Itoa(i+1)), // or else which line it is, counted from 1
		OfferRef:    from.offerRef,
		SKU:         from.sku,
		Title:       from.title,
		Quantity:    from.quantity,
		Measure:     t.measure(from.unit, i),
		TaxRate:     from.taxRate,
		FulfilledBy: otherwise(from.fulfilledBy, t.fulfilledBy()),
		EANs:        from.eans,
		GiftWrap:    from.giftWrap,
		GiftNote:    schemas.Text(from.giftNote),
		LineNote:    schemas.Text(from.note),
	}
	if from.quantity == 0 {
		t.found.Add(reading.MissingQuantity, reading.At("$.lines[%d].quantity", i), "nothing says how many were bought")
	}
	if !one(to.FulfilledBy, fulfillers...) {
		t.found.Add(reading.UnknownFulfiller, reading.At("$.lines[%d].fulfilled_by", i), "neither seller, channel, pickup nor download")
	}
	if from.taxRate != "" && !percent.MatchString(from.taxRate) {
		t.found.Add(reading.BadTaxRate, reading.At("$.lines[%d].tax_rate", i), "not per cent as a decimal number such as 7.7")
	}
	for j, ean := range from.eans {
		if !articleNumber.MatchString(ean) {
			t.found.Add(reading.BadEAN, reading.In("$.lines[%d].eans[%d]", i, j).String(), "not 8, 12, 13 or 14 digits")
		}
	}
	t.priceLine(i, from, to)
}

var (
	percent       = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,6})?$`)
	articleNumber = regexp.MustCompile(`^([0-9]{8}|[0-9]{12,14})$`) // a GTIN (GS1 General Specifications)
)

// measure is how much one piece is, "" if it is one: of what is no quantity that we know, nobody could tell how much to ship.
func (t *translation) measure(unit string, i int) string {
	number, name, two := strings.Cut(unit, " ")
	if !two {
		number, name = "1", otherwise(unit, schemas.UnitPiece)
	}
	quantity, err := schemas.ParseQuantity(number, strings.TrimSpace(name))
	if err != nil || quantity.Sign() <= 0 {
		t.found.Add(reading.UnknownUnit, reading.At("$.lines[%d].unit", i), "no unit or quantity with its unit that is known, such as case/12, lb or 0.342 kg")
	}
	if measure := quantity.String(); measure != "1 "+schemas.UnitPiece {
		return measure
	}
	return ""
}

// priceLine takes the price of a piece or of all of them: whoever said both could contradict himself.
func (t *translation) priceLine(i int, from *line, to *schemas.Line) {
	switch {
	case from.unitPrice != "" && from.lineTotal != "":
		t.found.Add(reading.TwoPrices, reading.At("$.lines[%d].line_total", i), "either unit_price or line_total, not both")
	case from.unitPrice != "":
		to.UnitPrice = t.money(from.unitPrice, reading.In("$.lines[%d].unit_price", i, 0))
		to.LineTotal = t.times(to.UnitPrice, from.quantity, reading.In("$.lines[%d].unit_price", i, 0))
	case from.lineTotal != "":
		to.LineTotal = t.money(from.lineTotal, reading.In("$.lines[%d].line_total", i, 0))
		to.UnitPrice, _ = to.LineTotal.Per(from.quantity)
	default:
		t.found.Add(reading.MissingPrice, reading.At("$.lines[%d].unit_price", i), "neither unit_price nor line_total says what it costs")
	}
	to.ListPrice = to.UnitPrice
	if from.listPrice != "" {
		to.ListPrice = t.money(from.listPrice, reading.In("$.lines[%d].list_price", i, 0))
	}
	t.add(to.LineTotal)
}

// fulfillers is who may ship a line; the first that a line of the order has is that of the order.
var fulfillers = []string{schemas.FulfilledBySeller, schemas.FulfilledByChannel, schemas.FulfilledByPickup, schemas.FulfilledByDownload}

func fulfiller(lines []schemas.Line) string {
	for _, who := range fulfillers {
		if slices.ContainsFunc(lines, func(l schemas.Line) bool { return l.FulfilledBy == who }) {
			return who
		}
	}
	return ""
}

// fulfilledBy is who ships a line that does not say: the seller, unless it was sold at a till and is to go nowhere.
func (t *translation) fulfilledBy() string {
	if t.form.source == sourcePOS && !t.form.shipTo.given {
		return schemas.FulfilledByPickup
	}
	return schemas.FulfilledBySeller
}

func one(text string, known ...string) bool { return slices.Contains(known, text) }
