package allegro

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// translation is one form on its way to an order: what it says goes into the order, what is wrong with it to the findings.
type translation struct {
	form     *form
	order    *schemas.Order
	found    *reading.Findings
	currency string // what all amounts have to be in
	sum      int64  // of lines and charges, in minor units of it
}

// translate puts a form into our words. The order is worth nothing if there are findings.
func translate(f *form, found *reading.Findings) *schemas.Order {
	t := translation{form: f, order: new(schemas.Order), found: found}
	t.identify()
	t.judge()
	t.date()
	t.total()
	t.itemize()
	t.charge()
	t.settle()
	t.pay()
	t.address()
	t.deliver()
	return t.order
}

func (t *translation) identify() {
	f, o := t.form, t.order
	switch {
	case f.id == "":
		t.found.Add(reading.MissingID, "$.id", "an order without its reference")
	case !reading.IsReference(f.id):
		t.found.Add(reading.BadID, "$.id", "no reference: too long, or with characters that are not printed")
	}
	o.Ref, o.Revision, o.Marketplace = f.id, f.revision, f.marketplace.id
	o.BuyerNote, o.SellerNote = schemas.Text(f.message), schemas.Text(f.note.text)
	o.PricesIncludeTax = new(true) // what a form states adds up to what the buyer pays, so nothing comes on top
}

func (t *translation) warn(code, path, text string) {
	(*schemas.Faults)(&t.order.Warnings).Add(code, path, "%s", text)
}

// date says when it was bought, and what was promised then.
func (t *translation) date() {
	f, o := t.form, t.order
	o.UpdatedAt = f.updatedAt
	if at := boughtAt(f); at != nil {
		o.PlacedAt = *at
	} else {
		t.found.Add(reading.MissingTime, "$.updatedAt", "nothing says when the order was bought, paid or changed")
	}
	promise := f.delivery.time
	o.ShipBy, o.DeliverFrom, o.DeliverBy = promise.dispatch.to, promise.from, promise.to
	if o.DeliverFrom == nil && o.DeliverBy == nil {
		o.DeliverFrom, o.DeliverBy = promise.guaranteed.from, promise.guaranteed.to
	}
	if o.ShipBy != nil && *o.ShipBy < o.PlacedAt {
		t.warn(reading.LateBeforeBought, "$.delivery.time.dispatch.to", "the goods should have left before they were bought")
	}
	if o.DeliverFrom != nil && o.DeliverBy != nil && *o.DeliverBy < *o.DeliverFrom {
		t.warn(reading.WindowReversed, "$.delivery.time", "the delivery window ends before it begins")
	}
}

// boughtAt is when its first line was bought; without that, the earliest that is known.
func boughtAt(f *form) *schemas.Millis {
	var first *schemas.Millis
	for i := range f.lines {
		if at := f.lines[i].boughtAt; at != nil && (first == nil || *at < *first) {
			first = at
		}
	}
	switch {
	case first != nil:
		return first
	case f.payment.finishedAt != nil:
		return f.payment.finishedAt
	}
	return f.updatedAt
}
