package kaufland

import (
	"slices"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// state is how far a unit is.
type state int

const (
	waiting   state = iota // it must not be shipped yet
	ready                  // it is to be shipped
	shipped                // it has left, whatever became of it
	cancelled              // it must not be shipped any more
)

// toSend tells whether it is still to leave, now or later.
func (s state) toSend() bool { return s == waiting || s == ready }

// stateOf reads a unit's status; known is false if the specification does not have it.
func stateOf(status string) (s state, known bool) {
	switch status {
	case "open": // for some minutes, in which the buyer can think better of it; addresses are hidden until then
		return waiting, true
	case "need_to_be_sent":
		return ready, true
	case "sent", "sent_and_autopaid", "received", "returned", "returned_paid":
		return shipped, true
	case "cancelled":
		return cancelled, true
	}
	return waiting, false
}

// judge says how far each unit is, and with that the order. A line can not say that some of its pieces have to wait, so one unit
// that must not be shipped yet holds back the order: nothing is shipped that is not ready. What is ready beside it is not lost, for
// the order comes again when that unit moves on.
func (t *translation) judge() {
	var count [cancelled + 1]int
	for _, u := range t.units {
		t.judgeUnit(u)
		if u.status != "" { // of a fault nothing follows
			count[u.state]++
		}
	}
	o := t.order
	switch {
	case count[waiting] > 0:
		o.Status = schemas.StatusPending
	case count[ready] > 0:
		o.Status = schemas.StatusReady
	case count[shipped] > 0:
		o.Status = schemas.StatusShipped
	default:
		o.Status = schemas.StatusCancelled
	}
	o.ChannelStatus, o.FulfilledBy = statuses(t.units), t.fulfiller()
}

// judgeUnit takes a status that nobody knows for one that must wait: Kaufland has used some for years before it wrote them down
// (github.com/hitmeister/api-sdk-php, issue 35).
func (t *translation) judgeUnit(u *unit) {
	var known bool
	u.state, known = stateOf(u.status)
	switch {
	case u.status == "":
		t.found.Add(reading.MissingStatus, u.where.at(".status"), "no status, so nobody knows whether to ship")
	case !known:
		t.warn(reading.UnknownStatus, u.where.at(".status"), "a status that Kaufland's specification does not have: the order waits")
	}
	if fulfilledBy(u) == "" && u.state.toSend() {
		path := u.where.at(".fulfillment_type")
		if u.fulfillment == "" {
			path = u.headField(".fulfillment_type")
		}
		t.warn(reading.UnknownProvider, path, "neither the merchant nor Kaufland ships it: the order waits")
		u.state = waiting
	}
}

// fulfilledBy is who ships a unit, "" if nobody knows. Unless it is told, the seller does: lists have no other orders.
func fulfilledBy(u *unit) string {
	switch either(u.fulfillment, u.head.fulfillment) {
	case "fulfilled_by_kaufland":
		return schemas.FulfilledByChannel
	case "fulfilled_by_merchant", "":
		return schemas.FulfilledBySeller
	}
	return ""
}

// fulfiller is the seller as soon as one unit is his to ship.
func (t *translation) fulfiller() string {
	for _, u := range t.units {
		if fulfilledBy(u) != schemas.FulfilledByChannel {
			return schemas.FulfilledBySeller
		}
	}
	return schemas.FulfilledByChannel
}

// Bounds of the order's status in Kaufland's words.
const (
	statusesMax    = 8
	statusBytesMax = 64
)

// statuses are those of the units, each once, in order of first appearance; of a cancelled unit with the reason.
func statuses(units []*unit) string {
	var all []string
	for _, u := range units {
		status := u.status
		if u.state == cancelled && u.cancelReason != "" {
			status += "/" + u.cancelReason
		}
		if len(all) < statusesMax && len(status) <= statusBytesMax && !slices.Contains(all, status) {
			all = append(all, status)
		}
	}
	return strings.Join(all, ", ")
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
