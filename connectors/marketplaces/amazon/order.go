package amazon

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// translation is one order on its way into our words: what it says goes into the order, what is wrong with it to the findings.
type translation struct {
	*sale
	order    *schemas.Order
	found    *reading.Findings
	currency string // what all amounts have to be in
	sum      int64  // of lines and charges without the tax, in minor units of it
	tax      int64
	beyond   bool // something together is beyond any price
}

// translate puts an order into our words. It is worth nothing if there are findings.
func translate(s *sale, found *reading.Findings) *schemas.Order {
	t := translation{sale: s, order: new(schemas.Order), found: found}
	t.join()
	t.identify()
	t.judge()
	t.date()
	t.price()
	t.itemize()
	t.charge()
	t.settle()
	t.pay()
	t.address()
	t.invoice()
	t.deliver()
	t.tell()
	return t.order
}

func (t *translation) identify() {
	o := t.order
	switch {
	case t.id == "":
		t.found.Add(reading.MissingID, t.at(t.says.id), "an order without its reference")
	case !reading.IsReference(t.id):
		t.found.Add(reading.BadID, t.at(t.says.id), "no reference: too long, or with characters that are not printed")
	}
	for _, part := range t.ids {
		if part.id != t.id {
			t.found.Add(reading.MixedOrders, part.at, "a part of another order")
		}
	}
	o.Ref, o.SellerRef, o.Replaces = t.id, t.sellerRef, t.replaces
	o.Marketplace = t.site
	if t.site == "" || t.nonAmazon {
		o.Marketplace = t.siteID
	}
	o.Business, o.PurchaseOrder = t.business, t.customer.purchaseOrder
}

// date says when it was bought, when it last changed, and what was promised. Its version is how Amazon writes the time of the last
// change. An appointment with the buyer stands above what was promised to everybody.
func (t *translation) date() {
	o := t.order
	o.UpdatedAt, o.Revision = t.updated.At, t.updated.Text
	if t.placed == nil {
		t.found.Add(reading.MissingTime, t.at(t.says.placed), "nothing says when the order was bought")
		return
	}
	o.PlacedAt, o.ShipBy = *t.placed, t.shipBy
	o.DeliverFrom, o.DeliverBy = t.sale.deliver.from, t.sale.deliver.to
	place := t.at(t.says.deliver)
	if i := t.appointment(); i >= 0 {
		o.DeliverFrom, o.DeliverBy = t.lines[i].window.from, t.lines[i].window.to
		place = t.lineAt(i, t.says.lineWindow)
	}
	if o.ShipBy != nil && *o.ShipBy < o.PlacedAt {
		t.warn(reading.LateBeforeBought, t.at(t.says.shipBy), "the goods should have left before they were bought")
	}
	if o.DeliverFrom != nil && o.DeliverBy != nil && *o.DeliverBy < *o.DeliverFrom {
		t.warn(reading.WindowReversed, place, "the delivery window ends before it begins")
	}
}

// appointment is the first line with a time for its delivery, -1 if none has one. An order of ours has one window for all lines.
func (t *translation) appointment() int {
	first := -1
	for i := range t.lines {
		switch w := t.lines[i].window; {
		case w.from == nil && w.to == nil:
		case first < 0:
			first = i
		case !same(w.from, t.lines[first].window.from) || !same(w.to, t.lines[first].window.to):
			t.warn(reading.Dropped, t.lineAt(i, t.says.lineWindow), "this line is to be delivered at another time than an earlier one")
		}
	}
	return first
}

func same(a, b *schemas.Millis) bool { return a == b || a != nil && b != nil && *a == *b }

// tell warns of all that our order has no words for.
func (t *translation) tell() {
	for _, d := range t.dropped {
		t.warn(d.Code, d.Path, d.Text)
	}
	for i := range t.lines {
		for _, d := range t.lines[i].dropped {
			t.warn(d.Code, d.Path, d.Text)
		}
	}
	if t.resoldAt != "" {
		t.warn(reading.Dropped, t.resoldAt, "Amazon buys it and sells it under its own invoice: none of the seller's goes with it")
	}
	if t.regulatedAt != "" && !t.approved {
		t.warn(reading.RegulatedItems, t.regulatedAt, "something in it may need approval before it is shipped")
	}
}

func (t *translation) warn(code, path, text string) {
	(*schemas.Faults)(&t.order.Warnings).Add(code, path, "%s", text)
}
