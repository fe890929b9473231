package drain

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Config is what a watch needs of its surroundings.
type Config struct {
	Kafka        []kgo.Opt // how to reach the brokers
	Stages       []Stage
	BoundSeconds int // beyond which no more may come in; 0: none
	Log          *slog.Logger
	Metrics      prometheus.Registerer
}

// Watch looks every second how much waits, for the doors of one process. What they ask it answers from memory.
type Watch struct {
	config  Config
	metrics *metrics
	verdict atomic.Pointer[verdict]
	report  atomic.Pointer[Report]
}

// New prepares a watch; it opens nothing. Until it has looked for the first time, more may come in.
func New(c Config) *Watch {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	w := &Watch{config: c, metrics: newMetrics(c.Metrics)}
	w.verdict.Store(&verdict{})
	w.report.Store(&Report{BoundSeconds: c.BoundSeconds, Admitting: true, Stages: []StageReport{}})
	return w
}

// Full is why no more may come in that can come later, and after how long it makes sense to come again: each who asks is told another
// time, so that not all come at once. It is "" while more may. It waits for nothing.
func (w *Watch) Full() (why string, again time.Duration) {
	v := w.verdict.Load()
	if !v.full {
		return "", 0
	}
	return v.why, v.again + rand.N(v.again/2)
}

// Report is what was seen last.
func (w *Watch) Report() *Report { return w.report.Load() }

// Run looks until ctx ends. While the brokers can not be asked, what was said last holds: then the doors can not store, and say so
// themselves.
func (w *Watch) Run(ctx context.Context) error {
	judge, away := &judge{boundSeconds: w.config.BoundSeconds}, false
	return looks(ctx, w.config, lookTime, func(at time.Time, stages []StageReport, err error) error {
		switch {
		case err == nil:
			w.say(at, stages, judge)
		case !away:
			w.config.Log.Warn("how long the pipeline takes is not known; the doors keep to what they said last", "error", err)
		}
		away = err != nil
		return nil
	})
}

// say publishes what was seen, and logs when the doors change their mind.
func (w *Watch) say(at time.Time, stages []StageReport, judge *judge) {
	before, now := w.verdict.Load(), judge.look(stages)
	w.verdict.Store(&now)
	w.report.Store(&Report{At: at, Stages: stages, BoundSeconds: judge.boundSeconds, Admitting: !now.full, Reason: now.why})
	w.metrics.show(stages)
	switch {
	case now.full && !before.full:
		w.config.Log.Warn("feeds and the order API are told to come again later; webhooks are taken", "reason", now.why)
	case before.full && !now.full:
		w.config.Log.Warn("feeds and the order API are taken again")
	}
}
