package schemas

import (
	"encoding/json"
	"fmt"
)

// Quoted is what a carrier has said to the question what it asks for a shipment, as JSON.
type Quoted struct {
	Quotes []Quote `json:"quotes"`        // none: it does not say
	Why    string  `json:"why,omitempty"` // there are none, for people; no personal data
}

// ParseQuoted reads it.
func ParseQuoted(document []byte) (q Quoted, err error) {
	if err := json.Unmarshal(document, &q); err != nil {
		return q, fmt.Errorf("read what a carrier asks for a shipment: %w", err)
	}
	return q, nil
}
