package kaufland

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// deliver says that a parcel goes to a locker or shop, and with which carrier: a point of one can be served by another.
func (t *translation) deliver() {
	head := t.newest(func(u *unit) bool { return u.pickup != nil })
	if head == nil {
		return
	}
	p, o := head.pickup, t.order
	o.PickupPoint = &schemas.PickupPoint{Ref: p.id, Name: p.provider}
	o.DeliveryMethod, o.DeliveryMethodRef = either(p.carrier, p.provider), p.services
	if p.id == "" && o.Status == schemas.StatusReady {
		t.found.Add(reading.MissingID, head.headField(".delivery.pickup_location.pickup_location_id"), "ready to ship to a pick-up point, but nothing says to which")
	}
	if p.postNumber != "" && t.newest(func(u *unit) bool { return u.shipTo != nil }) == nil {
		t.warn(reading.Dropped, head.headField(".delivery.pickup_location.dhl_post_number"), "there is no address yet to put it in")
	}
}

// PostNumber stands in front of the number by which a DHL Packstation knows the addressee, in the street of the order's ship_to.
const PostNumber = "Postnummer "

// addPostNumber puts the addressee's post number where a label has it: in the address, which is also where personal data belongs.
// Without it DHL does not put the parcel into a Packstation.
func (t *translation) addPostNumber(a *address) {
	head := t.newest(func(u *unit) bool { return u.pickup != nil })
	if head == nil || head.pickup.postNumber == "" || strings.Contains(a.additional, head.pickup.postNumber) {
		return
	}
	t.order.ShipTo.Street = beside(t.order.ShipTo.Street, PostNumber+head.pickup.postNumber)
}
