package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Word is what a channel is told of a parcel that stands in one way.
type Word struct {
	Send string // the channel's own word; "": nothing
	Why  string // nothing is sent
}

// NoWords are those of a channel that takes none.
func NoWords(why string) map[string]Word {
	words := map[string]Word{}
	for _, status := range ParcelStatuses {
		if status != ParcelIgnored && status != ParcelUnknown {
			words[status] = Word{Why: why}
		}
	}
	return words
}

// Standing is the payload of a call that tells a channel how a parcel stands, as JSON.
type Standing struct {
	Ref     string `json:"ref"`     // the channel's
	Carrier string `json:"carrier"` // our name of it: dhl
	Number  string `json:"number"`
	Status  string `json:"status"` // ours
	Word    string `json:"word"`   // the channel's
	At      Millis `json:"at"`     // since when
}

// Body is the standing as a payload.
func (s Standing) Body() (Body, error) {
	b, err := json.Marshal(s)
	return Body{Bytes: b}, err
}

// ParseStanding reads a payload.
func ParseStanding(b Body) (s Standing, err error) {
	strict := json.NewDecoder(bytes.NewReader(b.Bytes))
	strict.DisallowUnknownFields() // what an operator mistyped is not passed over
	if err := strict.Decode(&s); err != nil {
		return s, fmt.Errorf("read what a channel is to hear of a parcel: %w", err)
	}
	return s, nil
}
