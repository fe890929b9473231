// Package runner runs the steps: it hands each event to its processor and carries what comes of it, in Kafka transactions, so
// that what was read, what was written and what is remembered move on as one. It knows processors, topics and rows, and nothing
// of what they say.
package runner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/table"
	"waybill/processors"
	"waybill/schemas"
)

// Config is what a runner needs of its surroundings.
type Config struct {
	Kafka      []kgo.Opt // how to reach the brokers
	Deployment string    // in front of groups and transactional ids: "waybill"
	Instance   string    // stable name of this process; two at once fence each other
	Dir        string    // folder of the local tables
	Log        *slog.Logger
	Metrics    prometheus.Registerer
	Now        func() time.Time
	Limits     Limits
}

// Limits bound one turn of a step.
type Limits struct {
	BatchRecordsMax int           // records a transaction
	BatchBytesMax   int           // bytes a transaction reads
	BatchTimeMax    time.Duration // how long a transaction gathers
	AttemptsMax     int           // how often an event that fails for no stated reason is tried
	HeldMax         int           // messages that wait in one row; what comes beyond goes to the trash
	HeldBytesMax    int
}

// DefaultLimits are those of architecture §3: about 100 ms or 20,000 records.
func DefaultLimits() Limits {
	return Limits{
		BatchRecordsMax: 20_000, BatchBytesMax: 32 << 20, BatchTimeMax: 100 * time.Millisecond,
		AttemptsMax: 6, HeldMax: 1000, HeldBytesMax: 4 << 20,
	}
}

// Runner runs one step in one process.
type Runner struct {
	config   Config
	step     processors.Processor
	registry *schemas.Registry
	metrics  *metrics
	runID    string
	log      *slog.Logger

	mu     sync.Mutex
	cancel context.CancelFunc // of the session that runs
	ready  atomic.Pointer[string]
}

// New prepares the step to run; it opens nothing.
func New(c Config, step processors.Processor, registry *schemas.Registry) *Runner {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Limits == (Limits{}) {
		c.Limits = DefaultLimits()
	}
	r := &Runner{
		config: c, step: step, registry: registry, metrics: newMetrics(c.Metrics, step.Name),
		runID: fmt.Sprintf("%s-%s-%d", step.Name, c.Instance, c.Now().UnixMilli()),
		log:   c.Log.With("step", step.Name),
	}
	r.setNotReady("starting")
	return r
}

// Run works until ctx ends. Whatever goes wrong ends a session and a new one begins, from what was committed last.
func (r *Runner) Run(ctx context.Context) error {
	store, err := table.Open(filepath.Join(r.config.Dir, r.step.Table.Name))
	if err != nil {
		return fmt.Errorf("step %s: %w", r.step.Name, err)
	}
	for failures := 0; ctx.Err() == nil; failures++ {
		began := r.config.Now()
		err := r.session(ctx, store)
		r.setNotReady("between sessions")
		if err == nil || ctx.Err() != nil {
			failures = 0
			continue
		}
		if r.config.Now().Sub(began) > time.Minute {
			failures = 0
		}
		r.log.Warn("session ended, a new one begins from what was committed", "error", err)
		pause(ctx, backoff(failures))
	}
	return store.Close()
}

// session runs one session, which Reset ends.
func (r *Runner) session(ctx context.Context, store *table.Store) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.mu.Lock()
	r.cancel = cancel
	r.mu.Unlock()
	s, err := newSession(ctx, r, store)
	if err != nil {
		return err
	}
	defer s.close()
	for ctx.Err() == nil {
		if err := s.turn(ctx); err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return nil
}

// Reset ends the session and begins a new one: the broker has restarted, and what was in flight is gone.
func (r *Runner) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cancel != nil {
		r.cancel()
	}
}

// Ready is nil once the step reads its partitions, else why it does not.
func (r *Runner) Ready() error {
	if why := r.ready.Load(); why != nil {
		return fmt.Errorf("step %s: %s", r.step.Name, *why)
	}
	return nil
}

func (r *Runner) setNotReady(why string) { r.ready.Store(&why) }
func (r *Runner) setReady()              { r.ready.Store(nil) }

// backoff is how long to wait after so many failures in a row, with full jitter.
func backoff(failures int) time.Duration {
	most := min(200*time.Millisecond<<min(failures, 10), 5*time.Second)
	return most/4 + rand.N(most*3/4)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
