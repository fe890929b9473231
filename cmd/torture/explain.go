package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// explanation looks for an order of events that is allowed and leads to just what stands on the topics. What came in is in order,
// and so is what came back; how the two were mixed, which versions of the pairs were seen, and where one transaction ended and the
// next began is not determined. Whatever of that was so: each record must be there, once, in its place, and the last row must be the
// state that follows from all of it.
type explanation struct {
	*story
	ctx      context.Context
	registry *schemas.Registry
	step     processors.Processor
	offers   *offers

	tried   int
	failed  map[[sha256.Size]byte]bool // places from which no way leads to the end
	deepest int                        // how many records the best attempt could account for
	why     string                     // and why it went no further
}

// triedMax bounds the search: no story that is true needs more.
const triedMax = 100_000

// place is how far a story was told.
type place struct {
	raw, back, rows int
	said            map[road]int
	known           known
	unwritten       bool // the row changed, and was not seen yet
}

func (p *place) far() int {
	far := p.raw + p.back + p.rows
	for _, n := range p.said {
		far += n
	}
	return far
}

// from tells the story on; ok is false if that leads nowhere. Most combinations of pairs lead to the same place, as long as one is
// missing: what was found out there once is kept.
func (e *explanation) from(p place) (end known, ok bool) {
	at := e.fingerprint(&p)
	if e.failed[at] {
		return known{}, false
	}
	if end, ok = e.goOn(p); !ok && e.tried <= triedMax {
		e.failed[at] = true
	}
	return end, ok
}

// fingerprint is the same for two places only if what can follow is the same.
func (e *explanation) fingerprint(p *place) (sum [sha256.Size]byte) {
	h := sha256.New()
	fmt.Fprintln(h, p.raw, p.back, p.rows, p.unwritten)
	for _, at := range e.roads() {
		fmt.Fprintln(h, p.said[at])
	}
	h.Write(plain(schemas.RowSchema, &p.known.row))
	h.Write(plain(schemas.OrderVersionsSchema, p.known.state))
	return [sha256.Size]byte(h.Sum(nil))
}

func (e *explanation) goOn(p place) (end known, ok bool) {
	if p.raw == len(e.raw) && p.back == len(e.back) {
		if left := e.leftOver(&p); left != "" {
			e.note(&p, left)
			return known{}, false
		}
		return p.known, true
	}
	if p.back < len(e.back) {
		next := p
		next.back++
		if end, ok = e.tell(p, next, e.back[p.back], (*consequence).cameBack); ok {
			return end, true
		}
	}
	if p.raw < len(e.raw) {
		next := p
		next.raw++
		return e.tell(p, next, e.raw[p.raw], (*consequence).newDelivery)
	}
	return known{}, false
}

// tell goes on with one record, for each combination of what the step can have seen when it looked things up.
func (e *explanation) tell(before, next place, r *record, do func(*consequence, *record) error) (end known, ok bool) {
	e.offers.begin()
	for more := true; more; {
		if e.tried++; e.tried > triedMax {
			e.why = "no explanation was found within the limit of the search"
			return known{}, false
		}
		c := &consequence{known: before.known.copied(), ctx: e.ctx, registry: e.registry, step: e.step, offers: e.offers, key: e.order}
		err := do(c, r)
		chosen, options := slices.Clone(e.offers.chosen), slices.Clone(e.offers.options)
		looked := len(options) // how many of the look-ups must be others
		if err != nil {
			e.note(&before, err.Error())
		} else if at, wrong, differs := e.follow(next, c); differs != "" {
			e.note(&at, differs)
			looked = wrong.looked
		} else if end, ok = e.from(at); ok {
			return end, true
		}
		e.offers.chosen, e.offers.options = chosen, options
		more = e.offers.again(looked)
	}
	return known{}, false
}

// follow finds what a record led to on the topics. differs says what is not as it must be, and wrong is the first such.
func (e *explanation) follow(p place, c *consequence) (at place, wrong *said, differs string) {
	counts := make(map[road]int, len(p.said))
	for at, n := range p.said {
		counts[at] = n
	}
	p.said, p.known = counts, c.known
	for i := range c.said {
		m := &c.said[i]
		on := road{m.topic, m.key}
		n := counts[on]
		if n == len(e.said[on]) {
			return p, m, fmt.Sprintf("lost: %s leads to a record on %s under %q that is not there", c.cause.position(), m.topic.Name, m.key)
		}
		if text := m.differs(e.said[on][n]); text != "" {
			return p, m, fmt.Sprintf("%s is not what %s leads to: %s", e.said[on][n].position(), c.cause.position(), text)
		}
		counts[on]++
	}
	p.unwritten = p.unwritten || c.changed
	if p.unwritten && p.rows < len(e.rows) && e.isRow(e.rows[p.rows], &p.known) {
		p.rows++
		p.unwritten = false
	}
	return p, nil, ""
}

// isRow tells whether a record of the table says what is known.
func (e *explanation) isRow(r *record, k *known) bool {
	row, is := r.Value.(*schemas.Row)
	if !is {
		return false
	}
	var state schemas.OrderVersions
	if err := e.registry.Decode(e.ctx, schemas.OrderVersionsSchema, row.State, &state); err != nil {
		return false
	}
	bare := *row
	bare.State = nil
	return bytes.Equal(plain(schemas.RowSchema, &bare), plain(schemas.RowSchema, &k.row)) &&
		bytes.Equal(plain(schemas.OrderVersionsSchema, &state), plain(schemas.OrderVersionsSchema, k.state))
}

// leftOver is what stands on the topics and follows from nothing.
func (e *explanation) leftOver(p *place) string {
	for _, at := range e.roads() {
		if n := p.said[at]; n < len(e.said[at]) {
			return fmt.Sprintf("doubled: nothing leads to %s", e.said[at][n].position())
		}
	}
	switch {
	case p.rows < len(e.rows):
		return fmt.Sprintf("table: %s is no state that the order was in", e.rows[p.rows].position())
	case p.unwritten:
		return "table: the last row of " + e.order + " is not the state that follows from all that came in"
	}
	return e.asleep(&p.known)
}

// asleep says that the order waits for a pair that is there: a round ends only when nothing is to be done.
func (e *explanation) asleep(k *known) string {
	if e.offers.came(k.row.WaitsFor) {
		return fmt.Sprintf("asleep: %s waits for %q, which has come", e.order, k.row.WaitsFor)
	}
	return ""
}

func (e *explanation) note(p *place, why string) {
	if far := p.far(); far >= e.deepest {
		e.deepest, e.why = far, why
	}
}

// wrongWakeUp is a wake-up that tells of a pair which has not come; "" if there is none.
func (e *explanation) wrongWakeUp() string {
	for _, r := range e.back {
		what := r.header("came")
		if what == "" {
			continue
		}
		at := topics.TableNormalize.Name + "/" + e.order
		if r.header(topics.HeaderCause) != at || r.header(topics.HeaderEventID) != at+"#0" || r.Value != nil {
			return r.position() + " is no word of a pair that came"
		}
		if !e.offers.came(what) {
			return fmt.Sprintf("%s says that %q came, which it has not", r.position(), what)
		}
	}
	return ""
}
