package kaufland

import (
	"time"

	"waybill/internal/sandbox/wire"
)

// The specification's statuses of a unit.
const (
	open         = "open"
	needToBeSent = "need_to_be_sent"
	sent         = "sent"
	autopaid     = "sent_and_autopaid"
	received     = "received"
	returned     = "returned"
	returnedPaid = "returned_paid"
	cancelled    = "cancelled"
)

// sale is an order in the making.
type sale struct {
	dice   *wire.Dice
	market Market
	number uint64 // of its references
	store  *store
	shown  string // the store's code as this order spells it
	order  order
	who    wire.Person

	placed  time.Time
	updated time.Time
}

// start buys: all is decided, but for a while the addresses are hidden.
func (m Market) start(n, purpose uint64, atLeastUnits int) *sale {
	return m.startAt(n, purpose, atLeastUnits, time.Time{})
}

// startAt buys at a moment; none means the order's own. All else stays the same.
func (m Market) startAt(n, purpose uint64, atLeastUnits int, placed time.Time) *sale {
	d := wire.Throw(uint64(m), n, purpose)
	s := &sale{dice: d, market: m, number: 2 * n, store: stores[d.Weighted(shares...)]}
	if purpose == forBroken {
		s.number++
	}
	s.placed = opens.Add((time.Duration(n)*137*time.Millisecond + time.Duration(d.Below(6*3600))*time.Second).Truncate(time.Second))
	if !placed.IsZero() {
		s.placed = placed
	}
	s.updated = s.placed
	s.shown = s.spell(s.store.code)
	s.order = order{
		IDOrder:         m.reference(s.number),
		Created:         wire.Instant(s.placed),
		DeemedSupplier:  boolean{is: d.Chance(40), text: d.Chance(60)},
		Storefront:      s.shown,
		FulfillmentType: "fulfilled_by_merchant",
		Listed:          d.Chance(500),
	}
	if d.Chance(30) {
		s.order.FulfillmentType = "fulfilled_by_kaufland"
	}
	s.who = s.someone()
	s.order.Buyer = s.buyer()
	s.fillBasket(max(atLeastUnits, s.basketSize()))
	s.stamp(all)
	return s
}

// proceed lets the order come as far as most have when they are first seen.
func (s *sale) proceed() {
	switch s.dice.Weighted(110, 690, 30, 110, 35, 25) {
	case 0:
		if s.dice.Chance(300) {
			s.order.Buyer = nil
		}
	case 1:
		s.release()
	case 2:
		s.release()
		s.send(some(s.dice))
	case 3:
		s.release()
		s.send(all)
		if s.dice.Chance(400) {
			s.finish()
		}
	case 4:
		if s.dice.Chance(600) {
			s.release()
		}
		s.cancel(all)
	case 5:
		s.release()
		s.cancel(one(s.dice, len(s.order.Units)))
	}
}

// change is what happens between two versions.
func (s *sale) change() {
	switch {
	case s.any(open):
		s.changeOpen()
	case s.any(needToBeSent):
		s.changeReady()
	case s.cancelled():
		s.touch()
	default:
		s.finish()
	}
}

func (s *sale) changeOpen() {
	switch s.dice.Weighted(75, 15, 10) {
	case 0:
		s.release()
	case 1:
		s.cancel(all)
	default:
		s.touch()
	}
}

func (s *sale) changeReady() {
	d := s.dice
	switch d.Weighted(40, 12, 15, 13, 10, 10) {
	case 0:
		s.send(all)
	case 1:
		s.send(some(d))
	case 2:
		s.cancel(one(d, len(s.order.Units)))
	case 3:
		s.cancel(all)
	case 4:
		s.move()
	default:
		s.touch()
	}
}

// wait moves the order's clock on, by whole seconds.
func (s *sale) wait(least, most time.Duration) {
	s.updated = s.updated.Add(least + time.Duration(s.dice.Below(int((most-least)/time.Second)))*time.Second)
}
