package allegro

import (
	"fmt"
	"slices"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/wire"
)

// Combine lets the buyer pay two purchases together that are not paid yet: their forms vanish, and one with another id has the line items
// of both, which keep theirs, and is ready (ALL#589, ALL#2829). In reality both are one buyer's; here the second is taken for the first's.
func (a *API) Combine(first, second uint64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	one, other := a.numbers[first], a.numbers[second]
	switch {
	case one == nil || other == nil || one == other:
		return fmt.Errorf("combine orders %d and %d: both must be there, and two", first, second)
	case !a.isOpen(one) || !a.isOpen(other):
		return fmt.Errorf("combine orders %d and %d: both must be unpaid, and not changed here", first, second)
	case a.sale(one).site != a.sale(other).site:
		return fmt.Errorf("combine orders %d and %d: both must be bought at one site", first, second)
	}
	a.combine(one, other)
	return nil
}

// combinedPerMille is how often a purchase that is not paid yet is paid together with the last one before it.
const combinedPerMille = 200

// combineByChance pays a purchase together with the last that is not paid yet, among the few before it.
func (a *API) combineByChance(h *held) {
	const few = 30
	if !a.isOpen(h) || !wire.Throw(uint64(a.market), h.number, forCombined).Chance(combinedPerMille) {
		return
	}
	before := a.listed[max(0, len(a.listed)-1-few) : len(a.listed)-1]
	for _, other := range slices.Backward(before) {
		if a.isOpen(other) && a.sale(other).site == a.sale(h).site {
			a.combine(other, h)
			return
		}
	}
}

// isOpen tells that a purchase is not paid, and nothing else was done with it.
func (a *API) isOpen(h *held) bool {
	return h.with == nil && (h.status == bought || h.status == filledIn) && !h.isOverlaid()
}

func (a *API) combine(one, other *held) {
	h := &held{number: one.number, version: one.version, with: other}
	s := a.sale(h)
	h.ref, h.boughtAt = s.form.ID, one.boughtAt
	for _, gone := range []*held{one, other} {
		delete(a.forms, gone.ref)
		a.numbers[gone.number] = h
	}
	a.listed = slices.DeleteFunc(a.listed, func(listed *held) bool { return listed == one || listed == other })
	a.take(h, s)
	a.books.Enter("market.combine", one.ref+" "+other.ref, h.ref, ledger.Answered)
	a.announce(h, readyEvent)
}

// join puts the other's goods into the order and pays for all.
func (s *sale) join(m Market, other *sale) {
	s.dice = wire.Throw(uint64(m), s.number, other.number, forCombined)
	s.form.ID, s.mark = wire.UUID(s.dice, s.updated), uint32(s.dice.Next())
	s.form.LineItems = append(s.form.LineItems, other.form.LineItems...)
	s.goods += other.goods
	if other.updated.After(s.updated) {
		s.updated = other.updated
	}
	s.pay()
	s.settle()
	s.date(1)
}
