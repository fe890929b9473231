// Package breaker keeps calls from a party that fails for all alike: they wait, instead of filling the trash. It opens for the slice
// that fails, a part of the calls of one kind or all of those, or for the whole party where our credentials are refused, and closes by itself when a probe works.
// It is in memory and knows no calls, only their kinds.
package breaker

import (
	"math/rand/v2"
	"time"
)

// Settings say when it opens, and for how long.
type Settings struct {
	AlikeMax   int           // failures of one cause in a row that pass by themselves, until nothing more is sent
	RefusedMax int           // the same of failures that do not pass: of calls that are wrong one by one
	Base       time.Duration // until the first probe; it doubles with each that fails
	Max        time.Duration
}

// Failure is what the breaker has to know of one.
type Failure int

// What a failure says about the calls that come after it.
const (
	Passing  Failure = iota // it passes: the next call may work
	Refusal                 // this call is wrong; many alike in a row are one cause
	Password                // our credentials are refused: every call would be
)

// States of a slice.
const (
	Closed   = "closed"
	Open     = "open"
	HalfOpen = "half_open" // one call is under way to see whether it works again
)

// Breaker is that of one party. It is not safe for several goroutines.
type Breaker struct {
	settings Settings
	party    slice
	kinds    map[string]*kind
}

// kind is the calls of one kind, and those parts of them that fail.
type kind struct {
	slice
	shared []string // parts that all failures of the last run were in
	parts  map[string]*slice
}

// slice is what opens and closes as one.
type slice struct {
	state  string
	reason string
	until  time.Time // of an open one
	opened int       // probes that failed
	last   string    // fingerprint of the last failure
	alike  int       // failures like that, in a row
}

// New is a breaker that is closed.
func New(s Settings) *Breaker {
	return &Breaker{settings: s, party: slice{state: Closed}, kinds: map[string]*kind{}}
}

func (b *Breaker) of(name string) *kind {
	k := b.kinds[name]
	if k == nil {
		k = &kind{slice: slice{state: Closed}, parts: map[string]*slice{}}
		b.kinds[name] = k
	}
	return k
}

// OpensAt is when a call of a kind may go: the zero time if at once; ok is false while a probe is under way.
func (b *Breaker) OpensAt(kind string) (at time.Time, ok bool) {
	for _, s := range []*slice{&b.party, &b.of(kind).slice} {
		switch {
		case s.state == HalfOpen:
			return time.Time{}, false
		case s.state == Open && s.until.After(at):
			at = s.until
		}
	}
	return at, true
}

// Begin takes note of a call that goes, and of the parts of its kind that it is in. What of them is open, it is the probe of.
func (b *Breaker) Begin(kind string, parts []string) {
	for _, s := range append(b.known(kind, parts), &b.party, &b.of(kind).slice) {
		if s.state == Open {
			s.state = HalfOpen
		}
	}
}

// Worked takes note of a call that the party dealt with.
func (b *Breaker) Worked(kind string, parts []string) {
	k := b.of(kind)
	b.party, k.slice, k.shared = slice{state: Closed}, slice{state: Closed}, nil
	for _, part := range parts {
		delete(k.parts, part)
	}
}

// Skipped takes note of a call that says nothing: it was not sent, or was told to come later.
func (b *Breaker) Skipped(kind string, parts []string, now time.Time) {
	for _, s := range append(b.known(kind, parts), &b.party, &b.of(kind).slice) {
		s.skip(now)
	}
}

// skip leaves the probe to the next call.
func (s *slice) skip(now time.Time) {
	if s.state == HalfOpen {
		s.state, s.until = Open, now
	}
}

// Failed takes note of a call that failed, and tells whether the breaker is open now for calls like it: then the failure is not that call's own.
// parts are those of its kind that it was in, the widest first.
func (b *Breaker) Failed(kind string, parts []string, f Failure, fingerprint, reason string, now time.Time) (open bool) {
	k := b.of(kind)
	if f == Password {
		for _, s := range append(b.known(kind, parts), &k.slice) {
			s.skip(now) // of those nothing is known
		}
		b.open(&b.party, reason, now)
		return true
	}
	if b.party.state == HalfOpen { // our credentials were good
		b.party = slice{state: Closed}
	}
	if b.failedIn(k, parts, f, fingerprint, reason, now) {
		return true
	}
	k.share(parts, k.last == fingerprint)
	if b.counts(&k.slice, f, fingerprint) && (k.state == HalfOpen || len(k.shared) == 0) {
		b.open(&k.slice, reason, now)
	}
	return k.state == Open
}

// counts counts a failure, and tells whether that is one too many.
func (b *Breaker) counts(s *slice, f Failure, fingerprint string) bool {
	another := s.last != fingerprint
	if s.alike++; another {
		s.last, s.alike = fingerprint, 1
	}
	if s.state == HalfOpen && f == Refusal && another { // the party deals with calls again, and does not like this one
		*s = slice{state: Closed, last: fingerprint, alike: 1}
		return false
	}
	most := b.settings.AlikeMax
	if f == Refusal {
		most = b.settings.RefusedMax
	}
	return s.state == HalfOpen || s.state == Closed && s.alike >= most
}

// open lets nothing go for a while, with full jitter beyond half of it.
func (b *Breaker) open(s *slice, reason string, now time.Time) {
	if s.state == Open {
		return // calls that were under way when it opened
	}
	most := min(b.settings.Base<<min(s.opened, 20), b.settings.Max)
	s.state, s.reason, s.until = Open, reason, now.Add(most/2+rand.N(most/2+1))
	s.opened++
}

// View is how a slice is.
type View struct {
	State, Reason string
	Until         time.Time // of one that is open
}

// Of is how the breaker of a kind is.
func (b *Breaker) Of(kind string) View { return b.of(kind).view() }

// Party is how the breaker of the whole party is.
func (b *Breaker) Party() View { return b.party.view() }

func (s *slice) view() View { return View{State: s.state, Reason: s.reason, Until: s.until} }
