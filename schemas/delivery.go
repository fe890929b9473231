package schemas

import _ "embed"

// Delivery is how all parcels of an order stand together.
type Delivery struct {
	OrderID   string `avro:"order_id"`
	Party     string `avro:"party"` // the channel's account that sold it
	Status    string `avro:"status"`
	Parcels   int64  `avro:"parcels"`
	Delivered int64  `avro:"delivered"`
	Returned  int64  `avro:"returned"`
	Ended     bool   `avro:"ended"` // nothing is expected of any
	At        Millis `avro:"at"`
	Sequence  int64  `avro:"sequence"`
}

//go:embed delivery.avsc
var deliveryText string

// DeliverySchema is the schema of orders.delivery.
var DeliverySchema = parse[Delivery]("delivery", deliveryText)

// OrderAnnouncing is what announce remembers of an order.
type OrderAnnouncing struct {
	Party    string            `avro:"party"`
	OrderRef string            `avro:"order_ref"`
	Parcels  []AnnouncedParcel `avro:"parcels"`
	Status   string            `avro:"status"`
	Sequence int64             `avro:"sequence"`
}

// AnnouncedParcel is a parcel of which others are told.
type AnnouncedParcel struct {
	Ref        string `avro:"ref"` // what the ERP calls the shipment
	Part       int64  `avro:"part"`
	Generation int64  `avro:"generation"`
	Carrier    string `avro:"carrier"` // the account
	Number     string `avro:"number"`
	Status     string `avro:"status"` // "": nothing was heard
	At         Millis `avro:"at"`
	Ended      bool   `avro:"ended"`
	Sequence   int64  `avro:"sequence"`
	ToldAt     Millis `avro:"told_at"` // the time that the ERP was last told of it with
	Void       bool   `avro:"void"`    // the number is good no more
}

//go:embed order_announcing.avsc
var orderAnnouncingText string

// OrderAnnouncingSchema is the schema of the states in table.announce.
var OrderAnnouncingSchema = parse[OrderAnnouncing]("order_announcing", orderAnnouncingText)
