package allegro

import (
	"fmt"
	"time"

	"waybill/internal/sandbox/wire"
)

// Market is all of Allegro as one seed makes it up. Every order comes from the seed and its number
// alone, so any version of it can be written again at any time, byte for byte.
type Market uint64

// opens is the moment of the first purchase; an order number later is a few moments later.
var opens = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// What a dice is for, so that the good and the broken orders of a seed share nothing.
const (
	forOrder uint64 = iota + 1
	forChange
	forBroken
	forCombined
	forRevision
	forEvent
)

// Order writes order n at a version: 1 as it first arrives, then one change a version.
func (m Market) Order(n uint64, version int) wire.Sheet {
	s, cancels := m.at(n, version)
	sheet := s.sheet(version)
	sheet.Cancels = cancels
	return sheet
}

// at is order n at a version, and whether that version takes it back.
func (m Market) at(n uint64, version int) (s *sale, cancels bool) {
	s = start(wire.Throw(uint64(m), n, forOrder), n, 1)
	s.proceed()
	s.settle()
	for v := 2; v <= version; v++ {
		s.dice = wire.Throw(uint64(m), n, forChange, uint64(v))
		cancels = s.change()
		s.settle()
	}
	return s, cancels
}

// date says of the form when it last changed, and which revision it is.
func (s *sale) date(version int) {
	s.form.UpdatedAt = wire.Instant(s.updated)
	s.form.Revision = fmt.Sprintf("%08x", s.mark+uint32(version)*0x9e3779b1)
}

// sheet writes the order down, with what its reader must find in it.
func (s *sale) sheet(version int) wire.Sheet {
	s.date(version)
	line := make(wire.Line, 0, 2048+640*len(s.form.LineItems)) // most fit
	wire.Element(&line, &s.form, (*checkoutForm).write)
	return wire.Sheet{
		Body:     line,
		Ref:      s.form.ID,
		Revision: s.form.Revision,
		Status:   s.form.Status,
		Currency: s.site.currency,
		Total:    wire.Cents(s.asked),
		Lines:    len(s.form.LineItems),
	}
}
