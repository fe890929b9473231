package limit

import (
	"cmp"
	"slices"
	"time"
)

// Held is one call that waits, for a forecast.
type Held struct {
	Kind     string
	Priority Priority
	Deadline int64     // milliseconds since 1970; math.MaxInt64 for none
	After    time.Time // not before; zero: at once
}

// Forecast is when calls that wait will be done, as things stand.
type Forecast struct {
	Drained   time.Time // when the last is done
	Missed    int       // calls that will be done after their deadline
	FirstMiss int64     // the earliest deadline of those, in milliseconds since 1970; 0 if there is none
}

// Forecast plays through in which order and how fast calls that wait will go: within the limits, and not more at once than calls, each
// of which takes so long. opens is when a kind may go at the earliest, besides its limit. It is told for each kind and, under "", for all.
func (l *Limiter) Forecast(held []Held, calls int, takes time.Duration, opens func(kind string) time.Time, now time.Time) map[string]Forecast {
	held = slices.Clone(held)
	slices.SortFunc(held, func(a, b Held) int {
		if a.Priority != b.Priority {
			return int(b.Priority - a.Priority)
		}
		return cmp.Compare(a.Deadline, b.Deadline)
	})
	all := map[string]Forecast{"": {Drained: now}}
	paces := map[string]*pace{}
	party, hands := l.party.pace(now), &pace{each: takes / time.Duration(max(1, calls)), next: now}
	for _, h := range held {
		p := paces[h.Kind]
		if p == nil {
			p = l.of(h.Kind).pace(now)
			if at := opens(h.Kind); at.After(p.next) {
				p.next = at
			}
			paces[h.Kind] = p
			all[h.Kind] = Forecast{Drained: now}
		}
		at := latest(now, p.step(), party.step(), hands.step(), h.After).Add(takes)
		for _, of := range []string{h.Kind, ""} {
			f := all[of]
			f.note(h.Deadline, at)
			all[of] = f
		}
	}
	return all
}

func (f *Forecast) note(deadline int64, at time.Time) {
	if at.After(f.Drained) {
		f.Drained = at
	}
	if at.UnixMilli() > deadline {
		f.Missed++
		if f.FirstMiss == 0 || deadline < f.FirstMiss {
			f.FirstMiss = deadline
		}
	}
}

// pace is how fast something lets calls go.
type pace struct {
	next time.Time
	each time.Duration
}

// step is when the next one may go.
func (p *pace) step() time.Time {
	at := p.next
	p.next = p.next.Add(p.each)
	return at
}

// pace is how fast the bucket lets calls go from now on: what it has may go at once.
func (b *bucket) pace(now time.Time) *pace {
	b.adjust(now)
	p := &pace{next: now}
	if b.tokens != nil {
		p.each = time.Duration(max(1, b.cost) / float64(b.tokens.Limit()) * float64(time.Second))
		p.next = now.Add(time.Duration((1 - b.tokens.TokensAt(now)) * float64(p.each)))
	}
	if b.shutTo.After(p.next) {
		p.next = b.shutTo
	}
	return p
}

func latest(times ...time.Time) (at time.Time) {
	for _, t := range times {
		if t.After(at) {
			at = t
		}
	}
	return at
}
