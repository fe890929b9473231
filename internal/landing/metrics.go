package landing

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/topics"
)

type metrics struct {
	rows    *prometheus.CounterVec
	retries *prometheus.CounterVec
	insert  *prometheus.HistogramVec
	delay   *prometheus.HistogramVec
	lag     *prometheus.GaugeVec
	missing *prometheus.GaugeVec
	doubled *prometheus.GaugeVec
	lives   prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_landing_rows_total", Help: "Rows that the table has taken, a repeated range included.",
		}, []string{"topic"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_landing_retries_total", Help: "Failures that are waited for, by who caused them.",
		}, []string{"topic", "cause"}),
		insert: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "waybill_landing_insert_seconds", Help: "How long the table took for a block.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 12),
		}, []string{"topic"}),
		delay: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "waybill_landing_delay_seconds", Help: "Age of a record when it had landed.",
			Buckets: prometheus.ExponentialBuckets(0.1, 2, 16),
		}, []string{"topic"}),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_landing_lag_records", Help: "Offsets between what has landed and the end of the partition.",
		}, []string{"topic", "partition"}),
		missing: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_landing_missing_records", Help: "Records that have landed and have no row, of those last counted.",
		}, []string{"topic"}),
		doubled: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_landing_doubled_records", Help: "Rows beyond one for each record, of those last counted.",
		}, []string{"topic"}),
		lives: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "waybill_landing_engine_starts_total", Help: "How often the table's engine was found started anew.",
		}),
	}
	for _, c := range []prometheus.Collector{m.rows, m.retries, m.insert, m.delay, m.lag, m.missing, m.doubled, m.lives} {
		if err := registerer.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) landed(topic string, events []topics.Landed, took time.Duration) {
	m.rows.WithLabelValues(topic).Add(float64(len(events)))
	m.insert.WithLabelValues(topic).Observe(took.Seconds())
	delay, now := m.delay.WithLabelValues(topic), time.Now().UnixMilli()
	for i := range events {
		delay.Observe(float64(now-int64(events[i].At)) / 1000)
	}
}
