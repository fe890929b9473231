package credentials

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// watchSeconds is how often the files are looked at while nobody connects, so that a wrong one is told of before it is needed.
const watchSeconds = 30

// Watch tells, until ctx ends, of files that are wrong and, once a day, of certificates that end soon.
func (a *All) Watch(ctx context.Context) error {
	tick := time.NewTicker(watchSeconds * time.Second)
	defer tick.Stop()
	warned := map[string]time.Time{}
	for {
		a.Faults() // each is reported when it is found
		a.warn(warned)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (a *All) warn(warned map[string]time.Time) {
	now := time.Now()
	for _, e := range a.Expiries() {
		if e.Soon(now) && now.Sub(warned[e.Setting]) >= 24*time.Hour {
			a.log.Warn("certificate ends soon", "certificate", e.At(now), "next", "put its successor in the place of the file; no restart is needed")
			warned[e.Setting] = now
		}
	}
}

var (
	notAfter = prometheus.NewDesc("waybill_certificate_not_after_seconds",
		"When the certificate in use ends, in seconds since 1970.", []string{"setting"}, nil)
	faulty = prometheus.NewDesc("waybill_credentials_faulty",
		"How many files of certificates and passwords can not be used as they are, so that the last good one is used.", nil, nil)
)

// Describe and Collect make it a prometheus.Collector.
func (a *All) Describe(to chan<- *prometheus.Desc) {
	to <- notAfter
	to <- faulty
}

// Collect looks at the files at that moment.
func (a *All) Collect(to chan<- prometheus.Metric) {
	to <- prometheus.MustNewConstMetric(faulty, prometheus.GaugeValue, float64(len(a.Faults())))
	for _, e := range a.Expiries() {
		to <- prometheus.MustNewConstMetric(notAfter, prometheus.GaugeValue, float64(e.NotAfter.Unix()), e.Setting)
	}
}
