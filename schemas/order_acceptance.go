package schemas

import _ "embed"

// OrderAcceptance is what acknowledge remembers of an order.
type OrderAcceptance struct {
	TaskID string  `avro:"task_id"` // of the call that accepts it; "" if none was asked for
	Ref    string  `avro:"ref"`
	Party  string  `avro:"party"`
	Due    *Millis `avro:"due"`    // by when the channel is to know; nil while the order is not ready
	Placed bool    `avro:"placed"` // it stands in the ERP
	Over   bool    `avro:"over"`   // nothing is to be said any more

	Expected *Expectation `avro:"expected"` // that the channel knows; nil if it does, or never has to
	Refused  bool         `avro:"refused"`  // its payment was refused, and all is said of that

	Marketplace string `avro:"marketplace"` // the channel's own site

	Unsettled   *Expectation `avro:"unsettled"`   // that it is accepted or rejected soon; nil if it is, or nobody waits for it
	Provisional bool         `avro:"provisional"` // that was said
}

//go:embed order_acceptance.avsc
var orderAcceptanceText string

// OrderAcceptanceSchema is the schema of the states in table.acknowledge.
var OrderAcceptanceSchema = parse[OrderAcceptance]("order_acceptance", orderAcceptanceText)
