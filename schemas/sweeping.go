package schemas

import (
	"encoding/json"
	"fmt"
	"time"
)

// Sweeping is the payload of a call that lists what changed at a channel, as JSON, so that what never came is found.
type Sweeping struct {
	From time.Time `json:"from"` // what changed at that time or later
	To   time.Time `json:"to"`   // and before that: what is newer may be on its way
}

// Missed is an order that the channel has, and that nobody told us of as it is there.
type Missed struct {
	Ref     string    `json:"ref"`
	Changed time.Time `json:"changed"`
}

// Swept is what a sweep has found.
type Swept struct {
	Listed int      `json:"listed"`
	Missed []Missed `json:"missed"`
}

// Body is the sweeping as a payload.
func (s Sweeping) Body() (Body, error) {
	b, err := json.Marshal(s)
	return Body{Bytes: b}, err
}

// ParseSweeping reads a payload.
func ParseSweeping(b Body) (s Sweeping, err error) {
	if err := json.Unmarshal(b.Bytes, &s); err != nil {
		return s, fmt.Errorf("read what is to be swept: %w", err)
	}
	return s, nil
}
