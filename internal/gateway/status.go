package gateway

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"time"

	"waybill/internal/gateway/breaker"
	"waybill/internal/gateway/limit"
	"waybill/schemas"
)

// report is what was said last about the party.
type report struct {
	since time.Time
	next  time.Time // when there may be something new to say
	said  time.Time
	last  *schemas.GatewayStatus
	peaks map[string]int64 // most that was held of a kind
}

func newReport(now time.Time) *report {
	return &report{since: now, next: now, peaks: map[string]int64{}}
}

// quietMax is how old the last word may be though nothing changes: whoever has the party lives.
const quietMax = 10 * time.Second

// due is what is to be said now: every now and then, and at once when a breaker or the pause changed; nil if nothing is.
func (r *report) due(t *tenure, now time.Time) *schemas.GatewayStatus {
	if now.Before(r.next) && r.last != nil && r.sameGates(t) {
		return nil
	}
	r.next = now.Add(t.config.Limits.StatusEvery)
	s := t.status(now)
	t.metrics.show(s, t.desk.oldest())
	if r.last != nil {
		was := *r.last
		was.At = s.At
		if reflect.DeepEqual(&was, s) && now.Sub(r.said) < quietMax {
			return nil
		}
	}
	r.last, r.said = s, now
	return s
}

// sameGates tells whether breakers and the pause are as they were when they were said last.
func (r *report) sameGates(t *tenure) bool {
	if r.last.Paused != t.isPaused() || r.last.Breaker != t.gate.breaker.Party().State {
		return false
	}
	return !slices.ContainsFunc(r.last.Operations, func(o schemas.GatewayOperation) bool { return o.Breaker != t.gate.breaker.Of(o.Kind).State })
}

// status is how far the party's calls are.
func (t *tenure) status(now time.Time) *schemas.GatewayStatus {
	party := t.gate.breaker.Party()
	s := &schemas.GatewayStatus{
		Party: t.config.Name, Instance: t.config.Instance, Since: schemas.At(t.report.since), At: schemas.At(now), PerHour: perHour(t.gate.limits.Party()),
		Breaker: party.State, BreakerReason: party.Reason, BreakerUntil: soon(party.Until, now), Calls: int64(t.gate.underWay()), Paused: t.isPaused(),
	}
	if s.Paused {
		s.PausedBy, s.PausedWhy = t.word.By, t.word.Why
	}
	operations := map[string]*schemas.GatewayOperation{}
	for _, kind := range slices.Sorted(maps.Keys(t.kinds)) {
		operations[kind] = t.operation(kind, now)
	}
	held := t.survey(s, operations, now)
	s.Slices = t.slices(now)
	forecasts := t.gate.limits.Forecast(held, t.config.Limits.CallsMax, t.gate.takes, t.gate.triedAt, now)
	for kind, o := range operations {
		o.DrainSeconds, o.WillMiss = t.drain(forecasts[kind], now), int64(forecasts[kind].Missed)
		t.report.peaks[kind] = max(t.report.peaks[kind], o.Held)
		o.Peak = t.report.peaks[kind]
	}
	all := forecasts[""]
	s.DrainSeconds, s.WillMiss = t.drain(all, now), int64(all.Missed)
	if all.Missed > 0 {
		s.FirstMiss = new(schemas.Millis(all.FirstMiss))
	}
	if t.isPaused() && s.Held > s.Stuck {
		s.DrainSeconds = schemas.DrainNever
	}
	for _, kind := range slices.Sorted(maps.Keys(operations)) {
		s.Operations = append(s.Operations, *operations[kind])
	}
	return s
}

// survey counts what is on the desk, and is what waits for its turn or its time. What stands behind a task that waits for a person is
// stuck: nobody can say when it will be done.
func (t *tenure) survey(s *schemas.GatewayStatus, operations map[string]*schemas.GatewayOperation, now time.Time) []limit.Held {
	tasks := slices.SortedFunc(maps.Values(t.desk.tasks), func(a, b *task) int { return int(a.row.Offset - b.row.Offset) })
	stuck, held := map[string]bool{}, make([]limit.Held, 0, len(tasks))
	for _, entry := range tasks {
		if entry.row.State == schemas.TaskStanding {
			continue // nobody waits for it
		}
		kind := entry.row.Task.Kind
		waits := !works(entry.row.State)
		switch {
		case entry.row.State == schemas.TaskDoubt:
			s.InDoubt++
		case waits:
			s.Trashed++
		default:
			s.Held++
			isLifted := t.lift(s, entry)
			if o := operations[kind]; o != nil {
				o.Held++
				o.Lifted += one(isLifted)
				if o.Oldest == nil {
					o.Oldest = new(entry.row.At)
				}
			}
		}
		behind := slices.ContainsFunc(entry.holds, func(key string) bool { return stuck[key] })
		if waits || behind {
			for _, key := range entry.holds {
				stuck[key] = true
			}
		}
		switch {
		case waits:
		case behind:
			s.Stuck++
		default:
			held = append(held, limit.Held{Kind: kind, Priority: t.desk.priorityOf(entry), Deadline: deadlineOf(entry), After: later(entry.notBefore, entry.heldTo)})
		}
	}
	return held
}

func (t *tenure) operation(kind string, now time.Time) *schemas.GatewayOperation {
	v, b := t.gate.limits.View(kind, now), t.gate.breaker.Of(kind)
	o := &schemas.GatewayOperation{
		Kind: kind, Priority: t.priority(kind).String(), PerHour: perHour(v.Set), Burst: int64(v.Set.Burst), SeenPerHour: perHour(v.Seen),
		ShutUntil: soon(v.ShutUntil, now), NextAt: soon(v.FreeAt, now), Breaker: b.State, BreakerReason: b.Reason, BreakerUntil: soon(b.Until, now),
	}
	if b.State == breaker.Closed {
		o.BreakerUntil = nil
	}
	return o
}

func (t *tenure) drain(f limit.Forecast, now time.Time) int64 {
	return max(0, int64(math.Ceil(f.Drained.Sub(now).Seconds())))
}

func perHour(r limit.Rate) int64 { return int64(math.Round(r.PerSecond * 3600)) }

// soon is a time that is to come, nil of one that is not.
func soon(at, now time.Time) *schemas.Millis {
	if !at.After(now) {
		return nil
	}
	return new(schemas.At(at))
}
