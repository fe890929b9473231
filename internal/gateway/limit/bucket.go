package limit

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// bucket is one limit: what was set, and what the party says it is. The lower of both counts.
type bucket struct {
	set    Rate
	tokens *rate.Limiter // nil while no limit is known
	seen   Rate
	seenAt time.Time
	cut    float64   // share of the rate that is left after a refusal; 1 if there was none
	cutAt  time.Time // of the last refusal that counted
	shutTo time.Time
	cost   float64 // of a call, on average
}

const (
	// seenFor is how long what a party said of its limit counts, if it says no more.
	seenFor = 10 * time.Minute
	// A refusal halves the rate, which then doubles each minute until it is whole again.
	cutShare, cutLeast = 0.5, 1.0 / 16
	healTime           = time.Minute
	// grain is less than any token that matters: sums of tokens are not exact.
	grain = 1e-6
)

func newBucket(set Rate, now time.Time) *bucket {
	b := &bucket{set: set, cut: 1, cost: 1}
	b.adjust(now)
	return b
}

// adjust sets the rate that counts now.
func (b *bucket) adjust(now time.Time) {
	r := b.rateNow(now)
	switch {
	case r.PerSecond <= 0:
		b.tokens = nil
	case b.tokens == nil:
		b.tokens = rate.NewLimiter(rate.Limit(r.PerSecond), max(1, r.Burst))
		b.tokens.ReserveN(now, max(1, r.Burst)) // it starts empty
	case b.tokens.Limit() != rate.Limit(r.PerSecond) || b.tokens.Burst() != max(1, r.Burst):
		b.tokens.SetLimitAt(now, rate.Limit(r.PerSecond))
		b.tokens.SetBurstAt(now, max(1, r.Burst))
	}
}

func (b *bucket) rateNow(now time.Time) Rate {
	r := b.set
	if seen := b.seenNow(now); seen.PerSecond > 0 && (r.PerSecond <= 0 || seen.PerSecond < r.PerSecond) {
		r.PerSecond = seen.PerSecond
		if seen.Burst > 0 {
			r.Burst = seen.Burst
		}
	}
	if b.cut < 1 {
		healed := b.cut * math.Exp2(math.Floor(10*float64(now.Sub(b.cutAt))/float64(healTime))/10) // in steps: each is a new rate
		r.PerSecond *= min(1, healed)
	}
	return r
}

func (b *bucket) seenNow(now time.Time) Rate {
	if now.Sub(b.seenAt) > seenFor {
		return Rate{}
	}
	return b.seen
}

// freeAt is when a call may go.
func (b *bucket) freeAt(now time.Time) time.Time {
	b.adjust(now)
	at := now
	if b.tokens != nil {
		if lacks := 1 - grain - b.tokens.TokensAt(now); lacks > 0 {
			at = now.Add(time.Duration(lacks/float64(b.tokens.Limit())*float64(time.Second)) + time.Microsecond)
		}
	}
	if b.shutTo.After(at) {
		return b.shutTo
	}
	return at
}

func (b *bucket) take(now time.Time, calls int) {
	b.adjust(now)
	if b.tokens == nil {
		return
	}
	for most := b.tokens.Burst(); calls > 0; calls -= most {
		b.tokens.ReserveN(now, min(calls, most))
	}
}

// costMax bounds what one call can be charged with: an odd word of a party must not stop us for hours.
const costMax = 100

// charge takes what a call cost beyond the one that was counted.
func (b *bucket) charge(cost float64, now time.Time) {
	cost = min(cost, costMax)
	b.cost += (cost - b.cost) / 10
	b.take(now, int(math.Ceil(cost))-1)
}

func (b *bucket) see(r Rate, now time.Time) {
	b.adjust(now)
	b.seen, b.seenAt = r, now
	b.adjust(now)
}

// atMost takes the party's word for how many calls are left; that there are more than we count is no reason to believe it, for ours may
// be under way.
func (b *bucket) atMost(left float64, now time.Time) {
	b.adjust(now)
	if b.tokens != nil {
		b.take(now, int(b.tokens.TokensAt(now)-left))
	}
}

func (b *bucket) shut(until time.Time) {
	if until.After(b.shutTo) {
		b.shutTo = until
	}
}

// refused empties the bucket. Of calls that were under way together only the first refusal slows down.
func (b *bucket) refused(wait time.Duration, now time.Time) {
	if now.After(b.shutTo) {
		b.adjust(now)
		if r, whole := b.rateNow(now), b.whole(now); whole > 0 {
			b.cut = max(cutLeast, cutShare*r.PerSecond/whole)
		}
		b.cutAt = now.Add(wait)
		b.adjust(now)
	}
	b.atMost(0, now)
	b.shut(now.Add(wait))
}

// whole is the rate without what refusals took of it.
func (b *bucket) whole(now time.Time) float64 {
	was := b.cut
	defer func() { b.cut = was }()
	b.cut = 1
	return b.rateNow(now).PerSecond
}
