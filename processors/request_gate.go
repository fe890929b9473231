package processors

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"waybill/schemas"
)

// whys are the reasons for people.
var whys = map[string]string{
	schemas.HeldOrderUnknown:   "nothing was heard of its order yet",
	schemas.HeldCancelled:      "its order is cancelled",
	schemas.HeldUnpaid:         "its channel does not say yet that the seller may ship: it may never be paid",
	schemas.HeldOnHold:         "the buyer has asked for pieces of it to be cancelled",
	schemas.HeldShipped:        "its channel knows it as shipped already",
	schemas.HeldElsewhere:      "the seller does not ship it",
	schemas.HeldNoAddress:      "its order says not where it goes",
	schemas.HeldAddressChanged: "it goes to another address now",
	schemas.HeldNoWeight:       "a parcel of it was not weighed: weigh it in the ERP",
	schemas.HeldNotScanned:     "nothing of it was scanned: 'waybill scan'",
	schemas.HeldNoCarrier:      "no carrier is set for where it goes: see the setting ship_with of its party",
	schemas.HeldNothingLeft:    "there is more in it than was ordered, and is not cancelled or in another shipment",
	schemas.HeldUnknownArticle: "nothing in it has a code that was ordered: in the ERP, give the article the code it is sold by, and pack it again",
	schemas.HeldPackedAnew:     "it was packed anew",
	schemas.HeldNotReady:       "the ERP says that it is not ready any more",
	schemas.HeldLabelled:       "it was packed anew, and keeps the label that was bought: 'waybill label' buys another",
	schemas.HeldVoided:         "its label was taken back: 'waybill label' buys another",
	schemas.HeldAgain:          "a person wants another label for it",
	schemas.HeldLeftWithout:    "it has left without a label of ours",
}

// whyNot is why there is to be no label as the order stands now; "" if nothing is known that speaks against it. Of one that was bought, it
// is why it is to be taken back.
func (r *requesting) whyNot(sh *schemas.ShipmentStanding, bought bool) string {
	o := r.order
	switch {
	case sh.Told == schemas.ERPUnready:
		return schemas.HeldNotReady
	case o == nil:
		return schemas.HeldOrderUnknown
	case o.Status == schemas.StatusCancelled:
		return schemas.HeldCancelled
	case r.exceeds(sh):
		return schemas.HeldNothingLeft
	case bought:
		return ""
	case o.Status == schemas.StatusPending:
		return schemas.HeldUnpaid
	case slices.ContainsFunc(o.Lines, func(l schemas.Line) bool { return l.CancelRequested }):
		return schemas.HeldOnHold
	case o.Status == schemas.StatusShipped && sh.State != schemas.ShipmentRequested:
		return schemas.HeldShipped
	case o.FulfilledBy != "" && o.FulfilledBy != schemas.FulfilledBySeller:
		return schemas.HeldElsewhere
	case o.ShipTo == nil && o.PickupPoint == nil:
		return schemas.HeldNoAddress
	case slices.ContainsFunc(sh.Packed, func(p schemas.PackedParcel) bool { return p.Grams <= 0 }):
		return schemas.HeldNoWeight
	}
	return ""
}

// route is which carrier takes it where it goes.
func (r *requesting) route() (Route, string) {
	country := ""
	if r.order.ShipTo != nil {
		country = r.order.ShipTo.Country
	}
	if country == "" && r.order.PickupPoint != nil {
		country = r.order.PickupPoint.Country
	}
	terms := r.sources.terms(r.order.Party)
	if to, is := terms.Shipping.route(country, r.order.PickupPoint != nil); is {
		return to, ""
	}
	return Route{}, schemas.HeldNoCarrier
}

// destinationOf is a hash of where an order goes: the same as long as a label that was printed before leads there.
func destinationOf(o *schemas.Order) string {
	var to []string
	if p := o.ShipTo; p != nil {
		to = append(to, p.Name, p.Company, p.Street, p.PostalCode, p.City, p.Region, p.Country)
	}
	if p := o.PickupPoint; p != nil {
		to = append(to, "at", p.Ref)
	}
	return hashOf(to)
}

// contentOf is a hash of how a shipment is packed: the same whether nothing is nil or empty, which a table does not tell apart.
func contentOf(sh *schemas.ShipmentStanding) string {
	packed := []any{len(sh.Packed)}
	for _, p := range sh.Packed {
		packed = append(packed, p)
	}
	for _, a := range sh.Articles {
		packed = append(packed, a)
	}
	return hashOf(packed)
}

func hashOf(v any) string {
	b, _ := json.Marshal(v) // of texts and numbers, which always can
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// personFor is who a shipment goes to. Who sends the carrier's word to them is often the buyer's address alone.
func personFor(o *schemas.Order) *schemas.Person {
	var to schemas.Person
	if o.ShipTo != nil {
		to = *o.ShipTo
	}
	if b := o.Buyer; b != nil {
		to.Name, to.Email, to.Phone = cmp.Or(to.Name, to.Company, b.Name), cmp.Or(to.Email, b.Email), cmp.Or(to.Phone, b.Phone)
	}
	if p := o.PickupPoint; p != nil && o.ShipTo == nil {
		to.Street, to.PostalCode, to.City, to.Country = p.Street, p.PostalCode, p.City, p.Country
	}
	return &to
}
