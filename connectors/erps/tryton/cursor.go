package tryton

import (
	"encoding/json"
	"errors"
	"time"
)

// ReadyOverlap is how long a transaction of Tryton may take that makes a shipment ready: by so much a new round begins before the end
// of the last. Tryton writes down when a transaction began, and nobody sees the row before it ends.
const ReadyOverlap = 2 * time.Minute

// cursor is where Ready stands in its rounds.
type cursor struct {
	Since   time.Time   `json:"since"`           // rows written from then on
	AfterID json.Number `json:"after,omitempty"` // and of those written just then, behind this one; "" at the start of a round
	Newest  time.Time   `json:"newest"`          // of the rows that could be seen when the round began
}

// behind is where to go on after a page. Behind the last of a round is the start of the next: whatever could not be seen when this
// one began was written no earlier than the overlap before the newest that could.
func (c cursor) behind(page []readyRow) cursor {
	if len(page) == readyPageRows {
		last := page[len(page)-1]
		return cursor{Since: last.WriteDate.time(), AfterID: last.ID, Newest: c.Newest}
	}
	start := c.Newest.Add(-ReadyOverlap)
	if c.AfterID == "" && start.Before(c.Since) {
		start = c.Since
	}
	return cursor{Since: start}
}

func (c cursor) String() string {
	text, _ := json.Marshal(c)
	return string(text)
}

func readCursor(text string) (cursor, error) {
	var c cursor
	if json.Unmarshal([]byte(text), &c) != nil || c.Since.IsZero() {
		return c, errors.New("the cursor of Ready is none: begin again with an empty one")
	}
	return c, nil
}
