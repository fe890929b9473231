package drain

import (
	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct{ eta, lag, rate, oldest *prometheus.GaugeVec }

func newMetrics(registerer prometheus.Registerer) *metrics {
	gauge := func(name, help string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{"stage"})
		registerer.MustRegister(g)
		return g
	}
	return &metrics{
		eta: gauge("waybill_drain_eta_seconds",
			"How long the stage needs for all that the doors have taken, in seconds; the pipeline needs as long as the slowest. +Inf while it stands, NaN while nobody knows."),
		lag:    gauge("waybill_drain_lag_records", "Records that wait for the stage."),
		rate:   gauge("waybill_drain_rate_records", "Records a second that the stage does when it has enough to do; 0 as long as nobody has seen that."),
		oldest: gauge("waybill_drain_oldest_seconds", "Age of the oldest record on the partitions on which the stage does not move."),
	}
}

func (m *metrics) show(stages []StageReport) {
	for _, s := range stages {
		m.eta.WithLabelValues(s.Stage).Set(s.eta)
		m.lag.WithLabelValues(s.Stage).Set(float64(s.Lag))
		m.rate.WithLabelValues(s.Stage).Set(s.Rate)
		m.oldest.WithLabelValues(s.Stage).Set(s.OldestSeconds)
	}
}
