package schemas

import (
	"encoding/json"
	"fmt"
)

// Fetching is the payload of a call that asks a channel for something, as JSON.
type Fetching struct {
	Kind   string `json:"kind"`             // as of a FetchTask
	Ref    string `json:"ref"`              // the channel's
	Origin string `json:"origin,omitempty"` // of what comes; empty: poll
}

// Body is the fetching as a payload.
func (f Fetching) Body() (Body, error) {
	b, err := json.Marshal(f)
	return Body{Bytes: b}, err
}

// ParseFetching reads a payload.
func ParseFetching(b Body) (f Fetching, err error) {
	if err := json.Unmarshal(b.Bytes, &f); err != nil {
		return f, fmt.Errorf("read what is to be fetched: %w", err)
	}
	return f, nil
}
