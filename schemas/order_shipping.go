package schemas

import _ "embed"

// OrderShipping is what request remembers of an order.
type OrderShipping struct {
	Order     *Body              `avro:"order"`     // its newest state, as JSON; nil if nothing was heard of it
	OrderRef  string             `avro:"order_ref"` // the ERP's
	Shipments []ShipmentStanding `avro:"shipments"`
	Leaving   *Expectation       `avro:"leaving"` // that it leaves in time; nil if it has, or has not to

	Destinations []string `avro:"destinations"` // marks of where the channel has ever said that it goes
	ERPTo        *Body    `avro:"erp_to"`       // where it goes by the ERP, as JSON; nil if that has not said
	ERPEnded     string   `avro:"erp_ended"`    // how far it is with its being cancelled at the ERP; "" if it is not
}

// ShipmentStanding is how a shipment stands in the ERP, and what was asked for it.
type ShipmentStanding struct {
	Ref         string          `avro:"ref"`  // the ERP's
	Told        string          `avro:"told"` // as of an ERPRaw
	Revision    string          `avro:"revision"`
	Packed      []PackedParcel  `avro:"packed"`
	Articles    []PackedArticle `avro:"articles"` // none: the ERP does not say
	State       string          `avro:"state"`
	Reason      string          `avro:"reason"`
	Generation  int64           `avro:"generation"`
	Lines       []ShipmentLine  `avro:"lines"`       // that it was asked for with, as the next three
	Content     string          `avro:"content"`     // hash of how it was packed
	Destination string          `avro:"destination"` // hash of where it went
	Voided      bool            `avro:"voided"`      // a label was bought and taken back: another is for a person to ask for
	Again       bool            `avro:"again"`       // a person wants another label
	Parts       []string        `avro:"parts"`       // how its bookings stand; "": nothing was heard
	Carrier     string          `avro:"carrier"`
	MissedSince *Millis         `avro:"missed_since"` // from when on its weight is waited for
	Location    string          `avro:"location"`     // where it leaves from, as the ERP calls it
	Scanned     []PackedArticle `avro:"scanned"`      // the codes that were scanned last; none: nobody has
}

// PackedParcel is a parcel as the ERP says it is packed.
type PackedParcel struct {
	Ref    string `avro:"ref"`
	Grams  int64  `avro:"grams"`
	Length int64  `avro:"length_mm"`
	Width  int64  `avro:"width_mm"`
	Height int64  `avro:"height_mm"`
}

// PackedArticle are pieces of an article in a shipment.
type PackedArticle struct {
	SKU      string `avro:"sku" json:"sku"`
	Quantity int64  `avro:"quantity" json:"quantity"`
}

//go:embed order_shipping.avsc
var orderShippingText string

// OrderShippingSchema is the schema of the states in table.request.
var OrderShippingSchema = parse[OrderShipping]("order_shipping", orderShippingText)
