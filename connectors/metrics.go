package connectors

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what comes to all doors of a process.
type Metrics struct {
	requests *prometheus.CounterVec
	orders   *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
}

// NewMetrics makes them known to the registry of the process.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_door_requests_total", Help: "Requests that came to a door, by what became of them; without a party where none is of that name.",
		}, []string{"door", "party", "outcome"}),
		orders: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_door_orders_total", Help: "Raw orders that were accepted, which means stored.",
		}, []string{"door", "party"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "waybill_door_request_seconds", Help: "Time from the request to its answer, in seconds.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"door", "party"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "waybill_admission_refused_total", Help: "Requests that were told to come again later, because the pipeline takes too long for what waits in it.",
		}, []string{"door", "party"}),
	}
	registry.MustRegister(m.requests, m.orders, m.seconds, m.refused)
	return m
}

func (m *Metrics) count(door, party string, a answer, took time.Duration) {
	m.requests.WithLabelValues(door, party, a.outcome).Inc()
	m.seconds.WithLabelValues(door, party).Observe(took.Seconds())
	if a.outcome == outcomeAccepted && a.Accepted != nil {
		m.orders.WithLabelValues(door, party).Add(float64(*a.Accepted))
	}
}
