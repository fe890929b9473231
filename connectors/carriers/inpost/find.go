package inpost

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

const (
	// margin is between their clock and ours; margin before a booking was ready nobody can have asked for it.
	margin = time.Hour
	// dayBack is where to begin if nobody says since when the booking was ready.
	dayBack  = 24 * time.Hour
	pageMax  = 100
	pagesMax = 100
)

// Find reads the list since the booking was ready, and compares references: InPost filters by none. The list lags by seconds, its pages
// repeat rows and are not as long as they say: it is read to its end when as many different shipments were seen as it counts.
func (i *InPost) Find(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
	since := time.Now().Add(-dayBack)
	if b.ReadyAt != 0 {
		since = b.ReadyAt.Time()
	}
	if now := time.Now(); since.After(now) {
		since = now
	}
	search := search{reference: b.Reference, seen: map[string]bool{}}
	for page := 1; page <= pagesMax; page++ {
		said, err := i.client.Get(ctx, i.shipments(), url.Values{
			"created_at_gteq": {strconv.FormatInt(since.Add(-margin).Unix(), 10)}, "sort_by": {"created_at"}, "sort_order": {"asc"},
			"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(pageMax)},
		}, new(list))
		if err != nil {
			return schemas.Booked{}, nil, understood(err)
		}
		more, err := search.read(said)
		if err != nil || !more {
			return search.booked(said, err)
		}
	}
	return schemas.Booked{}, nil, &remote.Failure{Class: remote.Permanent, Code: "too_many_shipments", Reason: "InPost lists more shipments since the booking was ready than can be looked through"}
}

// list is a page.
type list struct {
	Count int        `json:"count"`
	Items []shipment `json:"items"`
}

// search is what was seen of a list so far.
type search struct {
	reference string
	seen      map[string]bool // ids
	count     int             // the highest that a page told
	found     []shipment
}

// read takes a page; false: that was all.
func (s *search) read(said []byte) (more bool, err error) {
	var page list
	if err := json.Unmarshal(said, &page); err != nil || page.Items == nil {
		return false, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "InPost answered a list that is none"}
	}
	if page.Count < s.count {
		return false, moved("it became shorter")
	}
	s.count = page.Count
	before := len(s.seen)
	for _, one := range page.Items {
		if id := one.ID.String(); !s.seen[id] {
			s.seen[id] = true
			if one.Reference == s.reference && one.Status != statusCancelled {
				s.found = append(s.found, one)
			}
		}
	}
	switch {
	case len(s.seen) >= s.count:
		return false, nil
	case len(s.seen) == before:
		return false, moved(fmt.Sprintf("of %d shipments it shows %d", s.count, before))
	}
	return true, nil
}

// moved is a list that changed while it was read: what it does not show may be there.
func moved(how string) error {
	return &remote.Failure{Class: remote.Transient, Code: "list_moved", Reason: "InPost's list changed while it was read: " + how}
}

// booked is what was found; whoever asked completes it.
func (s *search) booked(said []byte, err error) (schemas.Booked, []byte, error) {
	switch {
	case len(s.found) > 0: // however the list went on
		booked := schemas.Booked{Ref: s.found[0].ID.String(), Pending: true}
		if len(s.found) > 1 {
			booked.Warnings = []string{fmt.Sprintf("%d shipments at InPost carry the reference", len(s.found))}
		}
		return booked, said, nil
	case err != nil:
		return schemas.Booked{}, nil, err
	}
	return schemas.Booked{}, said, remote.ErrAbsent
}
