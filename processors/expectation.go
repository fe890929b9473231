package processors

import (
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// Expectations are how soon things have to come, as the seller has settled it; 0: nobody waits for them.
type Expectations struct {
	Ready  time.Duration // the channel's word that an order can be processed, from when it was first heard of
	Placed time.Duration // the order in the ERP, from when it was ready
}

// wakeMissing is what a step wants to be woken for that expects something.
const wakeMissing = "missing"

// The shares of its time, in per cent, at which it is said that something is missing: once it is late, or already before.
var (
	onceLate  = []int64{100}
	inAdvance = []int64{50, 80, 100}
)

// expect begins to expect something, if it has a time.
func expect(what string, since schemas.Millis, within time.Duration) *schemas.Expectation {
	if within <= 0 {
		return nil
	}
	return &schemas.Expectation{What: what, Since: since, Due: since + schemas.Millis(within.Milliseconds())}
}

// shareAt is when so much of the time is over.
func shareAt(x *schemas.Expectation, share int64) schemas.Millis {
	return x.Since + (x.Due-x.Since)*schemas.Millis(share)/100
}

// nextWake is when there is something to say, if nothing comes; nil if all has been said.
func nextWake(x *schemas.Expectation, shares []int64) *Wake {
	if x != nil {
		for _, share := range shares {
			if share > x.Told {
				return &Wake{At: shareAt(x, share), What: wakeMissing}
			}
		}
	}
	return nil
}

// tellMissing says that something is missing, if so much of its time is over by now, and was not said before.
func tellMissing(event *topics.Event, party string, x *schemas.Expectation, shares []int64) (said []topics.Message) {
	return tellMissingOf(event, event.Key, party, x, shares)
}

// tellMissingOf says it of an order that is not the event's key.
func tellMissingOf(event *topics.Event, orderID, party string, x *schemas.Expectation, shares []int64) (said []topics.Message) {
	if x == nil {
		return nil
	}
	reached := int64(0)
	for _, share := range shares {
		if share > x.Told && event.At >= shareAt(x, share) {
			reached = share
		}
	}
	if reached == 0 {
		return nil
	}
	if event.At > x.Due+history {
		x.Told = untold
		return nil
	}
	x.Told = reached
	return []topics.Message{aboutMissing(event, orderID, party, x, schemas.StateMissing)}
}

// history is how long ago something was due that nobody wants to hear of any more: a step that reads what was kept for a month, as one does that
// is new, would cry out for each order of it.
const history = schemas.Millis(24 * 60 * 60 * 1000)

// untold stands for the share at which it was said of what is history.
const untold = 101

// tellCame says that something has come after all; nothing if nobody missed it.
func tellCame(event *topics.Event, party string, x *schemas.Expectation) (said []topics.Message) {
	return tellCameOf(event, event.Key, party, x)
}

// tellCameOf says it of an order that is not the event's key.
func tellCameOf(event *topics.Event, orderID, party string, x *schemas.Expectation) (said []topics.Message) {
	if x == nil || x.Told == 0 || x.Told == untold {
		return nil
	}
	return []topics.Message{aboutMissing(event, orderID, party, x, schemas.StateCame)}
}

func aboutMissing(event *topics.Event, orderID, party string, x *schemas.Expectation, state string) topics.Message {
	return topics.Message{Topic: topics.Missing, Key: orderID, Value: &schemas.Missing{
		OrderID: orderID, Party: party, What: x.What, State: state, Share: x.Told, Since: x.Since, Due: x.Due, At: event.At,
	}}
}
