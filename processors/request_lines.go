package processors

import (
	"cmp"
	"slices"

	"waybill/schemas"
)

// Which pieces are in a shipment: over all shipments of an order never more than were ordered and are not cancelled.

// linesFor are the pieces that a shipment takes: of the articles that the ERP names, or all that are left. What the channel has not sold, a
// gift or a leaflet, goes along and is no line's; but if there is nothing else in it, somebody packed another article than was ordered, and
// only of an order of one line is it known for which.
func (r *requesting) linesFor(sh *schemas.ShipmentStanding) (lines []schemas.ShipmentLine, whyNot string) {
	left := r.left(sh)
	take := func(i int, most int64) (taken int64) {
		if taken = max(0, min(most, left[i])); taken > 0 {
			lines = append(lines, r.lineOf(sh, r.order.Lines[i], taken))
			left[i] -= taken
		}
		return taken
	}
	strange := int64(0)
	for _, article := range sh.Articles {
		wanted, known := article.Quantity, false
		for i := range r.order.Lines {
			if r.order.Lines[i].Article() == article.SKU {
				known = true
				wanted -= take(i, wanted)
			}
		}
		switch {
		case !known:
			strange += article.Quantity
		case wanted > 0:
			return nil, schemas.HeldNothingLeft
		}
	}
	switch {
	case len(lines) > 0:
	case strange > 0 && len(left) > 1:
		return nil, schemas.HeldUnknownArticle
	default:
		for i := range left {
			take(i, cmp.Or(strange, left[i]))
		}
	}
	if lines == nil {
		return nil, schemas.HeldNothingLeft
	}
	return lines, ""
}

func (r *requesting) lineOf(sh *schemas.ShipmentStanding, l schemas.Line, quantity int64) schemas.ShipmentLine {
	line := schemas.ShipmentLine{LineRef: l.LineRef, SKU: l.SKU, Quantity: quantity}
	var taken []string
	for _, other := range r.others(sh) {
		for _, theirs := range other.Lines {
			taken = append(taken, theirs.UnitRefs...)
		}
	}
	for _, unit := range l.UnitRefs {
		if int64(len(line.UnitRefs)) < quantity && !slices.Contains(taken, unit) {
			line.UnitRefs = append(line.UnitRefs, unit)
		}
	}
	return line
}

// left are the pieces of each line that no other shipment has.
func (r *requesting) left(sh *schemas.ShipmentStanding) []int64 {
	left := make([]int64, len(r.order.Lines))
	for i, l := range r.order.Lines {
		if !r.order.LeavesNothing(&l) {
			left[i] = l.Quantity - l.Cancelled
		}
		for _, other := range r.others(sh) {
			for _, theirs := range other.Lines {
				if theirs.LineRef == l.LineRef {
					left[i] -= theirs.Quantity
				}
			}
		}
	}
	return left
}

// others are the shipments of the order beside one, with the pieces that they have.
func (r *requesting) others(sh *schemas.ShipmentStanding) []schemas.ShipmentStanding {
	return slices.DeleteFunc(slices.Clone(r.known.Shipments), func(other schemas.ShipmentStanding) bool { return other.Ref == sh.Ref })
}

// exceeds tells whether a shipment has pieces that are not wanted any more. The one that came last has to give way.
func (r *requesting) exceeds(sh *schemas.ShipmentStanding) bool {
	for _, mine := range sh.Lines {
		at := slices.IndexFunc(r.order.Lines, func(l schemas.Line) bool { return l.LineRef == mine.LineRef })
		if at < 0 {
			return true
		}
		left := r.order.Lines[at].Quantity - r.order.Lines[at].Cancelled
		for _, one := range r.known.Shipments {
			for _, line := range one.Lines {
				if line.LineRef == mine.LineRef {
					left -= line.Quantity
				}
			}
			if one.Ref == sh.Ref {
				break
			}
		}
		if left < 0 {
			return true
		}
	}
	return false
}

// goodsIn is what those pieces were sold for.
func goodsIn(o *schemas.Order, lines []schemas.ShipmentLine) *schemas.Money {
	goods := schemas.Money{Currency: o.Total.Currency}
	for _, mine := range lines {
		for _, l := range o.Lines {
			if l.LineRef == mine.LineRef && l.UnitPrice.Currency == goods.Currency {
				goods.Minor += l.UnitPrice.Minor * mine.Quantity
			}
		}
	}
	return &goods
}
