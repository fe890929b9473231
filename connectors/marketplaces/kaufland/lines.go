package kaufland

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// kind is what units have in common that make up one line.
type kind struct {
	sku         string
	price       int64
	cancelled   bool
	fulfilledBy string
}

// line is one line on its way into the order.
type line struct {
	schemas.Line
	first    *unit
	notes    []string
	goods    int64 // the price of all pieces
	shipping int64 // of all pieces
	rated    bool  // something says what the delivery costs
}

// itemize makes lines of units: there is no quantity, so pieces of one offer at one price make one line, as far as all of them are
// cancelled or none is. Each keeps the references of its pieces, because each piece is sent, cancelled and returned by its own.
func (t *translation) itemize() {
	at := map[kind]int{}
	for _, u := range t.units {
		t.check(u)
		k := kind{u.sku(), u.price.Minor, u.state == cancelled, fulfilledBy(u)}
		i, known := at[k]
		if !known {
			i = len(t.lines)
			at[k] = i
			t.lines = append(t.lines, t.open(u, k))
		}
		t.lines[i].take(u)
		t.note(&t.lines[i], u)
		t.compare(&t.lines[i], u)
	}
	t.order.Lines = make([]schemas.Line, len(t.lines))
	for i := range t.lines {
		t.order.Lines[i] = t.close(&t.lines[i])
	}
	t.charge()
}

// sku is the seller's own number of the offer. An offer may have none; then the product is all that says what was bought.
func (u *unit) sku() string { return either(u.offer, u.product.id) }

// check finds what a unit must not lack.
func (t *translation) check(u *unit) {
	if u.sku() == "" {
		t.found.Add(reading.MissingOffer, u.where.at(".id_offer"), "neither an offer nor a product says what was bought")
	}
	if !u.price.Given {
		t.found.Add(reading.MissingPrice, u.where.at(".price"), "no price")
	}
	if !u.shipping.Given {
		t.warn(reading.NoShippingRate, u.where.at(".shipping_rate"), "nothing says what the delivery costs; taken for free")
	}
}

// open begins a line with its first unit.
func (t *translation) open(u *unit, k kind) line {
	if u.product.title == "" {
		t.warn(reading.NoTitle, u.where.at(".product.title"), "the product has no name")
	}
	t.warnOfWhatIsDropped(u)
	return line{first: u, Line: schemas.Line{
		LineRef: u.id, OfferRef: k.sku, SKU: k.sku, ProductRef: u.product.id, Title: u.product.title, EANs: u.product.eans,
		UnitPrice: t.money(k.price), ListPrice: t.money(k.price), LineTotal: t.money(0), TaxRate: u.vat,
		FulfilledBy: either(k.fulfilledBy, schemas.FulfilledBySeller), Condition: u.condition, TaxCollectedBy: collector(u),
	}}
}

// take counts a unit in.
func (l *line) take(u *unit) {
	l.Quantity++
	l.UnitRefs = append(l.UnitRefs, u.id)
	switch u.state {
	case shipped:
		l.Shipped++
	case cancelled:
		l.Cancelled++
	}
	l.goods, l.shipping, l.rated = plus(l.goods, u.price.Minor), plus(l.shipping, u.shipping.Minor), l.rated || u.shipping.Given
	for _, ticket := range u.tickets {
		l.CancelRequested = l.CancelRequested || (ticket.status == "opened" && ticket.topic == "order_cancel")
	}
}

// close adds up a line. What is cancelled costs nothing, unless all of the order is.
func (t *translation) close(l *line) schemas.Line {
	if t.counts(l) {
		l.LineTotal = t.money(l.goods)
	}
	t.sum = plus(t.sum, l.LineTotal.Minor)
	l.LineNote = schemas.Text(strings.Join(l.notes, "\n"))
	return l.Line
}

// counts tells whether the buyer pays, or would have paid, for a line.
func (t *translation) counts(l *line) bool {
	return l.Cancelled == 0 || t.order.Status == schemas.StatusCancelled
}

// charge adds what the buyer pays for the delivery, which Kaufland states for each piece.
func (t *translation) charge() {
	for i := range t.lines {
		l := &t.lines[i]
		if !l.rated || !t.counts(l) {
			continue
		}
		t.sum = plus(t.sum, l.shipping)
		t.order.Charges = append(t.order.Charges, schemas.Charge{
			Kind: schemas.ChargeShipping, LineRef: l.LineRef, Quantity: l.Quantity, Amount: t.money(l.shipping),
		})
	}
}

// collector is the channel where Kaufland is the deemed supplier, and pays the VAT to the state.
func collector(u *unit) string {
	deemed := u.deemed
	if deemed == nil {
		deemed = u.head.deemed
	}
	if deemed != nil && *deemed {
		return "channel"
	}
	return ""
}
