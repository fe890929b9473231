package sandbox

import "waybill/internal/sandbox/wire"

// horizon bounds how many payloads later something repeats, amends or breaks in.
const horizon = 256

// stream decides what comes when. It holds only what is still to come within the horizon, by number.
type stream struct {
	channel channel
	dice    *wire.Dice

	orders, made               int
	broken                     uint64 // made so far
	amendments, repeats, bogus quota

	position int             // payloads sent
	later    [horizon][]task // by the position at which they are due, modulo horizon
	waiting  int             // tasks in later
	due      []task
}

// task is a payload to send: a version of an order or, at version 0, a broken one.
type task struct {
	order      uint64
	version    int
	amendments int // of this order, still to come
	repeat     bool
}

func newStream(o Options, c channel) *stream {
	amendments, duplicates, broken := o.count(o.Amendments), o.count(o.Duplicates), o.count(o.Broken)
	return &stream{
		channel:    c,
		dice:       wire.Throw(o.Seed, 0x73747265616d),
		orders:     o.Orders,
		amendments: quota{left: amendments, among: o.Orders},
		repeats:    quota{left: duplicates, among: o.Orders + amendments},
		bogus:      quota{left: broken, among: o.Orders},
	}
}

func (s *stream) run(yield func(Payload) bool) {
	for {
		next, more := s.next()
		if !more {
			return
		}
		s.schedule(next)
		s.position++
		if !yield(s.write(next)) {
			return
		}
	}
}

// next is what is due, else a new order; at the end, time passes until the last task is due.
func (s *stream) next() (task, bool) {
	for {
		slot := &s.later[s.position%horizon]
		s.due = append(s.due, *slot...)
		s.waiting -= len(*slot)
		*slot = (*slot)[:0]
		switch {
		case len(s.due) > 0:
			first := s.due[0]
			s.due = append(s.due[:0], s.due[1:]...)
			return first, true
		case s.made < s.orders:
			s.made++
			return task{order: uint64(s.made), version: 1, amendments: s.amendments.take(s.dice)}, true
		case s.waiting == 0:
			return task{}, false
		}
		s.position++
	}
}

// schedule puts on the list what follows from sending a good payload.
func (s *stream) schedule(sent task) {
	if sent.repeat || sent.version == 0 {
		return
	}
	if sent.version == 1 {
		for range s.bogus.take(s.dice) {
			s.broken++
			s.remind(task{order: s.broken})
		}
	}
	if sent.amendments > 0 {
		s.remind(task{order: sent.order, version: sent.version + 1, amendments: sent.amendments - 1})
	}
	for range s.repeats.take(s.dice) {
		s.remind(task{order: sent.order, version: sent.version, repeat: true})
	}
}

func (s *stream) remind(t task) {
	due := (s.position + s.dice.Between(1, horizon-1)) % horizon
	s.later[due] = append(s.later[due], t)
	s.waiting++
}

func (s *stream) write(t task) Payload {
	if t.version == 0 {
		return payload(s.channel.Broken(t.order), Broken, t.order, 1)
	}
	sheet, kind := s.channel.Order(t.order, t.version), New
	switch {
	case t.repeat:
		kind = Duplicate
	case sheet.Cancels:
		kind = Cancellation
	case t.version > 1:
		kind = Amendment
	}
	return payload(sheet, kind, t.order, t.version)
}

func payload(s wire.Sheet, kind Kind, number uint64, version int) Payload {
	return Payload{
		Body: s.Body, Ref: s.Ref, Kind: kind, Number: number, Version: version, Revision: s.Revision, Fault: s.Fault,
		Status: s.Status, Currency: s.Currency, Total: s.Total, Lines: s.Lines,
	}
}

// quota spreads a number over a known number of occasions by chance, and hits it exactly.
type quota struct{ left, among int }

func (q *quota) take(d *wire.Dice) int {
	share := q.left / q.among
	if d.Below(q.among) < q.left%q.among {
		share++
	}
	q.left -= share
	q.among--
	return share
}
