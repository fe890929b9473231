package connectors

import (
	"net/http"
	"strings"

	"waybill/schemas"
)

// FeedPath is where the feed door is, with the party's name behind it.
const FeedPath = "/feed/"

// Feed is the door for orders from files and from those who have them at hand: POST /feed/{party} with a JSON document, an
// array of them, NDJSON, or the channel's own list, as it is or gzipped. All of a request is accepted or nothing of it.
// Whoever feeds shows the party's token.
type Feed struct{ guarded }

// NewFeed is the feed door of these parties, by their names.
func NewFeed(parties map[string]Party, store Store, limits Limits, metrics *Metrics) *Feed {
	return &Feed{guarded{door: newDoor("feed", parties, store, limits, metrics)}}
}

// ServeHTTP answers one request.
func (f *Feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.serve(w, r, strings.TrimPrefix(r.URL.Path, FeedPath), map[string]work{http.MethodPost: f.take})
}

// take stores what is in the body, and only then says that it is accepted (invariant 1).
func (f *Feed) take(v *visit) (answer, error) {
	if err := f.enter(v); err != nil {
		return answer{}, err
	}
	leave, err := f.admit(v)
	if err != nil {
		return answer{}, err
	}
	defer leave()
	body, err := readBody(v.w, v.r, f.limits.RequestBytesMax)
	if err != nil {
		return answer{}, err
	}
	f.holdsOnly(v, len(body))
	d := f.delivery(v, schemas.OriginFeed)
	if err := d.cut(v.r.Header, body); err != nil {
		return answer{}, err
	}
	if err := f.keep(v, d.messages); err != nil {
		return answer{}, err
	}
	return accepted(d.messages), nil
}
