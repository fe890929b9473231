package tryton

import (
	"encoding/json"
	"errors"
	"time"
)

const (
	// ReadyEvery is the pause between two readings: a warehouse packs by hand, and each reading is a few calls of some ten milliseconds.
	ReadyEvery = 15 * time.Second
	// ReadyOverlap is how long a transaction of Tryton may take that makes a shipment ready: by so much a new round begins before the
	// end of the last. Tryton writes down when a transaction began, and nobody sees the row before it ends.
	ReadyOverlap = 2 * time.Minute
	// readyHistory is how far back the first round begins: an order is packed soon after it is placed, or before anybody asked here.
	readyHistory = 24 * time.Hour
)

// cursor is where ReadReady stands in its rounds.
type cursor struct {
	Since   time.Time   `json:"since"`           // rows written from then on
	AfterID json.Number `json:"after,omitempty"` // and of those written just then, behind this one; "" at the start of a round
	Newest  time.Time   `json:"newest"`          // of the rows that could be seen when the round began
}

// behind is where to go on after a page of so many rows. Behind the last of a round is the start of the next: whatever could not be seen
// when this one began was written no earlier than the overlap before the newest that could.
func (c cursor) behind(rows int, last readyRow) cursor {
	if rows == readyPageRows {
		return cursor{Since: last.WriteDate.time(), AfterID: last.ID, Newest: c.Newest}
	}
	return cursor{Since: c.again()}
}

// again is where the next round begins. Within this one it may be before what was read already.
func (c cursor) again() time.Time {
	start := c.Newest.Add(-ReadyOverlap)
	if c.AfterID == "" && start.Before(c.Since) {
		return c.Since
	}
	return start
}

func (c cursor) String() string {
	text, _ := json.Marshal(c)
	return string(text)
}

func readCursor(text string) (cursor, error) {
	var c cursor
	if json.Unmarshal([]byte(text), &c) != nil || c.Since.IsZero() {
		return c, errors.New("the place in Tryton's shipments is none: begin again with an empty one")
	}
	return c, nil
}
