package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Shipping is the payload of a call that tells a channel that a parcel has left, as JSON.
type Shipping struct {
	Ref         string        `json:"ref"`                    // the channel's
	Parcel      int64         `json:"parcel"`                 // which of the order's it is, from 1: no other of the order ever has that number
	Lines       []ShippedLine `json:"lines,omitempty"`        // what is in it; none: all that has not left yet
	Carrier     string        `json:"carrier"`                // our name of it: dhl
	CarrierName string        `json:"carrier_name,omitempty"` // for a channel that does not know it: "DHL Freight"
	Service     string        `json:"service,omitempty"`      // the carrier's product
	Number      string        `json:"number"`                 // that the carrier tracks it by
	URL         string        `json:"url,omitempty"`          // where people can follow it
	At          Millis        `json:"at"`                     // when the carrier took it
	Due         *Millis       `json:"due,omitempty"`          // by when the channel is to know
}

// ShippedLine are pieces of a line that have left.
type ShippedLine struct {
	LineRef  string   `json:"line_ref"`
	UnitRefs []string `json:"unit_refs,omitempty"` // where the channel names each piece
	Quantity int64    `json:"quantity"`
}

// Body is the shipping as a payload.
func (s Shipping) Body() (Body, error) {
	b, err := json.Marshal(s)
	return Body{Bytes: b}, err
}

// ParseShipping reads a payload.
func ParseShipping(b Body) (s Shipping, err error) {
	strict := json.NewDecoder(bytes.NewReader(b.Bytes))
	strict.DisallowUnknownFields() // what an operator mistyped is not passed over
	if err := strict.Decode(&s); err != nil {
		return s, fmt.Errorf("read what a channel is to hear of a parcel: %w", err)
	}
	return s, nil
}
