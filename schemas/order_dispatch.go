package schemas

import _ "embed"

// OrderDispatch is what dispatch remembers of an order.
type OrderDispatch struct {
	Parts []DispatchedPart `avro:"parts"`
}

// DispatchedPart is a booking of which others were told.
type DispatchedPart struct {
	Ref        string   `avro:"ref"` // the ERP's name of the shipment
	Part       int64    `avro:"part"`
	Generation int64    `avro:"generation"` // of which was told last
	Carrier    string   `avro:"carrier"`
	Numbers    []string `avro:"numbers"` // that were told
	Voided     bool     `avro:"voided"`  // those are good no more, and that was told
	Parcel     int64    `avro:"parcel"`  // which of the order's parcels the first is, from 1 on
}

//go:embed order_dispatch.avsc
var orderDispatchText string

// OrderDispatchSchema is the schema of the states in table.dispatch.
var OrderDispatchSchema = parse[OrderDispatch]("order_dispatch", orderDispatchText)
