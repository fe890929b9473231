package gateway

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/internal/gateway/breaker"
	"waybill/schemas"
)

// metrics are of the party that this process has; of others it shows nothing.
type metrics struct {
	held, stuck, inDoubt, trashed, drain, late, paused, open, asked *prometheus.GaugeVec
	refused                                                         *prometheus.CounterVec
}

// newMetrics are those of a process, which its parties share; nil if nobody looks.
func newMetrics(registerer prometheus.Registerer) *metrics {
	if registerer == nil {
		return nil
	}
	refused := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "waybill_gateway_tasks_not_live_total", Help: "Tasks that were not carried out, because the run that asked for them was not live.",
	}, []string{"party"})
	var there prometheus.AlreadyRegisteredError
	if err := registerer.Register(refused); errors.As(err, &there) {
		refused = there.ExistingCollector.(*prometheus.CounterVec)
	}
	gauge := func(name, help string, more ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "waybill_gateway_" + name, Help: help}, append([]string{"party"}, more...))
		if err := registerer.Register(g); errors.As(err, &there) {
			return there.ExistingCollector.(*prometheus.GaugeVec) // of another party
		}
		return g
	}
	return &metrics{
		held:    gauge("held_calls", "Calls that wait for their turn, their time or the limit."),
		stuck:   gauge("stuck_calls", "Of those, calls behind one that waits for a person."),
		inDoubt: gauge("calls_in_doubt", "Calls that may have been made, and nobody can tell but a person: 'waybill doubt list'."),
		trashed: gauge("trashed_calls", "Calls that will not succeed as they are, and wait for a person: 'waybill trash list'."),
		drain:   gauge("drain_seconds", "How long it takes for all that is held, at the limit, in seconds; -1: not as long as it is paused."),
		late:    gauge("calls_late", "Held calls that will miss their deadline."),
		paused:  gauge("paused", "1 while an operator has paused the party."),
		asked:   gauge("oldest_fact_timestamp_seconds", "When the oldest call was asked for that the party has not confirmed, in seconds since 1970; 0: it has confirmed all."),
		refused: refused,
		open:    gauge("breaker_open", "1 while nothing of the kind is sent, because it fails for all alike.", "kind"),
	}
}

// show tells how far a party's calls are; oldest is when the first was asked for of those that it has not confirmed.
func (m *metrics) show(s *schemas.GatewayStatus, oldest schemas.Millis) {
	if m == nil {
		return
	}
	set := func(g *prometheus.GaugeVec, n int64) { g.WithLabelValues(s.Party).Set(float64(n)) }
	set(m.held, s.Held)
	set(m.stuck, s.Stuck)
	set(m.inDoubt, s.InDoubt)
	set(m.trashed, s.Trashed)
	set(m.drain, s.DrainSeconds)
	set(m.late, s.WillMiss)
	set(m.paused, one(s.Paused))
	set(m.asked, int64(oldest)/1000)
	for _, o := range s.Operations {
		m.open.WithLabelValues(s.Party, o.Kind).Set(float64(one(o.Breaker != breaker.Closed || s.Breaker != breaker.Closed)))
	}
}

// forget shows nothing any more: another process has the party.
func (m *metrics) forget(party string) {
	if m == nil {
		return
	}
	for _, g := range []*prometheus.GaugeVec{m.held, m.stuck, m.inDoubt, m.trashed, m.drain, m.late, m.paused, m.open, m.asked} {
		g.DeletePartialMatch(prometheus.Labels{"party": party})
	}
}

func (m *metrics) refuse(party string) {
	if m != nil {
		m.refused.WithLabelValues(party).Inc()
	}
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}
