package schemas

import _ "embed"

// RawOrder is what a channel sent about one order, byte for byte.
type RawOrder struct {
	OrderID     string   `avro:"order_id"`
	Party       string   `avro:"party"`
	Seller      string   `avro:"seller"`
	Channel     string   `avro:"channel"`
	Ref         string   `avro:"ref"` // their reference
	Origin      string   `avro:"origin"`
	ReceivedAt  Millis   `avro:"received_at"`
	ContentType string   `avro:"content_type"`
	Headers     []Header `avro:"headers"` // secrets left out
	Body        Body     `avro:"body"`

	Form           string `avro:"form"`
	Part           string `avro:"part"` // which, where Form is FormPart
	DeliveryID     string `avro:"delivery_id"`
	IdempotencyKey string `avro:"idempotency_key"`
}

// The forms in which a channel tells of an order.
const (
	FormWhole  = ""       // all of the order
	FormPart   = "part"   // one of several that make up the order
	FormNotice = "notice" // that something happened to it, without the order
	FormPatch  = "patch"  // a change to what is known: a JSON merge patch (RFC 7396)
)

// Header is one header of a delivery, its name in lower case.
type Header struct {
	Name  string `avro:"name"`
	Value string `avro:"value"`
}

// The ways a message can have come in.
const (
	OriginWebhook = "webhook"
	OriginPoll    = "poll"
	OriginSweep   = "sweep" // a poll for what never came
	OriginCron    = "cron"
	OriginFeed    = "feed"
	OriginAPI     = "api"
	OriginManual  = "manual"
	OriginReplay  = "replay"
)

//go:embed raw_order.avsc
var rawOrderText string

// RawOrderSchema is the schema of orders.raw.
var RawOrderSchema = parse[RawOrder]("raw_order", rawOrderText)
