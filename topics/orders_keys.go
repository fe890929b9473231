package topics

import "waybill/schemas"

// OrdersKeys is which requests were carried out, by their idempotency keys.
var OrdersKeys = &Topic{
	Name:         "orders.keys",
	Doc:          "requests that were carried out under an idempotency key",
	Schema:       schemas.RequestKeySchema,
	Key:          "party/idempotency key",
	Compacted:    true,
	MessageBytes: 16 * kib,
}
