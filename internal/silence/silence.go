// Package silence finds what no step can miss: sources that always send something, and now do not, by how many came; and what parties were
// told and have not confirmed, by what is open. It does not know what anybody is told.
package silence

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/schemas"
	"waybill/topics"
)

// Source is how much came from a party, by the minute.
type Source struct {
	Party       string
	First, Last time.Time // minutes in which something came, of those that are looked at
	Recent      uint64    // what came in RecentTime before the end of the last
	Yesterday   uint64    // what came a day ago, from AroundTime before the time of the last until as long after this
}

// RecentTime is what a source is judged by: how much it sent before it fell silent.
const RecentTime = 3 * time.Hour

// AroundTime is looked at a day ago before and after the time of day in question: of some minutes alone chance would decide.
const AroundTime = time.Hour

const (
	recentLeast = 20               // of less, nobody can say how often they come
	historyMin  = 30 * time.Minute // nor in less time
	// expectedMin is how many should have come by now: if they come by chance, that none did happens once in five thousand times (e^-8.5). A
	// source of one a minute is found in nine minutes.
	expectedMin = 8.5
)

// Expected is how many should have come since the last: as many as before, or as many as at that time yesterday, if those were fewer. Of
// a source that is not known well enough it is 0.
func (s Source) Expected(now time.Time) float64 {
	silent := now.Sub(s.Last) - time.Minute/2 // it came at any time of its minute
	over := min(RecentTime, s.Last.Sub(s.First)+time.Minute)
	if s.Recent < recentLeast || over < historyMin || silent <= 0 {
		return 0
	}
	expected := float64(s.Recent) * float64(silent) / float64(over)
	if s.First.Before(now.Add(-silent - 24*time.Hour)) {
		expected = min(expected, float64(s.Yesterday)*float64(silent)/float64(silent+2*AroundTime))
	}
	return expected
}

// IsSilent tells that so many should have come that it is no chance.
func (s Source) IsSilent(now time.Time) bool { return s.Expected(now) >= expectedMin }

// Watch looks at the sources, and says of each once when it falls silent, and when it sends again.
type Watch struct {
	sources func(ctx context.Context, now time.Time) ([]Source, error)
	tell    func(context.Context, []topics.Message) error
	log     *slog.Logger
	silent  *prometheus.GaugeVec
	since   map[string]Source // the silent ones, as they were when they fell silent
	failed  bool
}

// NewWatch is one that has not looked yet.
func NewWatch(sources func(context.Context, time.Time) ([]Source, error), tell func(context.Context, []topics.Message) error, log *slog.Logger, metrics prometheus.Registerer) *Watch {
	w := &Watch{sources: sources, tell: tell, log: log, since: map[string]Source{}, silent: prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "waybill_source_silent", Help: "1 for a party that always sends orders, and now does not; the same in every process that lands.",
	}, []string{"party"})}
	metrics.MustRegister(w.silent)
	return w
}

// lookTime is between two looks.
const lookTime = 15 * time.Second

// Run looks until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	tick := time.NewTicker(lookTime)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			err := w.look(ctx, time.Now())
			if err != nil && ctx.Err() == nil && !w.failed {
				w.log.Warn("whether a source is silent can not be told, trying again", "error", err)
			}
			w.failed = err != nil
		}
	}
}

func (w *Watch) look(ctx context.Context, now time.Time) error {
	sources, err := w.sources(ctx, now)
	if err != nil {
		return err
	}
	for _, s := range sources {
		was, known := w.since[s.Party]
		switch {
		case known && s.Last.After(was.Last):
			if err := w.tell(ctx, []topics.Message{about(was, schemas.StateCame, now)}); err != nil {
				return err
			}
			delete(w.since, s.Party)
			w.silent.WithLabelValues(s.Party).Set(0)
			w.log.Info("a source sends again", "party", s.Party)
		case !known && s.IsSilent(now):
			if err := w.tell(ctx, []topics.Message{about(s, schemas.StateMissing, now)}); err != nil {
				return err
			}
			w.since[s.Party] = s
			w.silent.WithLabelValues(s.Party).Set(1)
			w.log.Warn("a source is silent: look whether it can reach us, and whether it sells", "party", s.Party, "last", s.Last, "expected", math.Round(s.Expected(now)))
		case !known:
			w.silent.WithLabelValues(s.Party).Set(0)
		}
	}
	return nil
}

func about(s Source, state string, now time.Time) topics.Message {
	m := &schemas.Missing{
		Party: s.Party, What: schemas.MissingOrders, State: state, Share: 100, Since: schemas.At(s.Last), Due: schemas.At(now), At: schemas.At(now),
	}
	if state == schemas.StateMissing {
		m.Reason = fmt.Sprintf("about %.0f should have come since %s", s.Expected(now), s.Last.UTC().Format("15:04 UTC"))
	}
	return topics.Message{Topic: topics.Missing, Key: s.Party, Value: m}
}
