package ebay

import (
	"net/http"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Receive cuts what was delivered into orders: one, as getOrder answers, a page as getOrders does, or an array. A notification is a notice of
// the order that it names; one that names none, such as that an account was closed, stays without a reference.
func (Marketplace) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	return reading.Cut(body, func(c *reading.Cutter, element jx.Raw) error {
		found, err := reading.Pick(element, "orders")
		if err == nil && found[0].Type() == jx.Array {
			return c.Each(found[0], take)
		}
		if err == nil {
			err = take(c, element)
		}
		return err
	})
}

// take adds an order or a notification.
func take(c *reading.Cutter, element jx.Raw) error {
	found, err := reading.Pick(element, "orderId", "notification")
	if err != nil {
		return err
	}
	order := schemas.RawOrder{Ref: reading.Reference(found[0]), Body: schemas.Body{Bytes: element}}
	if notification := found[1]; notification.Type() == jx.Object {
		order.Form = schemas.FormNotice
		order.Ref, order.DeliveryID = notified(notification)
	}
	c.Add(order)
	return nil
}

// notified is the order that a notification is about, if it is about one, and its own id, which is the same for each try.
func notified(notification jx.Raw) (order, id string) {
	found, _ := reading.Pick(notification, "notificationId", "data")
	about, _ := reading.Pick(found[1], "order", "orderId")
	within, _ := reading.Pick(about[0], "orderId")
	if order = reading.Reference(within[0]); order == "" {
		order = reading.Reference(about[1])
	}
	return order, reading.Reference(found[0])
}
