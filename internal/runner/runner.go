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
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/trace"

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
	Tracer     trace.TracerProvider // nil for no spans: what traceparent an event has is passed on as it is
	Now        func() time.Time
	Limits     Limits
	Views      []View // what the step looks things up in: it does nothing before they are ready
	// May is nil while this process may do the step's work. While it may not it is no member of the group, so that those who may have
	// all partitions. Without it, it may.
	May func() error
}

// View is a local copy of a topic that a step looks things up in.
type View interface {
	// Ready is nil once the view has all that was on its topic when it began.
	Ready() error
	// Version changes with every change of the view.
	Version() int64
}

// Limits bound one turn of a step, and what may wait for it.
type Limits struct {
	BatchRecordsMax int           // records a transaction
	BatchBytesMax   int           // bytes a transaction reads
	BatchTimeMax    time.Duration // how long a transaction gathers
	HandleTimeMax   time.Duration // how long the records of a transaction may take to be handled, judged by the last ones
	AttemptsMax     int           // how often an event that fails for no stated reason is tried
	HeldMax         int           // messages that wait in one row; what comes beyond goes to the trash
	HeldBytesMax    int
	SessionMax      time.Duration // a process that is not heard of for so long loses its partitions, and its open transaction
	RestTime        time.Duration // how long a partition rests whose next record can not be read by this version of Waybill
	StandbyTime     time.Duration // how often the copies of what others own are brought up to date; 0 keeps none
}

// DefaultLimits are those of architecture §3: about 100 ms or 20,000 records, and no more than takes 2 s.
func DefaultLimits() Limits {
	return Limits{
		BatchRecordsMax: 20_000, BatchBytesMax: 32 << 20, BatchTimeMax: 100 * time.Millisecond, HandleTimeMax: 2 * time.Second,
		AttemptsMax: 6, HeldMax: 1000, HeldBytesMax: 4 << 20, SessionMax: 10 * time.Second, RestTime: 10 * time.Second,
		StandbyTime: 10 * time.Second,
	}
}

// Runner runs one step in one process.
type Runner struct {
	config   Config
	step     processors.Processor
	registry *schemas.Registry
	metrics  *metrics
	tracer   trace.Tracer // nil for no spans
	log      *slog.Logger
	runID    []byte
	roads    []*road // what the step may write to

	mu      sync.Mutex
	cancel  context.CancelCauseFunc // of the session that runs
	ready   atomic.Pointer[string]
	resting map[int32]string // why, by partition: what only another version of Waybill, or an operator, can end
}

// New prepares the step to run; it opens nothing.
func New(c Config, step processors.Processor, registry *schemas.Registry) *Runner {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Limits == (Limits{}) {
		c.Limits = DefaultLimits()
	}
	if c.May == nil {
		c.May = func() error { return nil }
	}
	r := &Runner{
		config: c, step: step, registry: registry, metrics: newMetrics(c.Metrics, step.Name), roads: roadsOf(step),
		resting: map[int32]string{},
		runID:   fmt.Appendf(nil, "%s-%s-%d", step.Name, c.Instance, c.Now().UnixMilli()),
		log:     c.Log.With("step", step.Name),
	}
	if c.Tracer != nil {
		r.tracer = c.Tracer.Tracer("waybill")
	}
	r.setNotReady("starting")
	return r
}

// Name is the step's.
func (r *Runner) Name() string { return r.step.Name }

// Run works until ctx ends, and then commits what it has. Whatever goes wrong ends a session, and a new one begins from what was
// committed last.
func (r *Runner) Run(ctx context.Context) error {
	dir := filepath.Join(r.config.Dir, r.step.Table.Name)
	store, err := table.Open(dir)
	if err != nil {
		return fmt.Errorf("step %s: %w", r.step.Name, err)
	}
	for failures := 0; r.mayBegin(ctx); {
		began := r.config.Now()
		err := r.session(ctx, store)
		r.setNotReady("between sessions")
		if err == nil {
			failures = 0
			continue
		}
		if r.config.Now().Sub(began) > time.Minute {
			failures = 0
		}
		r.log.Warn("session ended, a new one begins from what was committed", "error", err)
		if errors.Is(err, table.ErrBroken) {
			if store, err = reopen(store, dir); err != nil {
				return fmt.Errorf("step %s: %w", r.step.Name, err)
			}
		}
		pause(ctx, backoff(failures))
		failures++
	}
	return store.Close()
}

// reopen makes an empty store in place of a broken one, which is filled from the topic again.
func reopen(broken *table.Store, dir string) (*table.Store, error) {
	_ = broken.Close() // it is broken: that is why it goes
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("throw the broken table in %s away: %w", dir, err)
	}
	return table.Open(dir)
}

// errReset ends a session at once, without waiting for what is in flight.
var errReset = errors.New("reset")

// session runs one session, which Reset ends.
func (r *Runner) session(run context.Context, store *table.Store) error {
	ctx, cancel := context.WithCancelCause(run)
	defer cancel(nil)
	r.mu.Lock()
	r.cancel = cancel
	r.mu.Unlock()
	s, err := newSession(ctx, r, store)
	if err == nil {
		for err == nil && ctx.Err() == nil && r.config.May() == nil {
			err = s.turn(ctx)
		}
		cancel(nil)
		s.close(run.Err() != nil || r.config.May() != nil)
	}
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || context.Cause(ctx) == errReset) {
		return nil
	}
	return err
}

// Reset ends the session and begins a new one: the broker has restarted, and what was in flight is gone.
func (r *Runner) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cancel != nil {
		r.cancel(errReset)
	}
}

// Ready is nil once the step reads its partitions, else why it does not.
func (r *Runner) Ready() error {
	if why := r.ready.Load(); why != nil {
		return fmt.Errorf("step %s: %s", r.step.Name, *why)
	}
	if err := r.viewsReady(); err != nil {
		return fmt.Errorf("step %s: %w", r.step.Name, err)
	}
	return r.rested()
}

func (r *Runner) viewsReady() error {
	for _, v := range r.config.Views {
		if err := v.Ready(); err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) setNotReady(why string) { r.ready.Store(&why) }
func (r *Runner) setReady()              { r.ready.Store(nil) }

// backoff is how long to wait after so many failures in a row, with jitter.
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
