package kaufland

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/wire"
)

// Market is all of Kaufland as one seed makes it up. Every order comes from the seed and its number
// alone, so any version of it can be written again at any time, byte for byte.
type Market uint64

// opens is the moment of the first purchase; an order number later is a few moments later.
var opens = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// What a dice is for, so that the good and the broken orders of a seed share nothing, nor two channels.
const (
	forOrder uint64 = iota + 201
	forChange
	forBroken
	forReferences
	forPush
)

// Order writes order n at a version: 1 as it first arrives, then one change a version.
func (m Market) Order(n uint64, version int) wire.Sheet {
	s, cancels := m.at(n, version)
	sheet := s.sheet()
	sheet.Cancels = cancels
	return sheet
}

// at is order n as it stands at a version, and whether that took it back.
func (m Market) at(n uint64, version int) (s *sale, cancels bool) {
	s = m.start(n, forOrder, 1)
	s.proceed()
	for v := 2; v <= version; v++ {
		s.dice = wire.Throw(uint64(m), n, forChange, uint64(v))
		before := s.cancelled()
		s.change()
		cancels = s.cancelled() && !before
	}
	return s, cancels
}

// reference is an order's: M and six letters or digits. No two of a seed are the same, nor two of seeds
// that are close to each other; after 34 million of a seed they have a letter more.
func (m Market) reference(number uint64) string {
	const lanes, perLane = 64, 36 * 36 * 36 * 36 * 36 * 36 / 64
	place := wire.Scatter(number, wire.Throw(uint64(m), forReferences).Next(), perLane)
	ref := "M" + wire.Padded(place*lanes+uint64(m)%lanes, 36, 6)
	if more := number / perLane; more > 0 {
		ref += strings.ToUpper(strconv.FormatUint(more, 36))
	}
	return ref
}

// unitID is that of one piece: fifteen digits, as live ones have.
func (m Market) unitID(number uint64, piece int) int64 {
	const first, all, most = 314_500_000_000_000, 100_000_000_000, 128
	return first + int64(wire.Scatter(number*most+uint64(piece), wire.Throw(uint64(m), forReferences, 1).Next(), all))
}

// sheet writes the order down, with what its reader must find in it.
func (s *sale) sheet() wire.Sheet {
	line := make(wire.Line, 0, 1280+1024*len(s.order.Units)) // most fit
	wire.Element(&line, &s.order, (*order).answer)
	return wire.Sheet{
		Body:     line,
		Ref:      s.order.IDOrder,
		Revision: s.order.UnitsUpdated,
		Status:   s.status(),
		Currency: s.store.currency,
		Total:    wire.Amount(s.total(), 2),
		Lines:    s.groups(),
	}
}

// status of the order is that of its units, which Kaufland alone states; where they differ, all of
// them, each once, as they come, with a plus between.
func (s *sale) status() string {
	var all []string
	for _, u := range s.order.Units {
		if !slices.Contains(all, u.Status) {
			all = append(all, u.Status)
		}
	}
	return strings.Join(all, "+")
}

// total is what the buyer pays for what is not cancelled; where all is, what he would have paid.
func (s *sale) total() (sum int64) {
	all := s.cancelled()
	for _, u := range s.order.Units {
		if all || u.Status != cancelled {
			sum += u.Price + u.ShippingRate
		}
	}
	return sum
}

// groups counts what a reader makes lines of: units of one offer (or product, where the offer is not
// told) at one price, the cancelled ones apart.
func (s *sale) groups() (lines int) {
	units := s.order.Units
	for i := range units {
		if !slices.ContainsFunc(units[:i], units[i].belongsWith) {
			lines++
		}
	}
	return lines
}

func (u unit) belongsWith(other unit) bool {
	switch {
	case u.Price != other.Price || (u.Status == cancelled) != (other.Status == cancelled) || (u.IDOffer == nil) != (other.IDOffer == nil):
		return false
	case u.IDOffer == nil:
		return u.Product.IDProduct == other.Product.IDProduct
	}
	return *u.IDOffer == *other.IDOffer
}
