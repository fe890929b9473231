package runner

import (
	"strconv"
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
	lag     *prometheus.GaugeVec
	waiting prometheus.Gauge
	standby prometheus.Gauge
}

func newMetrics(registerer prometheus.Registerer, step string) *metrics {
	if registerer == nil {
		registerer = prometheus.NewRegistry()
	}
	auto := promauto.With(prometheus.WrapRegistererWith(prometheus.Labels{"step": step}, registerer))
	return &metrics{
		events: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_step_events_total", Help: "Events handled and committed, by outcome.",
		}, []string{"outcome"}),
		turns: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_step_transactions_total", Help: "Transactions ended, by result.",
		}, []string{"result"}),
		seconds: auto.NewHistogram(prometheus.HistogramOpts{
			Name: "waybill_step_turn_seconds", Help: "Time from the last record of a batch to its commit.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}),
		trashed: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_step_trashed_total", Help: "Events sent to the trash, by class of failure.",
		}, []string{"class"}),
		retries: auto.NewCounter(prometheus.CounterOpts{
			Name: "waybill_step_retries_total", Help: "Events tried again.",
		}),
		rests: auto.NewCounter(prometheus.CounterOpts{
			Name: "waybill_step_rests_total", Help: "Times a partition rested because this version can not read its next record.",
		}),
		lag: auto.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_step_lag_records", Help: "Records this process has still to handle, transaction markers among them.",
		}, []string{"topic", "partition"}),
		waiting: auto.NewGauge(prometheus.GaugeOpts{
			Name: "waybill_step_waiting_keys", Help: "Keys that wait in the partitions this process has.",
		}),
		standby: auto.NewGauge(prometheus.GaugeOpts{
			Name: "waybill_step_standby_behind_records", Help: "Records that the copies of what other processes own lacked when they were last brought up to date.",
		}),
	}
}

func (m *metrics) lagOf(topic string, partition int32) prometheus.Gauge {
	return m.lag.WithLabelValues(topic, strconv.Itoa(int(partition)))
}

// tally counts what came of the events of one turn.
type tally struct {
	done, repeats, held, waits, wakes, trashed int

	whole   int      // of those done, the ones that were the whole of their key
	classes []string // of those that were trashed
}

func (m *metrics) turned(workers []*worker, committed bool, took time.Duration) {
	if !committed {
		m.turns.WithLabelValues("aborted").Inc()
		return
	}
	m.turns.WithLabelValues("committed").Inc()
	m.seconds.Observe(took.Seconds())
	for _, w := range workers {
		t := &w.tally
		for outcome, n := range map[string]int{
			"done": t.done, "repeat": t.repeats, "held": t.held, "waits": t.waits, "woken": t.wakes, "trashed": t.trashed,
		} {
			m.events.WithLabelValues(outcome).Add(float64(n))
		}
		for _, class := range t.classes {
			m.trashed.WithLabelValues(class).Inc()
		}
	}
}
