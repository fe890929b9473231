package schemas

import _ "embed"

// OrderBooking is what book remembers of an order.
type OrderBooking struct {
	Shipments []ShipmentBooking `avro:"shipments"`
}

// ShipmentBooking is what was asked of a carrier for a shipment.
type ShipmentBooking struct {
	Ref        string        `avro:"ref"` // the ERP's
	Generation int64         `avro:"generation"`
	Recalled   bool          `avro:"recalled"` // it is to be taken back
	Carrier    string        `avro:"carrier"`  // the account
	Parts      []BookingPart `avro:"parts"`
	Choice     *Choice       `avro:"choice"` // of its carrier; nil if that is settled
	Credits    []Credit      `avro:"credits"`
}

// Choice is of the carrier of a shipment, while those are asked that could take it.
type Choice struct {
	Request Body            `avro:"request"` // the shipment as it was requested, as JSON
	Asked   []string        `avro:"asked"`   // accounts that have not answered
	Offers  []ShipmentQuote `avro:"offers"`  // one a carrier
	Until   Millis          `avro:"until"`   // when nobody is waited for any more
}

// Credit is what a carrier owes for a part that was taken back, until it is settled.
type Credit struct {
	Carrier    string      `avro:"carrier"` // the account
	Generation int64       `avro:"generation"`
	Part       int64       `avro:"part"`
	Expected   Expectation `avro:"expected"`
}

// BookingPart is how one booking of a shipment stands.
type BookingPart struct {
	State      string `avro:"state"`       // "" if nothing was heard
	BookingRef string `avro:"booking_ref"` // the carrier's
}

//go:embed order_booking.avsc
var orderBookingText string

// OrderBookingSchema is the schema of the states in table.book.
var OrderBookingSchema = parse[OrderBooking]("order_booking", orderBookingText)
