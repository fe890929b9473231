// Package synthetic sends an order that nobody placed through the whole pipeline, every few minutes, and says so when one does not
// arrive at its end. Gateways answer it themselves: no party hears of it (item 188).
package synthetic

import (
	"fmt"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// Orders are named by the moment in which they are due. So however many processes send one, it is one order.
const refForm = "20060102T150405Z"

// due is the last moment, up to now, in which an order was due.
func due(now time.Time, every time.Duration) time.Time { return now.UTC().Truncate(every) }

func idOf(at time.Time) string { return schemas.OrderID(schemas.PartySynthetic, at.Format(refForm)) }

// body is the same for everyone who sends it, in the form of what is sold directly.
const body = `{"ref":%q,"source":"api","placed_at":%q,"currency":"EUR","total":"1.00",` +
	`"buyer":{"name":"Synthetic Order","email":"synthetic@waybill.invalid"},"ship_to":{"name":"Synthetic Order","street":"Nowhere 1","postal_code":"10115","city":"Berlin","country":"DE","email":"synthetic@waybill.invalid"},` +
	`"lines":[{"sku":"SYNTHETIC","quantity":1,"unit_price":"1.00"}]}`

// message is the order that is due at a moment.
func message(at, now time.Time) topics.Message {
	ref := at.Format(refForm)
	return topics.Message{
		Topic: topics.OrdersRaw, Key: idOf(at), Value: &schemas.RawOrder{
			OrderID: idOf(at), Party: schemas.PartySynthetic, Seller: schemas.PartySynthetic, Channel: Channel, Ref: ref, Origin: schemas.OriginCron,
			ReceivedAt: schemas.At(now), ContentType: "application/json", Body: schemas.Body{Bytes: fmt.Appendf(nil, body, ref, at.Format(time.RFC3339))},
		},
		Headers: []topics.Header{{Key: topics.HeaderOrigin, Value: []byte(schemas.OriginCron)}},
	}
}

// Channel in whose form they are written.
const Channel = "direct"
