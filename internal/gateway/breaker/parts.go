package breaker

import (
	"maps"
	"slices"
	"time"
)

// A part is what some calls of a kind have in common: one storefront, one article. If it is the part that fails, it is held alone, and the
// others of its kind go on: their successes say that the kind works, and never are they in the part. A kind is held only where failures in a
// row have no part in common.

// partsMax bounds the memory for parts of a kind that have failed since they last worked.
const partsMax = 10_000

// known are those of the parts that have failed since they last worked.
func (b *Breaker) known(kind string, parts []string) (known []*slice) {
	k := b.of(kind)
	for _, part := range parts {
		if s := k.parts[part]; s != nil {
			known = append(known, s)
		}
	}
	return known
}

// failedIn counts a failure in its parts, and tells whether one of them is open now. The narrowest that fails throughout is to blame.
func (b *Breaker) failedIn(k *kind, parts []string, f Failure, fingerprint, reason string, now time.Time) (open bool) {
	for _, part := range slices.Backward(parts) {
		s := k.parts[part]
		if s == nil {
			if len(k.parts) >= partsMax {
				maps.DeleteFunc(k.parts, func(_ string, s *slice) bool { return s.state == Closed }) // what fails goes on failing
			}
			s = &slice{state: Closed}
			k.parts[part] = s
		}
		switch many := b.counts(s, f, fingerprint); {
		case many && !open:
			b.open(s, reason, now)
			k.alike, k.shared = 0, nil // those were the part's
		case open:
			s.skip(now) // a narrower one is to blame: of the rest nothing is known
		}
		open = open || s.state == Open
	}
	if open && k.state == HalfOpen {
		k.skip(now) // of the rest nothing is known
	}
	return open
}

// share keeps which parts all failures of a run are in.
func (k *kind) share(parts []string, goesOn bool) {
	if !goesOn || k.alike == 0 {
		k.shared = slices.Clone(parts)
		return
	}
	k.shared = slices.DeleteFunc(k.shared, func(part string) bool { return !slices.Contains(parts, part) })
}

// Held is the first of the parts that a call may not go in now. until is when one may try; the zero time while one does.
func (b *Breaker) Held(kind string, parts []string, now time.Time) (part string, until time.Time, held bool) {
	k := b.of(kind)
	for _, part := range parts {
		switch s := k.parts[part]; {
		case s == nil:
		case s.state == HalfOpen:
			return part, time.Time{}, true
		case s.state == Open && s.until.After(now):
			return part, s.until, true
		}
	}
	return "", time.Time{}, false
}

// Parts are those of a kind that are not closed, by name.
func (b *Breaker) Parts(kind string) map[string]View {
	views := map[string]View{}
	for part, s := range maps.All(b.of(kind).parts) {
		if s.state != Closed {
			views[part] = s.view()
		}
	}
	return views
}
