package schemas

import _ "embed"

// Acknowledgement is what a channel was told about an order, or why it was told nothing.
type Acknowledgement struct {
	OrderID     string  `avro:"order_id"`
	Party       string  `avro:"party"`
	State       string  `avro:"state"`
	Reason      string  `avro:"reason"`      // no personal data
	Pieces      int64   `avro:"pieces"`      // that are rejected; 0 of a whole order
	Provisional bool    `avro:"provisional"` // accepted before the ERP had it
	Due         *Millis `avro:"due"`         // by when the channel was to know; nil if nobody set a time
	At          Millis  `avro:"at"`
	By          string  `avro:"by"`  // acknowledge, or a person
	ETA         *Millis `avro:"eta"` // of what is provisional, by when it is no more
}

// States of an acknowledgement.
const (
	AckProvisional = "provisional" // it is ready, and Reason says what is waited for
	AckAsked       = "asked"       // the call is to be made
	AckAccepted    = "accepted"    // the channel has it so
	AckRejected    = "rejected"    // the channel has it so
	AckNotAsked    = "not_asked"   // the channel is not told, and Reason says why
)

//go:embed acknowledgement.avsc
var acknowledgementText string

// AcknowledgementSchema is the schema of orders.acknowledged.
var AcknowledgementSchema = parse[Acknowledgement]("acknowledgement", acknowledgementText)
