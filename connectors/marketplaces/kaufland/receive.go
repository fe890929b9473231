package kaufland

import (
	"net/http"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Receive cuts what was delivered: orders and order units as the API answers them, in their envelope or without, arrays of
// those, and pushes. A unit is one part of its order; what does no more than name an order is a notice.
func (Marketplace) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	return reading.Cut(body, element)
}

// element takes what is in the envelope, or else the element itself.
func element(c *reading.Cutter, element jx.Raw) error {
	found, err := reading.Pick(element, "data")
	if err != nil {
		return err
	}
	switch data := found[0]; data.Type() {
	case jx.Array:
		return c.Each(data, take)
	case jx.Object:
		return take(c, data)
	}
	return take(c, element)
}

// take adds what an element is: an order, the parts of one, a unit of one, a push, or an order without its units.
func take(c *reading.Cutter, element jx.Raw) error {
	found, err := reading.Pick(element, "id_order", "order_units", "parts", "id_order_unit", "resource", "id_message")
	if err != nil {
		return err
	}
	id, units, parts, unit, resource, message := found[0], found[1], found[2], found[3], found[4], found[5]
	order := schemas.RawOrder{Ref: reading.Reference(id), Body: schemas.Body{Bytes: element}}
	switch {
	case units != nil:
	case parts != nil:
		order.Ref = refOfParts(parts)
	case unit != nil:
		order.Form, order.Part = schemas.FormPart, reading.Reference(unit)
	case resource != nil:
		order.Form, order.Ref, order.DeliveryID = schemas.FormNotice, refOf(resource), reading.Reference(message)
	case id != nil:
		order.Form = schemas.FormNotice
	}
	if order.Form == schemas.FormPart && (order.Ref == "" || order.Part == "") {
		order.Form, order.Part = schemas.FormWhole, "" // of no order, or no part of it: it can but be refused as it is
	}
	c.Add(order)
	return nil
}

// refOfParts is the reference of the order that the first of the parts belongs to.
func refOfParts(parts jx.Raw) string {
	d := jx.DecodeBytes(parts)
	if d.Next() != jx.Object {
		return ""
	}
	it, err := d.ObjIter()
	for err == nil && it.Next() {
		meant := isPart(string(it.Key()))
		var part jx.Raw
		if part, err = d.Raw(); meant {
			found, _ := reading.Pick(part, "id_order")
			return reading.Reference(found[0])
		}
	}
	return ""
}
