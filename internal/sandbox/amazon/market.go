package amazon

import (
	"time"

	"waybill/internal/sandbox/wire"
)

// Market is all of Amazon as one seed makes it up. Every order comes from the seed and its number
// alone, so any version of it can be written again at any time, byte for byte.
type Market uint64

// opens is the moment of the first purchase; an order number later is a few moments later.
var opens = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// What a dice is for, so that the good and the broken orders of a seed share nothing, nor two channels.
const (
	forOrder uint64 = iota + 101
	forChange
	forBroken
	forReferences
	forNotification
)

// Order writes order n at a version: 1 as it first arrives, then one change a version.
func (m Market) Order(n uint64, version int) wire.Sheet {
	s, cancels := m.sale(n, version)
	sheet := s.sheet()
	sheet.Cancels = cancels
	return sheet
}

// sale is order n at a version, and whether that version took it back.
func (m Market) sale(n uint64, version int) (s *sale, cancels bool) {
	s = m.start(n, forOrder, 1)
	s.proceed()
	for v := 2; v <= version; v++ {
		s.dice = wire.Throw(uint64(m), n, forChange, uint64(v))
		cancels = s.change()
	}
	return s, cancels
}

// digits of a reference behind its site's prefix: no two orders of a seed share them.
func (m Market) digits(n, purpose uint64) string {
	const all = 100_000_000_000_000
	number := 2 * n
	if purpose == forBroken {
		number++
	}
	digits := wire.Padded(wire.Scatter(number, wire.Throw(uint64(m), forReferences).Next(), all), 10, 14)
	return "-" + digits[:7] + "-" + digits[7:]
}

// sheet writes the order down, with what its reader must find in it. An order that is not confirmed
// says no amounts: its total is nothing, in the currency of its marketplace.
func (s *sale) sheet() wire.Sheet {
	o, total := s.shown(), s.total
	if s.hides() {
		total = 0
	}
	line := make(wire.Line, 0, 1536+1024*len(o.OrderItems)) // most fit
	wire.Element(&line, &o, (*order).answer)
	return wire.Sheet{
		Body:     line,
		Ref:      o.OrderID,
		Revision: o.LastUpdatedTime,
		Status:   o.Fulfillment.FulfillmentStatus,
		Currency: s.site.currency,
		Total:    wire.Amount(total, s.site.decimals),
		Lines:    len(o.OrderItems),
	}
}

// shown is the order as it is told.
func (s *sale) shown() order {
	o := s.order
	o.LastUpdatedTime = wire.Instant(s.updated)
	if s.hides() {
		o = s.withheld(o)
	}
	return o
}

// hides tells whether amounts and people are not told: not yet, or no more.
func (s *sale) hides() bool { return !s.confirmed || s.emptied }

// withheld is what Amazon says of an order that is pending, or was cancelled before it was ready: what
// was bought, but neither for how much nor by whom.
func (s *sale) withheld(o order) order {
	o.Buyer, o.Recipient, o.Proceeds, o.Payment, o.Tax = nil, nil, nil, nil, nil
	o.OrderItems = append([]orderItem(nil), o.OrderItems...)
	for i := range o.OrderItems {
		item := &o.OrderItems[i]
		item.Product.Price, item.Proceeds, item.PointsCost, item.PromotionIDs, item.Tax, item.Fulfillment = nil, nil, nil, nil, nil, nil
		if s.emptied {
			item.QuantityOrdered = 0
		}
	}
	return o
}
