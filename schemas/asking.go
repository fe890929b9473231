package schemas

import (
	"encoding/json"
	"fmt"
)

// Asking is the payload of a call that asks a carrier for parcels, or to push what it hears of them, as JSON.
type Asking struct {
	Numbers []string `json:"numbers"`
}

// Body is the asking as a payload.
func (a Asking) Body() (Body, error) {
	b, err := json.Marshal(a)
	return Body{Bytes: b}, err
}

// ParseAsking reads a payload.
func ParseAsking(b Body) (a Asking, err error) {
	if err := json.Unmarshal(b.Bytes, &a); err != nil {
		return a, fmt.Errorf("read which parcels are asked for: %w", err)
	}
	return a, nil
}

// Decision is what stands on tracking.raw where no carrier has said it, but a person, or we: that a parcel is not asked for any more, or that it
// is to be asked for now.
type Decision struct {
	Decision   string      `json:"decision"`
	ShipmentID string      `json:"shipment_id,omitempty"` // "": the last that had the number
	Of         string      `json:"of,omitempty"`          // of a leg: the number that its parcel is known by
	Proofs     []KeptProof `json:"proofs,omitempty"`      // of a delivery, as they lie in the label store
	By         string      `json:"by,omitempty"`
	Why        string      `json:"why,omitempty"` // no personal data
}

// DecisionType is the content type of a Decision, whose origin is manual: no door lets one in.
const DecisionType = "application/vnd.waybill.decision+json"

// Body is the decision as a payload.
func (d Decision) Body() (Body, error) {
	b, err := json.Marshal(d)
	return Body{Bytes: b}, err
}
