package amazon

import (
	"slices"
	"strconv"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// itemize says what was bought.
func (t *translation) itemize() {
	if len(t.lines) == 0 && !mayLack(t.order.Status) && !t.found.Has(reading.Incomplete) {
		t.found.Add(reading.MissingLines, t.itemsAt, "an order of nothing")
	}
	t.order.Lines = make([]schemas.Line, len(t.lines))
	for i := range t.lines {
		t.line(i, &t.lines[i], &t.order.Lines[i])
	}
	t.refuseNothing()
	for i := range reading.Twins(t.order.Lines, func(l *schemas.Line) string { return l.LineRef }) {
		t.found.Add(reading.DuplicateLine, t.lineAt(i, t.says.lineID), "the reference of an earlier line")
	}
}

// refuseNothing refuses to ship an order that is cancelled line by line. What Amazon says next of it is that it is cancelled.
func (t *translation) refuseNothing() {
	uncounted := t.found.Has(reading.MissingQuantity) || t.found.Has(reading.BadQuantity)
	if t.order.Status == schemas.StatusReady && len(t.lines) > 0 && !uncounted && !slices.ContainsFunc(t.order.Lines, isWanted) {
		t.found.Add(reading.MissingLines, t.itemsAt, "nothing of it is wanted any more, and yet it is to be shipped")
	}
}

func isWanted(l schemas.Line) bool { return l.Quantity > l.Cancelled }

// line says what one line is. Amazon knows an offer by the seller's own SKU, so that is both; few have none but the product's ASIN.
func (t *translation) line(i int, from *line, to *schemas.Line) {
	*to = schemas.Line{
		LineRef: from.id, SKU: from.sku, Title: from.title, ProductRef: from.asin,
		Quantity: from.quantity, Shipped: from.shipped, FulfilledBy: t.order.FulfilledBy,
		Discounts: from.promotions, Condition: condition(from), Measure: t.measure(i, &from.measure),
		IOSS: from.ioss, GiftWrap: from.wrap, GiftNote: schemas.Text(from.message), LineNote: schemas.Text(note(from)),
	}
	if from.collected || from.ioss != "" {
		to.TaxCollectedBy = taxCollectedByChannel
	}
	if to.LineRef == "" {
		t.found.Add(reading.MissingID, t.lineAt(i, t.says.lineID), "a line without the reference by which Amazon is told that it was shipped")
	}
	if to.SKU == "" {
		to.SKU = from.asin
	}
	to.OfferRef = to.SKU
	switch {
	case to.SKU != "":
	case t.says == &spelling2026 && !from.product:
		t.found.Add(reading.MissingOffer, t.lineAt(i, t.says.lineProduct), "nothing says what was bought")
	default:
		t.found.Add(reading.MissingOffer, t.lineAt(i, t.says.lineSKU), "neither a SKU nor an ASIN says what was bought")
	}
	if to.Title == "" {
		t.warn(reading.NoTitle, t.lineAt(i, t.says.lineTitle), "the offer has no name")
	}
	t.count(i, from, to)
	t.value(i, from, to)
	t.wishes(i, from, to)
}

const taxCollectedByChannel = "channel"

// count says how many are wanted. Of a line that was cancelled alone, v0 says that 0 were ordered, and no price.
func (t *translation) count(i int, from *line, to *schemas.Line) {
	switch {
	case from.fulfilled && from.left:
		to.Cancelled = max(0, from.quantity-from.shipped-from.open)
	case from.cancelDone:
		to.Cancelled = from.quantity
	}
	switch cancelled := t.order.Status == schemas.StatusCancelled; {
	case !from.counted:
		t.found.Add(reading.MissingQuantity, t.lineAt(i, t.says.lineQuantity), "nothing says how many were bought")
	case from.quantity == 0 && !cancelled && costs(from):
		t.found.Add(reading.BadQuantity, t.lineAt(i, t.says.lineQuantity), "not a whole number from 1 to "+strconv.Itoa(quantityMax))
	case from.quantity == 0 && !cancelled:
		t.warn(reading.LineCancelled, t.lineAt(i, t.says.lineQuantity), "a line of no pieces and without a price: it was cancelled")
	case from.shipped+from.open > from.quantity && !cancelled:
		t.found.Add(reading.BadQuantity, t.lineAt(i, t.says.lineShipped), "more than were ordered")
	}
}

// costs is true of a line with a price.
func costs(l *line) bool {
	return l.unit.Minor > 0 || slices.ContainsFunc(l.parts, func(p part) bool { return p.kind == "ITEM" && p.Minor > 0 })
}

// wishes passes on what the buyer wants of a line. He can ask to cancel, but only the seller can decide it.
func (t *translation) wishes(i int, from *line, to *schemas.Line) {
	if from.cancelAsked && !from.cancelDone && t.order.Status != schemas.StatusCancelled {
		to.CancelRequested = true
		t.warn(reading.CancelRequested, t.lineAt(i, t.says.lineCancel), "the buyer asks to cancel it")
	}
	if from.gift && from.wrap == "" && from.message == "" {
		t.warn(reading.Dropped, t.lineAt(i, t.says.lineGift), "a gift, without a text or a wrap")
	}
}

// condition is the condition and, where that says more, its grade.
func condition(l *line) string {
	if l.subtype == "" || l.subtype == l.condition {
		return l.condition
	}
	return strings.TrimPrefix(l.condition+", "+l.subtype, ", ")
}

// note is all that was written about a line.
func note(l *line) string {
	var notes []string
	for _, n := range [...]struct{ about, text string }{
		{"condition", l.conditionNote}, {"customized", l.customized}, {"reason to cancel", l.cancelReason},
	} {
		if n.text != "" {
			notes = append(notes, n.about+": "+n.text)
		}
	}
	return strings.Join(notes, "\n")
}
