package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/clickhouse"
)

// overdueWatch counts what should have been done by now, in each process that lands: all of them show the same.
type overdueWatch struct {
	what   string // what it counts, for people
	every  time.Duration
	count  func(ctx context.Context, now time.Time) ([]clickhouse.Overdue, error)
	gauge  *prometheus.GaugeVec // by kind and party
	log    *slog.Logger
	failed bool // last time
}

// watchOverdue are the watches of a process that lands.
func (p *pipeline) watchOverdue() {
	due := deadlinesOf(&p.config.Trash).due
	trash := func(ctx context.Context, now time.Time) ([]clickhouse.Overdue, error) {
		return p.tables.OverdueTrash(ctx, due, now)
	}
	p.overdue = []*overdueWatch{
		{what: "what is overdue in the trash", every: time.Minute, count: trash, log: p.app.log, gauge: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_trash_overdue", Help: "Entries of the trash that should have been closed by now; the same in every process that lands.",
		}, []string{"class", "party"})},
		{what: "what is missing", every: 10 * time.Second, count: p.tables.OverdueMissing, log: p.app.log, gauge: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_missing_late", Help: "Orders, and whole sources, of which something should have come by now and has not; the same in every process that lands.",
		}, []string{"what", "party"})},
	}
	for _, w := range p.overdue {
		p.metrics.MustRegister(w.gauge)
	}
}

// run counts until ctx ends.
func (w *overdueWatch) run(ctx context.Context) error {
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	for {
		w.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look counts once. What can not be counted is not shown: an old number would look like a new one.
func (w *overdueWatch) look(ctx context.Context) {
	late, err := w.count(ctx, time.Now())
	if ctx.Err() != nil {
		return
	}
	w.gauge.Reset()
	for _, o := range late {
		w.gauge.WithLabelValues(o.Kind, o.Party).Set(float64(o.Count))
	}
	if err != nil && !w.failed {
		w.log.Warn(w.what+" can not be counted, trying again", "every", w.every, "error", err)
	}
	w.failed = err != nil
}
