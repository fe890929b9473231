package schemas

import (
	"encoding/json"
	"fmt"
	"time"
)

// News is what happened at a channel after a cursor, as it says when it is polled.
type News struct {
	Told []Told `json:"told"`
	Next string `json:"next"` // the cursor behind all that is told
	More bool   `json:"more"` // there is more behind it already
}

// Told is that something happened to an order.
type Told struct {
	Ref  string `json:"ref"`
	Mark string `json:"mark"` // what tells this from all else that happened to it: a revision, an event, a time
	// Changed is when it happened, where the channel also tells that by itself: what came since is not asked for again.
	Changed time.Time `json:"changed,omitzero"`
}

// Polling is the payload of the standing call that asks a channel for news, as JSON.
type Polling struct {
	Cursor string `json:"cursor"` // "" begins with what happens from now on
}

// Body is the polling as a payload.
func (p Polling) Body() (Body, error) {
	b, err := json.Marshal(p)
	return Body{Bytes: b}, err
}

// ParsePolling reads a payload; one of no bytes begins.
func ParsePolling(b Body) (p Polling, err error) {
	if len(b.Bytes) == 0 {
		return p, nil
	}
	if err := json.Unmarshal(b.Bytes, &p); err != nil {
		return p, fmt.Errorf("read how far a channel was polled: %w", err)
	}
	return p, nil
}
