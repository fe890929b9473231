package schemas

import _ "embed"

// ERPRaw is what an ERP said about one shipment or order of its own, byte for byte.
type ERPRaw struct {
	Party      string `avro:"party"`
	Kind       string `avro:"kind"`
	Ref        string `avro:"ref"`      // theirs
	OrderID    string `avro:"order_id"` // ours, as the ERP carries it; "" if it carries none
	Revision   string `avro:"revision"` // theirs: no other state of the same ref has it, so that a repeat is known
	ReceivedAt Millis `avro:"received_at"`
	Origin     string `avro:"origin"`
	Body       Body   `avro:"body"`
}

// What an ERP says of a shipment.
const (
	ERPReady   = "ready"   // it is packed, and waits for a carrier
	ERPGone    = "gone"    // it has left
	ERPUnready = "unready" // it was ready, and is no more: unpacked, or cancelled
	ERPEdited  = "edited"  // somebody has written to its order, which is not packed
)

//go:embed erp_raw.avsc
var erpRawText string

// ERPRawSchema is the schema of erp.raw.
var ERPRawSchema = parse[ERPRaw]("erp_raw", erpRawText)
