package shopify

import (
	"net/http"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Receive cuts what was delivered into orders: one, as a webhook brings it, one or a page of them as the API answers, or an array. What
// tells of something else and names its order, such as a refund or a fulfillment, is a notice.
func (Marketplace) Receive(header http.Header, body []byte) ([]schemas.RawOrder, error) {
	return reading.Cut(body, func(c *reading.Cutter, element jx.Raw) error { return unpack(c, header, element) })
}

// unpack takes what is in the envelope, or else the element itself. The envelope of an edit says but the order that was edited.
func unpack(c *reading.Cutter, header http.Header, element jx.Raw) error {
	found, err := reading.Pick(element, "orders", "order", "order_edit", "refund", "fulfillment")
	if err != nil {
		return err
	}
	if found[0].Type() == jx.Array {
		return c.Each(found[0], func(c *reading.Cutter, order jx.Raw) error { return take(c, header, order) })
	}
	for _, inner := range found[1:5] {
		if inner.Type() == jx.Object {
			return take(c, header, inner)
		}
	}
	return take(c, header, element)
}

// headerEvent is the same for all deliveries of one event, and headerWebhook for all tries of one delivery. Neither is signed: they only tell
// one notice about an order from another.
const (
	headerEvent   = "X-Shopify-Event-Id"
	headerWebhook = "X-Shopify-Webhook-Id"
)

// take adds an order, or a notice about the order that the element names as its own.
func take(c *reading.Cutter, header http.Header, element jx.Raw) error {
	found, err := reading.Pick(element, "id", "order_id")
	if err != nil {
		return err
	}
	order := schemas.RawOrder{Ref: reading.Reference(found[0]), Body: schemas.Body{Bytes: element}}
	if of := reading.Reference(found[1]); of != "" {
		order.Form, order.Ref, order.DeliveryID = schemas.FormNotice, of, header.Get(headerEvent)
		if order.DeliveryID == "" {
			order.DeliveryID = header.Get(headerWebhook)
		}
	}
	c.Add(order)
	return nil
}
