package kaufland

import (
	"slices"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// translation is one document on its way to an order: what it says goes into the order, what is wrong with it to the findings.
type translation struct {
	order    *schemas.Order
	found    *reading.Findings
	heads    []*unit // what each document says beside its units
	units    []*unit // in the order in which they first came
	lines    []line
	currency string // what all amounts have to be in
	sum      int64  // of lines and charges, in minor units of it
}

// translate puts a document into our words. The order is worth nothing if there are findings.
func translate(f *form, found *reading.Findings) *schemas.Order {
	t := translation{order: new(schemas.Order), found: found}
	if t.collect(f); len(t.heads) == 0 {
		return t.order // of nothing, as the findings say
	}
	t.identify()
	t.judge()
	t.date()
	t.value()
	t.itemize()
	t.total()
	t.deliver()
	t.address()
	return t.order
}

// identify names the order. A unit of another order in it would be shipped to the wrong person.
func (t *translation) identify() {
	o := t.order
	o.PricesIncludeTax = new(true) // no tax comes on top: an order adds up only with the VAT in its prices
	o.Ref = t.heads[0].order
	for _, head := range t.heads {
		t.reference(head)
	}
	for _, u := range t.units {
		if u.order != "" && u.order != o.Ref && reading.IsReference(o.Ref) && o.Ref != "" {
			t.found.Add(reading.MixedOrders, u.where.at(".id_order"), "a unit of another order")
		}
		if o.Marketplace == "" {
			o.Marketplace = u.site()
		}
	}
}

func (t *translation) reference(head *unit) {
	switch where := head.headField(".id_order"); {
	case head.order == "":
		t.found.Add(reading.MissingID, where, "an order without its reference")
	case !reading.IsReference(head.order):
		t.found.Add(reading.BadID, where, "no reference: too long, or with characters that are not printed")
	}
}

// warn notes what is odd, once a place.
func (t *translation) warn(code, path, text string) {
	for _, known := range t.order.Warnings {
		if known.Code == code && known.Path == path {
			return
		}
	}
	(*schemas.Faults)(&t.order.Warnings).Add(code, path, "%s", text)
}

// date says when it was bought, when it last changed, and what was promised. Its version is how Kaufland writes the time of the
// last change of any of its units.
func (t *translation) date() {
	o := t.order
	var created *schemas.Millis
	var touched reading.Stamp
	for _, u := range slices.Concat(t.heads, t.units) {
		if at := u.created.At; at != nil && (created == nil || *at < *created) {
			created = at
		}
	}
	for _, u := range t.units {
		if later(u.touched(), touched) {
			touched = u.touched()
		}
	}
	o.Revision, o.UpdatedAt = touched.Text, touched.At
	if created == nil {
		t.found.Add(reading.MissingTime, t.heads[0].headField(".ts_created_iso"), "nothing says when the order was bought")
		return
	}
	o.PlacedAt = *created
	t.promise()
}

// promise is the earliest deadline of what is still to be sent. In how many days it is to arrive is told without telling from
// when they count, so no window can be made of it.
func (t *translation) promise() {
	o, told := t.order, false
	for _, u := range t.units {
		if !u.state.toSend() {
			continue
		}
		if u.expires != nil && (o.ShipBy == nil || *u.expires < *o.ShipBy) {
			o.ShipBy = u.expires
		}
		if u.expires != nil && *u.expires < o.PlacedAt {
			t.warn(reading.LateBeforeBought, u.where.at(".delivery_time_expires_iso"), "the goods should have left before they were bought")
		}
		if u.days && !told {
			told = true
			t.warn(reading.Dropped, u.where.at(".delivery_time_max"), "nothing says from when the days of the delivery time count")
		}
	}
}
