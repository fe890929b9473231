package schemas

import (
	_ "embed"
	"strings"
)

// Shipment is what has become of a shipment, or of a part of it that is booked by itself: a carrier that takes one parcel in a booking
// has seven of them for seven parcels.
type Shipment struct {
	ShipmentID  string           `avro:"shipment_id" json:"shipment_id"`
	OrderID     string           `avro:"order_id" json:"order_id"`
	Party       string           `avro:"party" json:"party"`                 // the channel's account that sold it
	Ref         string           `avro:"ref" json:"ref"`                     // the ERP's
	Revision    string           `avro:"revision" json:"revision,omitempty"` // the ERP's mark of the state in which it was ready
	State       string           `avro:"state" json:"state,omitempty"`
	Reason      string           `avro:"reason" json:"reason,omitempty"`         // a stable word
	Text        string           `avro:"text" json:"text,omitempty"`             // the same for people; no personal data
	Generation  int64            `avro:"generation" json:"generation,omitempty"` // for the how many-th time a label is asked for
	Part        int64            `avro:"part" json:"part,omitempty"`             // which of its bookings, from 1 on; 0: all of them
	Parts       int64            `avro:"parts" json:"parts,omitempty"`           // how many bookings it takes; 0: not settled
	Lines       []ShipmentLine   `avro:"lines" json:"lines,omitempty"`
	Parcels     []ShipmentParcel `avro:"parcels" json:"parcels,omitempty"` // of a part: its own
	Carrier     string           `avro:"carrier" json:"carrier,omitempty"` // the account
	Service     string           `avro:"service" json:"service,omitempty"`
	BookingRef  string           `avro:"booking_ref" json:"booking_ref,omitempty"` // the carrier's
	Reference   string           `avro:"reference" json:"reference,omitempty"`     // ours, in the carrier's field
	Cost        *Money           `avro:"cost" json:"cost,omitempty"`
	Quotes      []ShipmentQuote  `avro:"quotes" json:"quotes,omitempty"` // the cheapest first
	Goods       *Money           `avro:"goods" json:"goods,omitempty"`
	Warnings    []string         `avro:"warnings" json:"warnings,omitempty"`
	To          *Person          `avro:"to" json:"to,omitempty"`                   // of one that is requested
	Point       string           `avro:"point" json:"point,omitempty"`             // the carrier's name of a locker or shop
	Destination string           `avro:"destination" json:"destination,omitempty"` // a hash of where it goes
	OrderRef    string           `avro:"order_ref" json:"order_ref,omitempty"`
	ShipBy      *Millis          `avro:"ship_by" json:"ship_by,omitempty"`
	DeliverBy   *Millis          `avro:"deliver_by" json:"deliver_by,omitempty"` // as the buyer was promised
	At          Millis           `avro:"at" json:"at,omitempty"`
	By          string           `avro:"by" json:"by,omitempty"`
	Why         string           `avro:"why" json:"why,omitempty"`           // in the words of a person; no personal data
	Location    string           `avro:"location" json:"location,omitempty"` // where it leaves from, as the ERP calls it; "" if that does not say
}

// ShipmentLine are pieces of a line that are in a shipment.
type ShipmentLine struct {
	LineRef  string   `avro:"line_ref" json:"line_ref"`
	SKU      string   `avro:"sku" json:"sku,omitempty"`
	Quantity int64    `avro:"quantity" json:"quantity"`
	UnitRefs []string `avro:"unit_refs" json:"unit_refs,omitempty"` // where the channel names each piece
}

// ShipmentParcel is a parcel of a shipment, with its label once there is one.
type ShipmentParcel struct {
	Ref         string `avro:"ref" json:"ref,omitempty"` // the ERP's
	Grams       int64  `avro:"grams" json:"grams,omitempty"`
	Length      int64  `avro:"length_mm" json:"length_mm,omitempty"` // 0: not known
	Width       int64  `avro:"width_mm" json:"width_mm,omitempty"`
	Height      int64  `avro:"height_mm" json:"height_mm,omitempty"`
	Number      string `avro:"number" json:"number,omitempty"` // that the carrier tracks it by
	LabelSHA256 string `avro:"label_sha256" json:"label_sha256,omitempty"`
	LabelFormat string `avro:"label_format" json:"label_format,omitempty"` // as its bytes are
	LabelBytes  int64  `avro:"label_bytes" json:"label_bytes,omitempty"`
}

// ShipmentQuote is what a carrier asked for a shipment.
type ShipmentQuote struct {
	Carrier string  `avro:"carrier" json:"carrier"`
	Service string  `avro:"service" json:"service,omitempty"`
	Price   Money   `avro:"price" json:"price"`
	By      *Millis `avro:"by" json:"by,omitempty"` // the day on which it arrives; nil if the carrier does not say
}

// States of a shipment.
const (
	ShipmentHeld       = "held"        // no label is bought, and Reason says why
	ShipmentQuoted     = "quoted"      // a carrier has said what it asks for it, or that it does not say
	ShipmentRequested  = "requested"   // a label is to be bought
	ShipmentRecalled   = "recalled"    // what was asked for is to be taken back
	ShipmentCancelled  = "cancelled"   // nothing was bought for it, and nothing will be
	ShipmentKept       = "kept"        // something came that changes nothing: its label is bought
	ShipmentAgain      = "again"       // a person wants another label
	ShipmentScanned    = "scanned"     // while it was packed: Lines are the codes
	ShipmentPrinted    = "printed"     // its label was printed, for the how many-th time Text says
	ShipmentHandedOver = "handed_over" // it has left
)

// States of a part of a shipment.
const (
	ShipmentBooked    = "booked"    // the carrier has it, and its label is still to come
	ShipmentLabelled  = "labelled"  // its label lies in the label store
	ShipmentWithdrawn = "withdrawn" // its booking was not begun, or came to nothing, and never will be
	ShipmentVoided    = "voided"    // the carrier has taken it back
	ShipmentRefused   = "refused"   // the carrier does not take it as it is: the call waits in the trash
	ShipmentCredited  = "credited"  // one that was voided costs nothing: its money is back, or was never asked for
	ShipmentCharged   = "charged"   // one that was voided is paid for all the same, says the carrier
)

// Why no label is bought, or the one that was bought is taken back.
const (
	HeldOrderUnknown   = "order_unknown"
	HeldCancelled      = "cancelled"
	HeldUnpaid         = "unpaid"
	HeldOnHold         = "on_hold" // the buyer has asked for it to be cancelled
	HeldShipped        = "already_shipped"
	HeldElsewhere      = "fulfilled_elsewhere"
	HeldNoAddress      = "no_address"
	HeldAddressChanged = "address_changed"
	HeldNoWeight       = "no_weight"
	HeldNotScanned     = "not_scanned"
	HeldScanMismatch   = "scan_mismatch" // something else was scanned than is to be in it
	HeldNoCarrier      = "no_carrier"
	HeldNothingLeft    = "nothing_left" // more pieces than were ordered, and are not cancelled or in another shipment
	HeldUnknownArticle = "unknown_article"
	HeldPackedAnew     = "packed_anew"
	HeldNotReady       = "not_ready"
	HeldLabelled       = "already_labelled"
	HeldVoided         = "label_voided"
	HeldAgain          = "bought_again"
	HeldLeftWithout    = "left_without_label"
)

// ShipmentID is our name of what the ERP ships of an order.
func ShipmentID(orderID, ref string) string { return orderID + "#" + ref }

// SplitShipmentID is the order, and what the ERP calls the shipment.
func SplitShipmentID(id string) (orderID, ref string, is bool) {
	at := strings.LastIndexByte(id, '#')
	if at <= 0 || at == len(id)-1 {
		return "", "", false
	}
	return id[:at], id[at+1:], true
}

//go:embed shipment.avsc
var shipmentText string

// ShipmentSchema is the schema of shipments.
var ShipmentSchema = parse[Shipment]("shipment", shipmentText)
