package amazon

import (
	"net/http"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Receive cuts what was delivered into orders and parts of orders, as either version of the API answers them, with or without the
// envelope, and notifications, as a queue or a bus hands them on.
func (Marketplace) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	return reading.Cut(body, element)
}

// element takes what is in the envelope, or else the element itself. A notification has a payload of its own, and stays as it came.
func element(c *reading.Cutter, element jx.Raw) error {
	found, err := reading.Pick(element, "order", "payload", "orders", "Orders", "Messages", "Records", "notificationType", "notificationMetadata")
	if err != nil {
		return err
	}
	for _, page := range found[2:6] {
		if page.Type() == jx.Array {
			return c.Each(page, take)
		}
	}
	switch order, payload := found[0], found[1]; {
	case order.Type() == jx.Object:
		return take(c, order)
	case said(found[6:8]):
	case payload.Type() == jx.Array:
		return c.Each(payload, take)
	case payload.Type() == jx.Object:
		return takePayload(c, payload)
	}
	return take(c, element)
}

// takePayload takes what v0 answers: a page of orders, or one document.
func takePayload(c *reading.Cutter, payload jx.Raw) error {
	found, err := reading.Pick(payload, "Orders")
	if err != nil {
		return err
	}
	if orders := found[0]; orders.Type() == jx.Array {
		return c.Each(orders, take)
	}
	return take(c, payload)
}

// take adds one document. A part that does not name its order can not be joined to it, so it is no part, and refused for that.
func take(c *reading.Cutter, document jx.Raw) error {
	k, id, err := recognize(document)
	if err != nil {
		return err
	}
	order := schemas.RawOrder{Ref: reading.Reference(id), Body: schemas.Body{Bytes: document}}
	if k == kindNotice {
		order.Form = schemas.FormNotice
		order.Ref, order.DeliveryID, _ = noticeIn(document)
	} else if part := partNames[k]; part != "" && order.Ref != "" {
		order.Form, order.Part = schemas.FormPart, part
	}
	c.Add(order)
	return nil
}
