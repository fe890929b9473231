package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Carriage is the payload of the calls at a carrier, as JSON: what is to be booked, and the part of a shipment that it is for.
type Carriage struct {
	Shipment Shipment `json:"shipment"`      // as it was requested
	Booking  Booking  `json:"booking"`       // what the carrier is told
	Ref      string   `json:"ref,omitempty"` // the carrier's name of it, once it has one
}

// Body is the carriage as a payload.
func (c *Carriage) Body() (Body, error) {
	b, err := json.Marshal(c)
	return Body{Bytes: b}, err
}

// ParseCarriage reads a payload.
func ParseCarriage(b Body) (*Carriage, error) {
	c := new(Carriage)
	strict := json.NewDecoder(bytes.NewReader(b.Bytes))
	strict.DisallowUnknownFields() // what an operator mistyped is not passed over
	if err := strict.Decode(c); err != nil {
		return nil, fmt.Errorf("read what is to be booked with a carrier: %w", err)
	}
	return c, nil
}

// Bought is what a carrier has made of a booking, with its labels in the label store, as JSON.
type Bought struct {
	Ref      string         `json:"ref"`
	Pending  bool           `json:"pending,omitempty"` // numbers or labels are still to come
	Parcels  []BoughtParcel `json:"parcels,omitempty"`
	Warnings []string       `json:"warnings,omitempty"`
	Cost     *Money         `json:"cost,omitempty"`
}

// BoughtParcel is a parcel with its label.
type BoughtParcel struct {
	Number string `json:"number"`
	SHA256 string `json:"sha256,omitempty"` // of its label
	Format string `json:"format,omitempty"` // as its bytes are
	Bytes  int64  `json:"bytes,omitempty"`
}

// ParseBought reads one.
func ParseBought(document []byte) (b Bought, err error) {
	if err := json.Unmarshal(document, &b); err != nil {
		return b, fmt.Errorf("read what a carrier has made of a booking: %w", err)
	}
	return b, nil
}
