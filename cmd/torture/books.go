package main

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"waybill/internal/sandbox"
	"waybill/schemas"
	"waybill/topics"
)

// books are kept of one stream of orders: what was fed and what the doors answered. They know nothing of what became of it.
type books struct {
	party string
	once  bool // the doors keep a repeat away if they know it

	mu       sync.Mutex
	fed      sandbox.Books
	versions map[string]map[string]int // of a reference, by revision, in the order fed
	sent     map[digest]*sent

	// What was found on the topics, from round to round.
	seen []version
	last map[string]int // the last version of a reference that was seen
}

// digest is of the bytes that were sent of an order.
type digest [sha256.Size]byte

// sent is how often some bytes were sent.
type sent struct {
	order    string // "" if the bytes do not name one
	tried    int    // each of which may have been stored
	accepted int    // each of which must have been
	found    int
}

// version is a reference and a revision of it.
type version struct{ ref, revision string }

func newBooks(p party) *books {
	return &books{party: p.name, once: p.source != "", versions: map[string]map[string]int{}, sent: map[digest]*sent{}, last: map[string]int{}}
}

// enter notes what will be fed.
func (b *books) enter(p sandbox.Payload) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fed.Fed(p)
	if p.Kind == sandbox.Duplicate || p.Kind == sandbox.Broken {
		return
	}
	if b.versions[p.Ref] == nil {
		b.versions[p.Ref] = map[string]int{}
	}
	b.versions[p.Ref][p.Revision] = p.Version
}

// tried notes that a door is told of these orders, and accepted that it said yes.
func (b *books) tried(orders []schemas.RawOrder) { b.count(orders, func(s *sent) { s.tried++ }) }

func (b *books) accepted(orders []schemas.RawOrder) { b.count(orders, func(s *sent) { s.accepted++ }) }

func (b *books) count(orders []schemas.RawOrder, note func(*sent)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range orders {
		at := digest(sha256.Sum256(orders[i].Body.Bytes))
		if b.sent[at] == nil {
			b.sent[at] = &sent{order: orders[i].OrderID}
		}
		note(b.sent[at])
	}
}

// findings are what the books say of the topics.
type findings struct {
	lost, doubled, inverted []string
	overtaken               int // versions that waited, and that nobody needs any more
}

// check compares the books with all that lies on the topics, the new records among it.
func (b *books) check(records []*record, mayWait bool) (f findings) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range records {
		switch value := r.Value.(type) {
		case *schemas.RawOrder:
			if r.Topic == topics.OrdersRaw && value.Party == b.party {
				f.doubled = append(f.doubled, b.found(r, value)...)
			}
		case *schemas.Order:
			if value.Party == b.party {
				f.inverted = append(f.inverted, b.see(r, value)...)
			}
		}
	}
	for _, s := range b.sent {
		if must := s.accepted; b.once && s.found < min(must, 1) || !b.once && s.found < must {
			f.lost = append(f.lost, fmt.Sprintf("%s was accepted %d times and lies on orders.raw %d times", s.order, must, s.found))
		}
	}
	lost, doubled := b.fed.Check(func(yield func(string, string) bool) {
		for _, v := range b.seen {
			if !yield(v.ref, v.revision) {
				return
			}
		}
	})
	f.doubled = append(f.doubled, doubled...)
	for _, name := range lost {
		if mayWait && b.isOvertaken(name) {
			f.overtaken++
			continue
		}
		f.lost = append(f.lost, b.party+"/"+name+" was fed, and never came out of normalize")
	}
	return f
}

// found notes what lies on orders.raw.
func (b *books) found(r *record, raw *schemas.RawOrder) []string {
	s := b.sent[sha256.Sum256(raw.Body.Bytes)]
	switch {
	case s == nil:
		return []string{r.position() + " was never sent"}
	case s.order != "" && s.order != raw.OrderID:
		return []string{fmt.Sprintf("%s is filed under %s, and is of %s", r.position(), raw.OrderID, s.order)}
	}
	if s.found++; s.found > s.tried {
		return []string{fmt.Sprintf("%s: %s lies there for the %d. time, and was sent %d times", r.position(), s.order, s.found, s.tried)}
	}
	return nil
}

// see notes what came out of normalize. Of one order, what came in first comes out first.
func (b *books) see(r *record, order *schemas.Order) []string {
	b.seen = append(b.seen, version{order.Ref, order.Revision})
	now, before := b.versions[order.Ref][order.Revision], b.last[order.Ref]
	b.last[order.Ref] = max(now, before)
	if now < before {
		return []string{fmt.Sprintf("%s is version %d of an order that was at version %d", r.position(), now, before)}
	}
	return nil
}

// isOvertaken tells whether a later version of an order came out of normalize. The verifier proves that this one waited then.
func (b *books) isOvertaken(name string) bool {
	for ref, last := range b.last {
		if len(name) > len(ref) && name[:len(ref)] == ref && name[len(ref)] == ' ' {
			return b.versions[ref][name[len(ref)+1:]] < last
		}
	}
	return false
}

// differences are the findings as those of the verifier.
func (f *findings) differences() (all []difference) {
	for kind, texts := range map[string][]string{"lost": f.lost, "doubled": f.doubled, "inverted": f.inverted} {
		for _, text := range texts {
			all = append(all, difference{Why: kind + ": " + text})
		}
	}
	return all
}
