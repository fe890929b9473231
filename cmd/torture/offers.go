package main

import (
	"strings"

	"waybill/schemas"
	"waybill/topics"
)

// offers are the pairs as id.catalogue tells of them. A step looks them up in a local copy that is a little behind, each process in
// its own: which of the versions since the last round it saw is not determined, so the verifier asks what follows from each.
type offers struct {
	settled map[string]*schemas.CatalogueEntry   // as they stood when the last round had ended
	since   map[string][]*schemas.CatalogueEntry // what came since

	asked   []string // the key of each look-up of an event
	chosen  []int    // which version it finds
	options []int    // how many there were
}

func newOffers() *offers {
	return &offers{settled: map[string]*schemas.CatalogueEntry{}, since: map[string][]*schemas.CatalogueEntry{}}
}

func (o *offers) add(r *record) {
	if r.Topic == topics.IDCatalogue {
		entry, _ := r.Value.(*schemas.CatalogueEntry)
		o.since[r.Key] = append(o.since[r.Key], entry)
	}
}

// settle ends a round: every copy has seen what came in it.
func (o *offers) settle() {
	for key := range o.since {
		o.settled[key] = o.newest(key)
	}
	clear(o.since)
}

// newest is the pair as it stands now, nil if there is none.
func (o *offers) newest(key string) *schemas.CatalogueEntry {
	if all := o.since[key]; len(all) > 0 {
		return all[len(all)-1]
	}
	return o.settled[key]
}

// Offer is one look-up of a step.
func (o *offers) Offer(key string) (*schemas.CatalogueEntry, error) {
	versions := append([]*schemas.CatalogueEntry{o.settled[key]}, o.since[key]...)
	n := len(o.options)
	o.asked = append(o.asked, key)
	o.options = append(o.options, len(versions))
	if n == len(o.chosen) {
		o.chosen = append(o.chosen, 0)
	}
	return versions[o.chosen[n]], nil
}

// begin makes the look-ups of an event find the first versions.
func (o *offers) begin() { o.asked, o.chosen, o.options = nil, nil, nil }

// looked is how many look-ups the event has made.
func (o *offers) looked() int { return len(o.options) }

// decided says for what pair an order waits that has made its look-ups since then: the first that is no good. What the look-ups behind
// it find makes no difference that is looked at (plain), so the other versions there need not be tried.
func (o *offers) decided(since int, waitsFor string) {
	for i := since; i < len(o.asked); i++ {
		if strings.HasSuffix(waitsFor, " "+o.asked[i]) {
			for behind := i + 1; behind < len(o.asked); behind++ {
				o.options[behind] = o.chosen[behind] + 1
			}
			return
		}
	}
}

// again makes them find the next combination in which one of the first so many differs; false when all were tried.
func (o *offers) again(first int) bool {
	for i := first - 1; i >= 0; i-- {
		if o.chosen[i]+1 < o.options[i] {
			o.chosen = append(o.chosen[:i], o.chosen[i]+1)
			o.asked, o.options = nil, nil
			return true
		}
	}
	return false
}

// came tells whether the pair has come that an order waits for: one that was not there, or another than the faulty one of that time.
func (o *offers) came(waitsFor string) bool {
	if key, is := strings.CutPrefix(waitsFor, "pair "); is {
		return o.newest(key) != nil
	}
	faulty, is := strings.CutPrefix(waitsFor, "another pair than that of ")
	at, key, _ := strings.Cut(faulty, " ")
	entry := o.newest(key)
	return is && entry != nil && entry.At.String() != at
}
