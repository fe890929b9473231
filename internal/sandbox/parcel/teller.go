package parcel

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"time"

	"waybill/internal/sandbox/ledger"
)

// PushOperation is the name, in rules and books, of what carriers tell without being asked.
const PushOperation = "push"

// Teller is a carrier that tells of scans by itself.
type Teller struct {
	Book  *Book
	Books *ledger.Ledger

	// Tell tells of the last scan of a parcel. The id is the push's own, also when it is sent again.
	Tell func(p Parcel, id uint64) Message
	// Taken tells whether an answer is what the carrier waits for; nil: any success.
	Taken func(status int, answer []byte, id uint64) bool
	// Pauses are those of the calendar before a push is sent again.
	Pauses []time.Duration
}

// Message is what a push says: JSON that is posted, or a query.
type Message struct {
	JSON   any
	Query  url.Values // nil: JSON
	Header http.Header
}

func (m Message) request(ctx context.Context, to string) (*http.Request, error) {
	method, body := http.MethodGet, []byte(nil)
	if m.Query != nil {
		to += "?" + m.Query.Encode()
	} else {
		written, err := json.Marshal(m.JSON)
		if err != nil {
			return nil, err
		}
		method, body = http.MethodPost, written
	}
	r, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if m.Query == nil {
		r.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(r.Header, m.Header)
	return r, nil
}
