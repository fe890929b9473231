package synthetic

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Watch looks whether the orders arrive.
type Watch struct {
	every   time.Duration
	arrived func(context.Context, []string) (map[string]time.Time, error)
	log     *slog.Logger
	began   time.Time
	last    time.Time // when the latest that arrived was due; zero: none did yet
	warned  time.Time

	age, took, absent prometheus.Gauge
}

// absentAfter is how many that are due may be under way before it is said that they do not arrive.
const absentAfter = 2

// looks is how often it is looked between two that are due.
const looks = 10

// recallMax is how many that are due are looked for at once.
const recallMax = 100

// NewWatch is a watch of orders that are sent so often. arrived tells of those ids, which are at the end of everything, and since when.
func NewWatch(every time.Duration, arrived func(context.Context, []string) (map[string]time.Time, error), log *slog.Logger, metrics prometheus.Registerer) *Watch {
	gauge := func(name, help string) prometheus.Gauge {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: "waybill_synthetic_" + name, Help: help})
		metrics.MustRegister(g)
		return g
	}
	return &Watch{
		every: every, arrived: arrived, log: log,
		age:    gauge("order_age_seconds", "How long ago the latest synthetic order was sent that has gone through everything; without one, since this process looks."),
		took:   gauge("order_seconds", "How long the latest synthetic order took to go through everything, in seconds."),
		absent: gauge("order_absent", "1 while synthetic orders are sent and do not arrive."),
	}
}

// Run looks until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	w.began = time.Now()
	tick := time.NewTicker(max(time.Second, w.every/looks))
	defer tick.Stop()
	for {
		w.look(ctx, time.Now())
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (w *Watch) look(ctx context.Context, now time.Time) {
	awaited := map[string]time.Time{}
	var ids []string
	for at := due(now, w.every); at.After(w.last) && !at.Before(w.began.Add(-w.every)) && len(ids) < recallMax; at = at.Add(-w.every) {
		awaited[idOf(at)] = at
		ids = append(ids, idOf(at))
	}
	if len(ids) > 0 {
		arrived, err := w.arrived(ctx, ids)
		if err != nil && ctx.Err() == nil {
			w.log.Warn("it can not be seen whether synthetic orders arrive", "error", err)
		}
		for id, came := range arrived {
			if at := awaited[id]; at.After(w.last) {
				w.last = at
				w.took.Set(max(0, came.Sub(at).Seconds()))
			}
		}
	}
	w.tell(now)
}

// tell says how long nothing has arrived, and once for each that is due that it is too long.
func (w *Watch) tell(now time.Time) {
	from := w.began
	if w.last.After(from) {
		from = w.last
	}
	age := now.Sub(from)
	w.age.Set(age.Seconds())
	if age < absentAfter*w.every {
		w.absent.Set(0)
		return
	}
	w.absent.Set(1)
	if at := due(now, w.every); at.After(w.warned) {
		w.warned = at
		w.log.Error("synthetic orders do not go through: 'waybill order' shows how far one came, 'waybill drain' what waits",
			"order", idOf(from.UTC().Truncate(w.every).Add(w.every)), "since", from.UTC().Format(time.RFC3339))
	}
}
