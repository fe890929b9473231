package schemas

import _ "embed"

// Link is a reference at a party, and what it is with us. Every system has one link to our id, so N systems have N links, and any
// of them leads to any other in two steps.
type Link struct {
	Party  string `avro:"party"`
	Kind   string `avro:"kind"`
	Ref    string `avro:"ref"` // theirs
	OurID  string `avro:"our_id"`
	At     Millis `avro:"at"`
	By     string `avro:"by"`
	Reason string `avro:"reason"`
}

// Kinds of link.
const (
	LinkOrder    = "order"
	LinkUnit     = "unit" // a piece that the channel knows by a reference of its own; our id is that of its order
	LinkCustomer = "customer"
	LinkShipment = "shipment"
	LinkTracking = "tracking"
)

// PartyOurs stands for a party where an id of ours leads to another of ours: that of a customer whom the ERP has merged into another.
const PartyOurs = "waybill"

//go:embed link.avsc
var linkText string

// LinkSchema is the schema of id.map.
var LinkSchema = parse[Link]("link", linkText)
