package schemas

import _ "embed"

// RawTracking is what a carrier said of a parcel, byte for byte.
type RawTracking struct {
	Party       string `avro:"party"`   // the carrier's account
	Carrier     string `avro:"carrier"` // whose words it is in
	Number      string `avro:"number"`
	Origin      string `avro:"origin"`
	ReceivedAt  Millis `avro:"received_at"`
	Proven      bool   `avro:"proven"` // it is certain that the carrier said it; otherwise it is only a reason to ask
	DeliveryID  string `avro:"delivery_id"`
	ContentType string `avro:"content_type"`
	Body        Body   `avro:"body"` // of a GET its query
}

//go:embed raw_tracking.avsc
var rawTrackingText string

// RawTrackingSchema is the schema of tracking.raw.
var RawTrackingSchema = parse[RawTracking]("raw_tracking", rawTrackingText)
