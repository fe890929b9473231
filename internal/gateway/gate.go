package gateway

import (
	"errors"
	"time"

	"waybill/internal/failure"
	"waybill/internal/gateway/breaker"
	"waybill/internal/gateway/limit"
)

// gate says when the next call of a kind may go: as the party's limits allow, as its breaker does, and as many at once as are allowed.
type gate struct {
	*Gateway
	limits  *limit.Limiter
	breaker *breaker.Breaker
	calls   map[limit.Priority]int // under way
	takes   time.Duration          // that a call lasts, on average
}

func newGate(g *Gateway, now time.Time) *gate {
	l := g.config.Limits
	return &gate{
		Gateway: g, limits: limit.New(limit.Settings{Party: l.Rate, Kinds: l.Rates}, now), breaker: breaker.New(l.Breaker),
		calls: map[limit.Priority]int{},
	}
}

func (g *Gateway) priority(kind string) limit.Priority { return g.kinds[kind].Priority }

// opensAt is when a call of a kind may go; ok is false if that depends on a call that is under way.
func (g *gate) opensAt(kind string, p limit.Priority, now time.Time) (at time.Time, ok bool) {
	for _, higher := range []limit.Priority{limit.Bulk, limit.Normal, limit.Interactive, limit.Lifted} {
		if higher >= p && g.upTo(higher) >= higher.Share(g.config.Limits.CallsMax) {
			return time.Time{}, false
		}
	}
	at, ok = g.breaker.OpensAt(kind)
	if free := g.limits.FreeAt(kind, now); free.After(at) {
		at = free
	}
	return at, ok
}

// triedAt is when a breaker that is open lets the next call of a kind try.
func (g *gate) triedAt(kind string) time.Time {
	at := g.breaker.Party().Until
	if of := g.breaker.Of(kind).Until; of.After(at) {
		return of
	}
	return at
}

// upTo is how many calls of a priority and of lower ones are under way.
func (g *gate) upTo(p limit.Priority) (n int) {
	for of, calls := range g.calls {
		if of <= p {
			n += calls
		}
	}
	return n
}

// begin counts a call that goes now.
func (g *gate) begin(t *task, now time.Time) {
	kind := t.row.Task.Kind
	g.calls[g.priority(kind)]++
	g.limits.Take(kind, now)
	g.breaker.Begin(kind, t.parts)
}

// end takes note of how a call ended, and tells whether a failure is to be held against it: not if the party wants fewer calls, or fails
// for all alike. Then it waits, and nothing was lost.
func (g *gate) end(r *result, now time.Time) (hold bool) {
	kind, parts := r.task.row.Task.Kind, r.task.parts
	if r.asked { // what is asked says nothing of what may fail in a part
		parts = nil
	}
	g.calls[g.priority(kind)]--
	g.takes += (now.Sub(r.began) - g.takes) / 10
	if r.err == nil || errors.Is(r.err, ErrAbsent) {
		g.breaker.Worked(kind, parts)
		g.limits.Learn(kind, r.answer.Limit, now)
		return false
	}
	f := failureOf(r.err)
	said := f.Limit
	said.RetryAfter = max(said.RetryAfter, f.RetryAfter)
	if f.Class == Throttled {
		g.limits.Learn(kind, limit.Report{Rate: said.Rate}, now)
		g.limits.Refused(kind, max(said.RetryAfter, throttleMin), now)
		g.breaker.Skipped(kind, parts, now)
		return true
	}
	g.limits.Learn(kind, said, now)
	return g.judge(kind, parts, f, now)
}

// throttleMin is how long calls of a kind rest after the party said that there were too many.
const throttleMin = time.Second

// judge tells the breaker of a failure.
func (g *gate) judge(kind string, parts []string, f *Failure, now time.Time) (hold bool) {
	if f.Unsent {
		g.breaker.Skipped(kind, parts, now)
		return false
	}
	var codes []string
	if f.Code != "" && f.Code != unknownCode {
		codes = []string{f.Code}
	}
	print := failure.Fingerprint(g.stepName(), f.Class, codes, f.Reason)
	switch f.Class {
	case Authentication:
		return g.breaker.Failed(kind, parts, breaker.Password, print, f.Reason, now)
	case TooLate, Pending: // the party works, and so does the call
		g.breaker.Worked(kind, parts)
		return false
	case Permanent, Business:
		wasOpen := g.breaker.Of(kind).State == breaker.Open
		if _, until, held := g.breaker.Held(kind, parts, now); held && !until.IsZero() {
			wasOpen = true
		}
		open := g.breaker.Failed(kind, parts, breaker.Refusal, print, f.Reason, now)
		return open && wasOpen // it was under way when that opened
	}
	return g.breaker.Failed(kind, parts, breaker.Passing, print, f.Reason, now) || f.Class == Systemic
}

// underWay is how many calls are.
func (g *gate) underWay() int { return g.upTo(limit.Interactive) }
