package runner

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics are those every step has, without any work in the processor.
type metrics struct {
	events  *prometheus.CounterVec
	turns   *prometheus.CounterVec
	seconds prometheus.Histogram
	trashed *prometheus.CounterVec
	retries prometheus.Counter
	rests   prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer, step string) *metrics {
	if registerer == nil {
		registerer = prometheus.NewRegistry()
	}
	make := promauto.With(prometheus.WrapRegistererWith(prometheus.Labels{"step": step}, registerer))
	return &metrics{
		events: make.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_step_events_total", Help: "Events handled and committed, by outcome.",
		}, []string{"outcome"}),
		turns: make.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_step_transactions_total", Help: "Transactions ended, by result.",
		}, []string{"result"}),
		seconds: make.NewHistogram(prometheus.HistogramOpts{
			Name: "waybill_step_turn_seconds", Help: "Time from the last record of a batch to its commit.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}),
		trashed: make.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_step_trashed_total", Help: "Events sent to the trash, by class of failure; those of aborted turns too.",
		}, []string{"class"}),
		retries: make.NewCounter(prometheus.CounterOpts{
			Name: "waybill_step_retries_total", Help: "Events tried again.",
		}),
		rests: make.NewCounter(prometheus.CounterOpts{
			Name: "waybill_step_rests_total", Help: "Times a partition rested because this version can not read its next record.",
		}),
	}
}

func (m *metrics) turned(workers []*worker, committed bool, took time.Duration) {
	if !committed {
		m.turns.WithLabelValues("aborted").Inc()
		return
	}
	m.turns.WithLabelValues("committed").Inc()
	m.seconds.Observe(took.Seconds())
	for _, w := range workers {
		for outcome, n := range w.outcomes {
			m.events.WithLabelValues(outcome).Add(float64(n))
		}
	}
}
