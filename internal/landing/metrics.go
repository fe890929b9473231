package landing

import (
	"strconv"
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

	records, uncovered, age, damage *prometheus.GaugeVec
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
			Name: "waybill_landing_missing_records", Help: "Records that have landed and have no row, as last counted.",
		}, []string{"topic", "partition"}),
		doubled: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_landing_doubled_records", Help: "Rows beyond one for each record, as last counted.",
		}, []string{"topic", "partition"}),
		uncovered: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_landing_uncovered_offsets", Help: "Offsets before the last landed one that no landed range covers, or that two do.",
		}, []string{"topic", "partition"}),
		records: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_landing_counted_records", Help: "Records that have landed, whose rows were counted.",
		}, []string{"topic", "partition"}),
		age: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_landing_proof_age_seconds", Help: "How long ago the row was counted whose count is oldest.",
		}, []string{"topic", "partition"}),
		damage: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "waybill_landing_damage_rows", Help: "Rows that are missing or doubled between two offsets, by each minute of the charts that they touch.",
		}, []string{"topic", "partition", "from", "to", "kind", "minute"}),
		lives: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "waybill_landing_engine_starts_total", Help: "How often the table's engine was found started anew.",
		}),
	}
	for _, c := range []prometheus.Collector{m.rows, m.retries, m.insert, m.delay, m.lag, m.missing, m.doubled, m.lives, m.records, m.uncovered, m.age, m.damage} {
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

// proved shows how the partition's proof stands.
func (m *metrics) proved(p *partition, now time.Time) {
	records, missing, doubled, uncovered, oldest := p.proof.sums()
	if records == 0 && uncovered == 0 {
		return
	}
	number := strconv.Itoa(int(p.number))
	m.records.WithLabelValues(p.topic.Name, number).Set(float64(records))
	m.missing.WithLabelValues(p.topic.Name, number).Set(float64(missing))
	m.doubled.WithLabelValues(p.topic.Name, number).Set(float64(doubled))
	m.uncovered.WithLabelValues(p.topic.Name, number).Set(float64(uncovered))
	m.age.WithLabelValues(p.topic.Name, number).Set(now.Sub(oldest).Seconds())
}

// damaged shows where, and in which minutes: no more of them than damagesMax.
func (m *metrics) damaged(all []Damage) {
	m.damage.Reset()
	shown := 0
	for _, d := range all {
		for _, minute := range d.Minutes {
			if shown++; shown > damagesMax {
				return
			}
			for kind, rows := range map[string]int64{"missing": d.Missing, "doubled": d.Doubled} {
				if rows > 0 {
					m.damage.WithLabelValues(d.Topic, strconv.Itoa(int(d.Partition)), strconv.FormatInt(d.From, 10), strconv.FormatInt(d.To, 10),
						kind, minute.Format(time.RFC3339)).Set(float64(rows))
				}
			}
		}
	}
}

// forget is for a partition that another member has now.
func (m *metrics) forget(at place) {
	for _, gauge := range []*prometheus.GaugeVec{m.lag, m.records, m.missing, m.doubled, m.uncovered, m.age} {
		gauge.DeleteLabelValues(at.topic, strconv.Itoa(int(at.partition)))
	}
}
