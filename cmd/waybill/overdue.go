package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/clickhouse"
)

// overdueTime is between two counts of what is overdue.
const overdueTime = time.Minute

// overdueWatch counts what is overdue in the trash, in each process that lands: all of them show the same.
type overdueWatch struct {
	count   func(ctx context.Context, due clickhouse.Due, now time.Time) ([]clickhouse.Overdue, error)
	due     clickhouse.Due
	entries *prometheus.GaugeVec
	log     *slog.Logger
	failed  bool // last time
}

func newOverdueWatch(tables *clickhouse.ClickHouse, d *deadlines, registerer prometheus.Registerer, log *slog.Logger) *overdueWatch {
	w := &overdueWatch{count: tables.Overdue, due: d.due, log: log, entries: prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "waybill_trash_overdue", Help: "Entries of the trash that should have been closed by now; the same in every process that lands.",
	}, []string{"class", "party"})}
	registerer.MustRegister(w.entries)
	return w
}

// run counts until ctx ends.
func (w *overdueWatch) run(ctx context.Context) error {
	tick := time.NewTicker(overdueTime)
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
	late, err := w.count(ctx, w.due, time.Now())
	if ctx.Err() != nil {
		return
	}
	w.entries.Reset()
	for _, o := range late {
		w.entries.WithLabelValues(o.Class, o.Party).Set(float64(o.Entries))
	}
	if err != nil && !w.failed {
		w.log.Warn("what is overdue in the trash can not be counted, trying again every minute", "error", err)
	}
	w.failed = err != nil
}
