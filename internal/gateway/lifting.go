package gateway

import (
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/internal/gateway/limit"
	"waybill/schemas"
)

// A person can let tasks go before all others for a while. That is kept in their rows, so it survives whoever has the party now; it ends by
// itself, and overtakes nothing on the same keys.

// boost takes an operator's word about a task that is to be done, also while a call of it is under way.
func (t *tenure) boost(n *turn, r *kgo.Record, d deed.Deed, now time.Time) {
	entry := t.desk.tasks[string(r.Key)]
	if entry == nil || !works(entry.row.State) || entry.row.State == schemas.TaskStanding {
		return
	}
	boost := &schemas.Boost{Until: d.Until, By: d.By, Why: d.Why}
	if !d.Until.Time().After(now) {
		boost = nil
	}
	if was := entry.row.Boost; was == boost || was != nil && boost != nil && *was == *boost {
		return // it was read before
	}
	t.desk.lift(entry, boost)
	n.touched[string(r.Key)] = struct{}{}
	n.steps = append(n.steps, change{step: step{row: entry.row}, task: entry, key: string(r.Key), stays: true})
}

// lift lets a task go before others, or like others again: nil.
func (d *desk) lift(t *task, boost *schemas.Boost) {
	t.row.Boost = boost
	if boost == nil {
		delete(d.lifted, t)
	} else {
		d.lifted[t] = struct{}{}
		if until := boost.Until.Time(); d.lowersAt.IsZero() || until.Before(d.lowersAt) {
			d.lowersAt = until
		}
	}
	if t.isReady {
		d.push(t)
	}
}

// lower ends the boosts that are over.
func (d *desk) lower(now time.Time) {
	if d.lowersAt.IsZero() || d.lowersAt.After(now) {
		return
	}
	d.lowersAt = time.Time{}
	for t := range d.lifted {
		if until := t.row.Boost.Until.Time(); !until.After(now) {
			d.lift(t, nil)
		} else if d.lowersAt.IsZero() || until.Before(d.lowersAt) {
			d.lowersAt = until
		}
	}
}

func (d *desk) priorityOf(t *task) limit.Priority {
	if t.row.Boost != nil {
		return limit.Lifted
	}
	return d.priority(t.row.Task.Kind)
}

// lift counts a task in the status if it is lifted.
func (t *tenure) lift(s *schemas.GatewayStatus, entry *task) bool {
	boost := entry.row.Boost
	if boost == nil {
		return false
	}
	s.Lifted++
	if s.LiftedUntil == nil || boost.Until > *s.LiftedUntil {
		s.LiftedUntil, s.LiftedBy, s.LiftedWhy = &boost.Until, boost.By, boost.Why
	}
	return true
}
