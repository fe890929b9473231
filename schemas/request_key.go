package schemas

import _ "embed"

// RequestKey is a request that was carried out under its sender's idempotency key.
type RequestKey struct {
	Party   string `avro:"party"`
	Key     string `avro:"key"`
	OrderID string `avro:"order_id"`
	SHA256  string `avro:"sha256"` // of the body that came with it, hexadecimal
	At      Millis `avro:"at"`
}

//go:embed request_key.avsc
var requestKeyText string

// RequestKeySchema is the schema of orders.keys.
var RequestKeySchema = parse[RequestKey]("request_key", requestKeyText)
