package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"waybill/connectors/clickhouse"
	"waybill/internal/config"
	"waybill/schemas"
)

func TestAnEntryIsDueWhenItsOrderLeavesOrByItsClassAndThenGoesUpTheChain(t *testing.T) {
	d := deadlinesOf(&config.Trash{DueHours: 24, DueHoursByClass: []string{"in_doubt=4"}, Escalation: []string{"4h=lead", "12h=head"}})
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) schemas.Millis { return schemas.At(now.Add(-d)) }
	const h = time.Hour
	for name, c := range map[string]struct {
		entry     schemas.TrashEntry
		due       schemas.Millis
		overdue   bool
		escalated string
	}{
		"by its order":         {schemas.TrashEntry{FirstAt: ago(100 * h), ShipBy: new(ago(-h))}, ago(-h), false, ""},
		"by its order, late":   {schemas.TrashEntry{FirstAt: ago(2 * h), ShipBy: new(ago(h))}, ago(h), true, ""},
		"by the bound":         {schemas.TrashEntry{FirstAt: ago(23 * h)}, ago(-h), false, ""},
		"by that of its class": {schemas.TrashEntry{FirstAt: ago(5 * h), Class: schemas.ClassInDoubt}, ago(h), true, ""},
		"to the first":         {schemas.TrashEntry{FirstAt: ago(28 * h)}, ago(4 * h), true, "lead"},
		"to the last":          {schemas.TrashEntry{FirstAt: ago(99 * h)}, ago(75 * h), true, "head"},
		"closed":               {schemas.TrashEntry{FirstAt: ago(99 * h), State: schemas.TrashRepaired}, 0, false, ""},
	} {
		if c.entry.State == "" {
			c.entry.State = schemas.TrashWaiting
		}
		st := &standing{deadlines: d, now: now}
		if got := st.view(&trashItem{TrashEntry: &c.entry}); got.Due != c.due || got.Overdue != c.overdue || got.EscalatedTo != c.escalated {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhatCanNotBeCountedIsNotShown(t *testing.T) {
	var fault error
	w := &overdueWatch{log: slog.New(slog.DiscardHandler), gauge: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "late"}, []string{"class", "party"})}
	w.count = func(context.Context, time.Time) ([]clickhouse.Overdue, error) {
		if fault != nil {
			return nil, fault
		}
		return []clickhouse.Overdue{{Kind: "invalid", Party: "allegro", Count: 3}, {Kind: "in_doubt", Party: "erp"}}, nil
	}
	for _, step := range []struct {
		fault error
		shown int
	}{{nil, 2}, {errors.New("away"), 0}, {nil, 2}} {
		fault = step.fault
		w.look(t.Context())
		if n := testutil.CollectAndCount(w.gauge); n != step.shown {
			t.Errorf("%v: %d are shown, want %d", fault, n, step.shown)
		}
	}
	if got := testutil.ToFloat64(w.gauge.WithLabelValues("invalid", "allegro")); got != 3 {
		t.Errorf("got %v", got)
	}
}
