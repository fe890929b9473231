package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Tracking is the payload of a call that tells the ERP what is known of a parcel on its way, as JSON.
type Tracking struct {
	OrderRef string `json:"order_ref,omitempty"` // what the ERP calls the order; empty: it is found by our id
	Carrier  string `json:"carrier"`
	Number   string `json:"number"`              // that the carrier tracks it by
	URL      string `json:"url,omitempty"`       // where people can follow it
	LabelURL string `json:"label_url,omitempty"` // where the label lies: the ERP keeps no files
	Status   string `json:"status,omitempty"`    // the last that the carrier told
	At       Millis `json:"at"`                  // when it was so: what is older never overwrites it
	// ShipmentRef is what the ERP calls the shipment, and Done that each of its parcels was delivered.
	ShipmentRef string `json:"shipment_ref,omitempty"`
	Done        bool   `json:"done,omitempty"`
	By          string `json:"by,omitempty"` // who says so, if a person does
}

// Body is the tracking as a payload.
func (t Tracking) Body() (Body, error) {
	b, err := json.Marshal(t)
	return Body{Bytes: b}, err
}

// ParseTracking reads a payload.
func ParseTracking(b Body) (t Tracking, err error) {
	strict := json.NewDecoder(bytes.NewReader(b.Bytes))
	strict.DisallowUnknownFields() // what an operator mistyped is not passed over
	if err := strict.Decode(&t); err != nil {
		return t, fmt.Errorf("read what the ERP is to hear of a parcel: %w", err)
	}
	return t, nil
}
