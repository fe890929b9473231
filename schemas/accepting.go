package schemas

import (
	"encoding/json"
	"fmt"
)

// Accepting is the payload of a call that tells a channel what becomes of an order, as JSON: that it is accepted or, of those pieces
// of it, that it is not.
type Accepting struct {
	Ref         string     `json:"ref"`                   // the channel's
	Due         *Millis    `json:"due,omitempty"`         // by when it is to know
	Provisional bool       `json:"provisional,omitempty"` // the ERP does not have it yet
	By          string     `json:"by,omitempty"`          // who decided, if a person did
	Why         string     `json:"why,omitempty"`         // in their words; no personal data
	Reason      string     `json:"reason,omitempty"`      // of a rejection, in the channel's own words
	Pieces      []Rejected `json:"pieces,omitempty"`      // of a rejection; none: all of the order
	Marketplace string     `json:"marketplace,omitempty"` // the channel's own site that sold it; "": it has but one, or nobody said
}

// Rejected are pieces of a line that will not be delivered.
type Rejected struct {
	LineRef  string   `json:"line_ref"`
	UnitRefs []string `json:"unit_refs,omitempty"` // where the channel names each piece
	Quantity int64    `json:"quantity"`
}

// Body is the accepting as a payload.
func (a Accepting) Body() (Body, error) {
	b, err := json.Marshal(a)
	return Body{Bytes: b}, err
}

// ParseAccepting reads a payload.
func ParseAccepting(b Body) (a Accepting, err error) {
	if err := json.Unmarshal(b.Bytes, &a); err != nil {
		return a, fmt.Errorf("read what is to be said about an order: %w", err)
	}
	return a, nil
}
