package kaufland

import (
	"time"

	"waybill/internal/sandbox/wire"
)

// choice says which of the units something happens to.
type choice func(i int) bool

func all(int) bool { return true }

// some are about half of them, by chance.
func some(d *wire.Dice) choice {
	bits := d.Next()
	return func(i int) bool { return bits>>(i%64)&1 == 1 }
}

func one(d *wire.Dice, of int) choice {
	chosen := d.Below(of)
	return func(i int) bool { return i == chosen }
}

// stamp notes when units changed. One at least did: what happened to none of those chosen is told by
// the first, so that no two versions have the same latest time.
func (s *sale) stamp(which choice) {
	at, none := wire.Instant(s.updated), true
	for i := range s.order.Units {
		if which(i) {
			s.order.Units[i].Updated, none = at, false
		}
	}
	if none {
		s.order.Units[0].Updated = at
	}
	s.order.UnitsUpdated = at
}

// put moves those units that are in one status to another.
func (s *sale) put(from, to string, which choice) {
	moved := make([]bool, len(s.order.Units))
	for i := range s.order.Units {
		if u := &s.order.Units[i]; u.Status == from && which(i) {
			u.Status, moved[i] = to, true
		}
	}
	s.stamp(func(i int) bool { return moved[i] })
}

// release ends the quarter of an hour in which the buyer may still cancel: addresses are shown now.
func (s *sale) release() {
	s.wait(15*time.Minute, 40*time.Minute)
	s.reveal()
}

func (s *sale) reveal() {
	s.put(open, needToBeSent, all)
	at := text(wire.Instant(s.updated))
	for i := range s.order.Units {
		s.order.Units[i].Received = at
	}
	s.show()
}

func (s *sale) send(which choice) {
	s.wait(time.Hour, 40*time.Hour)
	s.put(needToBeSent, sent, which)
}

// cancel takes back those units that have not been sent, and hides the addresses of some orders of
// which nothing is left.
func (s *sale) cancel(which choice) {
	s.wait(time.Minute, 6*time.Hour)
	why := wire.Pick(s.dice, reasons)
	gone := make([]bool, len(s.order.Units))
	for i := range s.order.Units {
		u := &s.order.Units[i]
		if gone[i] = which(i) && (u.Status == open || u.Status == needToBeSent); gone[i] {
			u.Status, u.CancelReason = cancelled, text(why)
		}
	}
	s.stamp(func(i int) bool { return gone[i] })
	if s.cancelled() && s.dice.Chance(300) {
		s.order.BillingAddress, s.order.ShippingAddress, s.order.Delivery = nil, nil, nil
	}
}

// finish is what becomes of a sent unit; Kaufland alone decides.
func (s *sale) finish() {
	s.wait(24*time.Hour, 200*time.Hour)
	which := choice(all)
	if s.dice.Chance(400) {
		which = some(s.dice)
	}
	switch {
	case s.any(returned):
		s.put(returned, returnedPaid, which)
	case s.any(received) && s.dice.Chance(300):
		s.put(received, returned, which)
	default:
		s.put(sent, []string{received, autopaid, returned}[s.dice.Weighted(60, 30, 10)], which)
	}
	if s.dice.Chance(300) && s.order.Invoices == nil {
		s.order.Invoices = []invoice{{
			ID: int64(s.dice.Between(100_000_000, 999_999_999)), IDOrder: s.order.IDOrder, Created: wire.Instant(s.updated), Store: s.shown,
		}}
	}
}

// touch changes a unit in something that is not its status: a buyer opens a ticket, or writes a note.
func (s *sale) touch() {
	s.wait(time.Minute, 6*time.Hour)
	at := s.dice.Below(len(s.order.Units))
	u := &s.order.Units[at]
	if s.dice.Chance(300) {
		u.Tickets = []ticket{{
			ID: "001" + s.dice.Digits(7), Units: []int64{u.IDOrderUnit}, IDBuyer: int64(s.dice.Between(10_000_000, 99_999_999)),
			Created: wire.Instant(s.updated), Topic: text("delivery_change_address"), IsSeller: s.dice.Chance(500),
		}}
	} else {
		u.Note = text(wire.Pick(s.dice, notes) + " (" + wire.Instant(s.updated) + ")")
	}
	s.stamp(func(i int) bool { return i == at })
}

// move changes where the goods go.
func (s *sale) move() {
	s.wait(time.Minute, 6*time.Hour)
	s.order.ShippingAddress = s.address(s.someone())
	s.stamp(all)
}

func (s *sale) any(status string) bool {
	for _, u := range s.order.Units {
		if u.Status == status {
			return true
		}
	}
	return false
}

// cancelled tells that nothing is left of the order.
func (s *sale) cancelled() bool {
	for _, u := range s.order.Units {
		if u.Status != cancelled {
			return false
		}
	}
	return true
}
