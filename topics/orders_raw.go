package topics

import (
	"fmt"

	"waybill/schemas"
)

// OrdersRaw is what a channel sent, byte for byte. It is keyed by the order, not by the delivery, so that all that is said about
// an order stays in order.
var OrdersRaw = &Topic{
	Name:         "orders.raw",
	Doc:          "what a channel sent about an order, byte for byte",
	Schema:       schemas.RawOrderSchema,
	Key:          "order id",
	Retention:    400 * day,
	MessageBytes: 6 * mib,
	Lands:        true,
	Line: func(value any) Line {
		raw := value.(*schemas.RawOrder)
		return Line{
			OrderID: raw.OrderID, Party: raw.Party, Seller: raw.Seller, Kind: "received",
			Summary: fmt.Sprintf("%s by %s, %d bytes", raw.Channel, raw.Origin, len(raw.Body.Bytes)),
		}
	},
}
