package allegro

import (
	"net/http"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Receive cuts what was delivered into orders: a checkout form, a page of them as the API answers it, an array of either, or
// a page of order events, which do no more than name their order.
func (Marketplace) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	return reading.Cut(body, element)
}

// element takes the order that the element is, or all those of the page that it is.
func element(c *reading.Cutter, element jx.Raw) error {
	found, err := reading.Pick(element, "checkoutForms", "events", "id", "order", "lineItems")
	if err != nil {
		return err
	}
	for _, page := range found[:2] {
		if page.Type() == jx.Array {
			return c.Each(page, order)
		}
	}
	take(c, element, found[2], found[3], found[4])
	return nil
}

func order(c *reading.Cutter, element jx.Raw) error {
	found, err := reading.Pick(element, "id", "order", "lineItems")
	if err == nil {
		take(c, element, found[0], found[1], found[2])
	}
	return err
}

// take adds an order. An event, which has an order but no lines, has an id of its own: its order's stands further in.
func take(c *reading.Cutter, element, id, event, lines jx.Raw) {
	if event.Type() == jx.Object && lines == nil {
		found, _ := reading.Pick(event, "checkoutForm")
		found, _ = reading.Pick(found[0], "id")
		id = found[0]
	}
	c.Add(schemas.RawOrder{Ref: reading.Reference(id), Body: schemas.Body{Bytes: element}})
}
