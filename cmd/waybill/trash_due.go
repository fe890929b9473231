package main

import (
	"cmp"
	"slices"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/internal/config"
	"waybill/schemas"
)

// deadlines say by when an entry has to be closed, and who is responsible if it is not. All of it is computed when somebody looks: no
// clock has to run for it, and another chain holds for what is overdue already.
type deadlines struct {
	due   clickhouse.Due
	chain []escalation // the longest first
}

// escalation is one link of the chain.
type escalation struct {
	after time.Duration // overdue
	to    string
}

// deadlinesOf are those of a configuration that was checked.
func deadlinesOf(c *config.Trash) *deadlines {
	d := &deadlines{due: clickhouse.Due{Hours: c.DueHours, ByClass: map[string]int{}}}
	for _, text := range c.DueHoursByClass {
		class, hours, _ := config.ClassHours(text)
		d.due.ByClass[class] = hours
	}
	for _, text := range c.Escalation {
		after, who, _ := config.AfterWho(text)
		d.chain = append(d.chain, escalation{after, who})
	}
	slices.SortStableFunc(d.chain, func(x, y escalation) int { return cmp.Compare(y.after, x.after) })
	return d
}

// of is by when an entry has to be closed: when its order has to leave, or so many hours after it came.
func (d *deadlines) of(e *schemas.TrashEntry) schemas.Millis {
	if e.ShipBy != nil {
		return *e.ShipBy
	}
	hours, differs := d.due.ByClass[e.Class]
	if !differs {
		hours = d.due.Hours
	}
	return schemas.At(e.FirstAt.Time().Add(time.Duration(hours) * time.Hour))
}

// escalated is who is responsible for what is overdue by so much, "" if that is still its owner.
func (d *deadlines) escalated(overdue time.Duration) string {
	for _, link := range d.chain {
		if overdue >= link.after {
			return link.to
		}
	}
	return ""
}
