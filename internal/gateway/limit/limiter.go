// Package limit says when a call may go: how often the party lets us, by what it was told and by what the party says, and which of the
// calls that wait goes first. It is in memory and knows no calls, only their kinds, deadlines and priorities; one process has a party,
// so nobody else spends what it counts.
package limit

import (
	"maps"
	"time"
)

// Rate is so many calls a second, and so many at once. The zero Rate is no limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Settings are the limits of one party: of all its calls together, and of those of a kind.
type Settings struct {
	Party Rate
	Kinds map[string]Rate
}

// Report is what a party said about its own limit, with an answer or a refusal. What it did not say is zero.
type Report struct {
	Rate       Rate          // as it is now
	Remaining  *int          // calls that are left at once
	RetryAfter time.Duration // nothing is to come before
	Cost       float64       // what the call cost of the limit, in calls; 0: one
}

// Limiter keeps the calls at one party within its limits. It is not safe for several goroutines.
type Limiter struct {
	party *bucket
	kinds map[string]*bucket
	born  time.Time
}

// New is a limiter whose buckets are empty: whoever had the party before may have spent them a moment ago.
func New(s Settings, now time.Time) *Limiter {
	l := &Limiter{party: newBucket(s.Party, now), kinds: map[string]*bucket{}, born: now}
	for kind, r := range maps.All(s.Kinds) {
		l.kinds[kind] = newBucket(r, now)
	}
	return l
}

func (l *Limiter) of(kind string) *bucket {
	b := l.kinds[kind]
	if b == nil {
		b = newBucket(Rate{}, l.born)
		l.kinds[kind] = b
	}
	return b
}

// FreeAt is when the next call of a kind may go; not after now if it may go at once.
func (l *Limiter) FreeAt(kind string, now time.Time) time.Time {
	at := l.of(kind).freeAt(now)
	if party := l.party.freeAt(now); party.After(at) {
		return party
	}
	return at
}

// Take counts a call of a kind that goes now.
func (l *Limiter) Take(kind string, now time.Time) {
	l.party.take(now, 1)
	l.of(kind).take(now, 1)
}

// Learn takes what the party said about calls of a kind. It counts from the next call on.
func (l *Limiter) Learn(kind string, r Report, now time.Time) {
	b := l.of(kind)
	if r.Cost > 0 {
		b.charge(r.Cost, now)
	}
	if r.Rate.PerSecond > 0 {
		b.see(r.Rate, now)
	}
	if r.Remaining != nil {
		b.atMost(float64(*r.Remaining), now)
	}
	if r.RetryAfter > 0 {
		b.shut(now.Add(r.RetryAfter))
	}
}

// Refused takes the party's word that there were too many calls of a kind: nothing goes before the time it asked for is over, and less
// often after that.
func (l *Limiter) Refused(kind string, wait time.Duration, now time.Time) {
	l.of(kind).refused(wait, now)
}

// Shut lets nothing of a kind go before that time, as a predecessor was told.
func (l *Limiter) Shut(kind string, until time.Time) { l.of(kind).shut(until) }

// View is what is known of the limit of a kind.
type View struct {
	Set, Seen Rate      // as configured, and as the party allows it now; zero if it has not said
	ShutUntil time.Time // zero if it is not
	FreeAt    time.Time
}

// View is what is known of the limit of a kind now.
func (l *Limiter) View(kind string, now time.Time) View {
	b := l.of(kind)
	v := View{Set: b.set, Seen: b.seenNow(now), FreeAt: l.FreeAt(kind, now)}
	if b.shutTo.After(now) {
		v.ShutUntil = b.shutTo
	}
	return v
}

// Party is the limit of all calls together, as configured.
func (l *Limiter) Party() Rate { return l.party.set }
