package processors

import (
	"time"

	"waybill/schemas"
)

// leaveWithin is how long before an order has to have left somebody begins to look whether it will.
const leaveWithin = schemas.Millis(5 * time.Hour / time.Millisecond)

// beforeLeaving are the shares of that at which it is said that it has not: four hours before, one hour before, and when it is late.
var beforeLeaving = []int64{20, 80, 100}

// What an order lacks that has not left, as stable words.
const (
	notPacked = "not_packed"
	noLabel   = "no_label"
	noPickup  = "no_pickup"
)

// expectToLeave says that an order has not left, if it has to soon, and that it has after all. It asks to be woken when there is more to say.
func (r *requesting) expectToLeave() *Wake {
	k, by := r.known, r.leavesBy()
	party, _, _ := schemas.SplitOrderID(r.event.Key)
	if by == nil {
		r.said = append(r.said, tellCame(r.event, party, k.Leaving)...)
		k.Leaving = nil
		return nil
	}
	if k.Leaving == nil || k.Leaving.Due != *by {
		k.Leaving = &schemas.Expectation{What: schemas.MissingHandedOver, Since: *by - leaveWithin, Due: *by}
	}
	for _, m := range tellMissing(r.event, party, k.Leaving, beforeLeaving) {
		m.Value.(*schemas.Missing).Reason = r.lacks()
		r.said = append(r.said, m)
	}
	return nextWake(k.Leaving, beforeLeaving)
}

// leavesBy is when an order has to have left; nil if it has, if it never will, or if nobody says.
func (r *requesting) leavesBy() *schemas.Millis {
	o := r.order
	if o == nil || o.Status != schemas.StatusReady || o.FulfilledBy != "" && o.FulfilledBy != schemas.FulfilledBySeller || schemas.IsSynthetic(o.OrderID) || r.hasLeft() {
		return nil
	}
	return o.ShipBy
}

// hasLeft tells whether all pieces that are wanted have left. Of what left without a label of ours, nobody knows what is in it: it is taken for all.
func (r *requesting) hasLeft() bool {
	left := map[string]int64{}
	for _, sh := range r.known.Shipments {
		if sh.State != schemas.ShipmentHandedOver {
			continue
		}
		if len(sh.Lines) == 0 {
			return true
		}
		for _, l := range sh.Lines {
			left[l.LineRef] += l.Quantity
		}
	}
	_, state := r.order.Fulfilment(left)
	return state == schemas.FulfilmentComplete
}

// lacks is what an order that has not left lacks first.
func (r *requesting) lacks() string {
	why := notPacked
	for i := range r.known.Shipments {
		switch sh := &r.known.Shipments[i]; {
		case sh.State == schemas.ShipmentHandedOver, sh.State == schemas.ShipmentCancelled, sh.State == "":
		case sh.State == schemas.ShipmentRequested && isLabelled(sh):
			if why == notPacked {
				why = noPickup
			}
		default:
			return noLabel
		}
	}
	return why
}
