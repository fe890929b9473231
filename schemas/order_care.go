package schemas

import _ "embed"

// OrderCare is what care remembers of an order.
type OrderCare struct {
	DeliverBy *Millis       `avro:"deliver_by"` // as its buyer was promised
	Parcels   []CaredParcel `avro:"parcels"`
}

// CaredParcel is a parcel in trouble, or one that was.
type CaredParcel struct {
	Party    string   `avro:"party"` // the carrier's account
	Number   string   `avro:"number"`
	Troubles []string `avro:"troubles"` // that somebody was told of
	Ended    bool     `avro:"ended"`    // nobody has to look after it any more
}

//go:embed order_care.avsc
var orderCareText string

// OrderCareSchema is the schema of the states in table.care.
var OrderCareSchema = parse[OrderCare]("order_care", orderCareText)
