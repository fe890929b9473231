package connectors

import (
	"context"
	"io"
	"net/http"
	"time"
)

// placeWait is how long a request waits for its place. Meanwhile it holds nothing but its connection.
const placeWait = time.Second

// admit lets a visit in as the limits allow; leave ends it.
func (d *door) admit(v *visit) (leave func(), err error) {
	reservation := d.limiters[v.party.Name].ReserveN(d.Now(), 1)
	if wait := reservation.DelayFrom(d.Now()); wait > 0 {
		reservation.CancelAt(d.Now())
		return nil, refuse(http.StatusTooManyRequests, outcomeRateLimited, "too many requests of this party").after(wait)
	}
	enough, cancel := context.WithTimeout(context.WithoutCancel(v.r.Context()), placeWait)
	defer cancel()
	select {
	case d.places <- struct{}{}:
	case <-enough.Done():
		return nil, refuse(http.StatusServiceUnavailable, outcomeBusy, "as many requests as the door can hold are being worked on").after(time.Second)
	}
	v.holds = d.mayHold(v.r)
	if d.room.Acquire(enough, v.holds) != nil {
		<-d.places
		return nil, refuse(http.StatusServiceUnavailable, outcomeBusy, "as many bytes as the door can hold are being worked on").after(time.Second)
	}
	return func() { d.room.Release(v.holds); <-d.places }, nil
}

// mayHold is how many bytes of body a request can come to hold: what it promises, or as much as it may where it promises nothing or will
// be inflated. Room for it is taken before anything is read, because two that wait for more with half of it in hand would wait for ever.
func (d *door) mayHold(r *http.Request) int64 {
	most := int64(d.limits.RequestBytesMax)
	if r.ContentLength >= 0 && r.Header.Get("Content-Encoding") == "" {
		most = min(most, r.ContentLength)
	}
	return min(most, d.roomMax)
}

// holdsOnly gives back the room that a body did not need.
func (d *door) holdsOnly(v *visit, bytes int) {
	if spare := v.holds - int64(bytes); spare > 0 {
		d.room.Release(spare)
		v.holds -= spare
	}
}

// passOver reads what is left of a body and keeps nothing of it. Many senders read no answer before they have sent all: they would find
// their connection cut, and not hear when to come again. Who asks before sending (RFC 9110 section 10.1.1) is told at once.
func (d *door) passOver(r *http.Request) {
	if r.Header.Get("Expect") == "" {
		_, _ = io.CopyN(io.Discard, r.Body, int64(d.limits.RequestBytesMax)) // the answer is the same, whatever is found
	}
}
