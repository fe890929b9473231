package processors

import (
	"fmt"
	"slices"

	"waybill/schemas"
)

// deviation is by how much, in per cent, a shipment may weigh another than its goods do by id.catalogue, before that is told: what is wrapped around
// them weighs something too (item 86).
const deviation = 20

// oddWeight is a warning about what a shipment weighs; "" if it is near what its goods do, or nobody knows that of each.
func (r *requesting) oddWeight(sh *schemas.ShipmentStanding, lines []schemas.ShipmentLine) (string, error) {
	if r.sources.Catalogue == nil {
		return "", nil
	}
	goods, weighed := int64(0), int64(0)
	for _, mine := range lines {
		at := slices.IndexFunc(r.order.Lines, func(l schemas.Line) bool { return l.LineRef == mine.LineRef })
		if at < 0 {
			return "", nil
		}
		entry, err := r.sources.Catalogue.Offer(schemas.OfferKey(r.order.Party, OfferOf(&r.order.Lines[at])))
		if err != nil || entry == nil || entry.Grams == 0 {
			return "", err
		}
		goods += entry.Grams * mine.Quantity
	}
	for _, p := range sh.Packed {
		weighed += p.Grams
	}
	if off := max(goods-weighed, weighed-goods); goods == 0 || off*100 <= goods*deviation {
		return "", nil
	}
	return fmt.Sprintf("it weighs %d g, and its goods %d g by the catalogue: look what is in it", weighed, goods), nil
}
