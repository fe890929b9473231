package schemas

import _ "embed"

// Missing is something that should have come and has not; or that has, after that was said.
type Missing struct {
	OrderID string `avro:"order_id"` // "" of a whole source
	Party   string `avro:"party"`
	What    string `avro:"what"`
	State   string `avro:"state"`
	Share   int64  `avro:"share"` // of its time, in per cent: below 100 it is not late yet
	Since   Millis `avro:"since"` // from when on it was expected
	Due     Millis `avro:"due"`
	At      Millis `avro:"at"`
	Reason  string `avro:"reason"` // no personal data
}

// What can be missing.
const (
	MissingReady      = "ready"       // the channel's word that an order can be processed: paid, confirmed
	MissingPlaced     = "placed"      // the order, in the ERP
	MissingAccepted   = "accepted"    // our word to the channel
	MissingSettled    = "settled"     // an order, one way or the other, that is provisional
	MissingWeight     = "weight"      // of a parcel that is packed
	MissingHandedOver = "handed_over" // to the carrier
	MissingScan       = "scan"        // the first, of a parcel that has its label
	MissingNews       = "news"        // of a parcel on its way
	MissingConfirmed  = "confirmed"   // by a party, what it was told or asked for of an order
	MissingShipped    = "shipped"     // the number of a parcel that has its label, at the channel
	MissingCredit     = "credit"      // a carrier's, for a label that was taken back
	MissingNotice     = "notice"      // of the channel, that an order is new or another: the sweep has found it
	MissingOrders     = "orders"      // any, of a source that always sends some
)

// States of what is missing.
const (
	StateMissing = "missing"
	StateCame    = "came"
)

//go:embed missing.avsc
var missingText string

// MissingSchema is the schema of missing.
var MissingSchema = parse[Missing]("missing", missingText)
