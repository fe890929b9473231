package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Printing is the payload of a call at a printer, as JSON: a shipment with the one parcel whose label is to be printed.
type Printing struct {
	Shipment Shipment `json:"shipment"`
}

// Body is it as a payload.
func (p Printing) Body() (Body, error) {
	b, err := json.Marshal(p)
	return Body{Bytes: b}, err
}

// ParsePrinting reads a payload.
func ParsePrinting(b Body) (p Printing, err error) {
	strict := json.NewDecoder(bytes.NewReader(b.Bytes))
	strict.DisallowUnknownFields() // what an operator mistyped is not passed over
	if err := strict.Decode(&p); err != nil {
		return p, fmt.Errorf("read what is to be printed: %w", err)
	}
	if len(p.Shipment.Parcels) != 1 {
		return p, fmt.Errorf("read what is to be printed: shipment %s has %d parcels there, and must have the one", p.Shipment.ShipmentID, len(p.Shipment.Parcels))
	}
	return p, nil
}
