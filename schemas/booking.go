package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Booking is the payload of the calls that book a shipment with a carrier, as JSON: what one label, or one set of labels, is bought for.
type Booking struct {
	ShipmentID string            `json:"shipment_id"` // ours
	OrderID    string            `json:"order_id"`
	Reference  string            `json:"reference"`             // ours in the carrier's field: 8 to 35 of A-Z, 0-9 and -; no other booking has it
	Service    string            `json:"service,omitempty"`     // the carrier's product; "": what the account says
	From       Person            `json:"from"`                  // who sends
	To         Person            `json:"to"`                    // who receives
	Point      string            `json:"point,omitempty"`       // the carrier's own name of a locker or a shop, where it goes to one
	PostNumber string            `json:"post_number,omitempty"` // what the carrier knows the receiver by at a locker
	Parcels    []Parcel          `json:"parcels"`               // at least one, each with its weight
	Goods      Money             `json:"goods"`                 // what is in it is worth
	Format     string            `json:"format,omitempty"`      // of the label: LabelPDF and so on; "": what the account says
	ReadyAt    Millis            `json:"ready_at"`
	DeliverBy  *Millis           `json:"deliver_by,omitempty"` // when it has to have arrived; of a question what a carrier asks
	Settings   map[string]string `json:"settings,omitempty"`   // what the carrier alone knows
}

// Booked is what a carrier has made of a booking.
type Booked struct {
	Ref      string         `json:"ref"`               // the carrier's own name of it, by which it is cancelled
	Pending  bool           `json:"pending,omitempty"` // the carrier goes on by itself: there are no numbers and labels yet
	Parcels  []BookedParcel `json:"parcels,omitempty"` // as in the booking
	Warnings []string       `json:"warnings,omitempty"`
	Cost     *Money         `json:"cost,omitempty"` // nil if the carrier does not say
}

// BookedParcel is a parcel with its label.
type BookedParcel struct {
	Number string `json:"number"` // that the carrier tracks it by
	Format string `json:"format"`
	Label  []byte `json:"label,omitempty"` // as received, but for its base64
}

// Formats of labels.
const (
	LabelPDF = "pdf"
	LabelZPL = "zpl"
	LabelEPL = "epl"
	LabelPNG = "png"
	LabelGIF = "gif"
)

// Quote is what a carrier asks for a booking.
type Quote struct {
	Service string  `json:"service"`
	Price   Money   `json:"price"`
	By      *Millis `json:"by,omitempty"` // the day on which it arrives, at its beginning in UTC; nil if the carrier does not say
}

// Body is the booking as a payload.
func (b *Booking) Body() (Body, error) {
	said, err := json.Marshal(b)
	return Body{Bytes: said}, err
}

// ParseBooking reads a payload.
func ParseBooking(b Body) (*Booking, error) {
	read := new(Booking)
	strict := json.NewDecoder(bytes.NewReader(b.Bytes))
	strict.DisallowUnknownFields() // what an operator mistyped is not passed over
	if err := strict.Decode(read); err != nil {
		return nil, fmt.Errorf("read what is to be booked with a carrier: %w", err)
	}
	return read, nil
}
