package gateway

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"waybill/internal/gateway/breaker"
	"waybill/schemas"
)

// part is what some calls of a kind have in common, and fail by while the others go.
type part struct{ kind, name string }

// setAside lets a task wait whose turn it is, if a part of its kind that it is in fails. It goes on holding its keys.
func (t *tenure) setAside(entry *task, now time.Time) bool {
	kind := entry.row.Task.Kind
	name, until, held := t.gate.breaker.Held(kind, entry.parts, now)
	if !held {
		return false
	}
	entry.busy, entry.queued, entry.heldTo = false, true, until
	at := part{kind, name}
	t.desk.aside[at] = append(t.desk.aside[at], entry)
	return true
}

// letsOnAt is when some of a part may go on; ok is false while one tries it, or is about to.
func (t *tenure) letsOnAt(p part, now time.Time) (at time.Time, ok bool) {
	_, until, held := t.gate.breaker.Held(p.kind, []string{p.name}, now)
	if probe := t.desk.probes[p]; held && until.IsZero() || !held && t.fails(p) && probe != nil && probe.isReady {
		return time.Time{}, false
	}
	return until, true
}

func (t *tenure) fails(p part) bool {
	return t.gate.breaker.Parts(p.kind)[p.name].State == breaker.Open
}

// letOn lets those go on whose part works again, and of each other part one that tries it when it is time.
func (t *tenure) letOn(now time.Time) {
	for p, waiting := range t.desk.aside {
		if at, ok := t.letsOnAt(p, now); !ok || at.After(now) {
			continue
		}
		some := waiting
		if t.fails(p) {
			some = waiting[:1]
			t.desk.probes[p] = some[0]
		}
		for _, entry := range some {
			entry.heldTo = time.Time{}
			t.desk.push(entry)
		}
		if waiting = waiting[len(some):]; len(waiting) == 0 {
			delete(t.desk.aside, p)
		} else {
			t.desk.aside[p] = waiting
		}
	}
}

// slicesMax is how many parts the status names.
const slicesMax = 50

// slices are the parts that are held alone, those with the most calls first.
func (t *tenure) slices(now time.Time) (all []schemas.GatewaySlice) {
	for _, kind := range slices.Sorted(maps.Keys(t.kinds)) {
		for name, v := range t.gate.breaker.Parts(kind) {
			all = append(all, schemas.GatewaySlice{
				Kind: kind, Slice: name, State: v.State, Reason: v.Reason, Until: soon(v.Until, now), Held: int64(len(t.desk.aside[part{kind, name}])),
			})
		}
	}
	slices.SortFunc(all, func(a, b schemas.GatewaySlice) int {
		return cmp.Or(cmp.Compare(b.Held, a.Held), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Slice, b.Slice))
	})
	return all[:min(slicesMax, len(all))]
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
