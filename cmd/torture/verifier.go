package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"waybill/processors"
	"waybill/schemas"
)

// verifier recomputes from what came in what must stand on every other topic. It shares no code with what it checks but the steps
// themselves, which are pure functions, the words and the roads. It goes from order to order, one at a time.
type verifier struct {
	registry *schemas.Registry
	step     processors.Processor
	offers   *offers
	known    map[string]known // by order, as it stood at the end of the last round
}

func newVerifier(registry *schemas.Registry, sources processors.Sources) *verifier {
	offers := newOffers()
	sources.Catalogue = offers
	return &verifier{registry: registry, step: processors.Normalize(sources), offers: offers, known: map[string]known{}}
}

// difference is one order that is not as it must be.
type difference struct {
	Order string `json:"order"`
	Why   string `json:"why"`

	records []*record
}

// kind is lost, doubled, inverted or wrong.
func (d *difference) kind() string {
	for _, kind := range []string{"lost", "doubled", "inverted"} {
		if strings.HasPrefix(d.Why, kind+":") {
			return kind
		}
	}
	return "wrong"
}

// check compares all that came since the last round with what must have come. What it finds to be right it keeps as the state that
// the next round begins with.
func (v *verifier) check(ctx context.Context, records []*record) (differences []difference, err error) {
	for _, r := range records {
		v.offers.add(r)
	}
	stories := storiesOf(records)
	ends := make(map[string]known, len(stories))
	for _, order := range slices.Sorted(maps.Keys(stories)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s := stories[order]
		end, why := v.explain(ctx, s)
		if why != "" {
			differences = append(differences, difference{Order: order, Why: why, records: s.all()})
			continue
		}
		ends[order] = end
	}
	differences = append(differences, v.asleep(stories)...)
	if len(differences) == 0 {
		maps.Copy(v.known, ends)
		v.offers.settle()
	}
	return differences, nil
}

// explain is how one order came to be as it is; why is not empty if it can not be.
func (v *verifier) explain(ctx context.Context, s *story) (end known, why string) {
	e := &explanation{
		story: s, ctx: ctx, registry: v.registry, step: v.step, offers: v.offers,
		failed: map[[sha256.Size]byte]bool{},
	}
	if wrong := e.wrongWakeUp(); wrong != "" {
		return known{}, wrong
	}
	begin, is := v.known[s.order]
	if !is {
		begin = known{state: new(schemas.OrderVersions)}
	}
	end, ok := e.from(place{known: begin, said: map[road]int{}})
	if !ok {
		return known{}, e.why
	}
	return end, ""
}

// asleep are orders nothing was heard of in this round, whose pair has come in it.
func (v *verifier) asleep(heard map[string]*story) (differences []difference) {
	for order, k := range v.known {
		if heard[order] == nil && v.offers.came(k.row.WaitsFor) {
			differences = append(differences, difference{Order: order, Why: fmt.Sprintf("asleep: it waits for %q, which has come", k.row.WaitsFor)})
		}
	}
	return differences
}
