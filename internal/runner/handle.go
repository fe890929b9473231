package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/schemas"
)

// retryError is a failure that says neither Dead nor Wait: the turn is handled again, up to a bound.
type retryError struct {
	position string
	err      error
}

func (e *retryError) Error() string { return fmt.Sprintf("%s: %v", e.position, e.err) }
func (e *retryError) Unwrap() error { return e.err }

// upgradeWait is how long a partition rests whose next record is from a newer version of Waybill, or whose schema the registry
// does not tell us.
const upgradeWait = 10 * time.Second

// handle gives each part of the batch to a worker of its own. A part that can not go on now is left out of the turn.
func (s *session) handle(ctx context.Context, b *batch) ([]*worker, error) {
	exhausted := map[string]bool{}
	for attempt := 1; ; attempt++ {
		workers, failures := s.work(ctx, b, exhausted)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(failures) == 0 {
			return workers, nil
		}
		for _, f := range failures {
			s.log.Warn("event failed", "attempt", attempt, "error", f)
			if attempt >= s.config.Limits.AttemptsMax {
				exhausted[f.position] = true
			}
		}
		s.metrics.retries.Add(float64(len(failures)))
		if attempt < s.config.Limits.AttemptsMax {
			s.group.AllowRebalance()
			pause(ctx, backoff(attempt))
		}
	}
}

func (s *session) work(ctx context.Context, b *batch, exhausted map[string]bool) ([]*worker, []*retryError) {
	parts := b.sorted()
	workers := make([]*worker, len(parts))
	errs := make([]error, len(parts))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range parts {
		workers[i] = newWorker(ctx, s, p, exhausted)
		group.Go(func() error {
			errs[i] = workers[i].run()
			return nil
		})
	}
	_ = group.Wait() // each part has its own error
	var kept []*worker
	var failures []*retryError
	for i, p := range parts {
		var retry *retryError
		switch {
		case errs[i] == nil && s.owned.isReady(p.number):
			kept = append(kept, workers[i])
		case errs[i] == nil:
			s.owned.leaveOut(p, 0)
			delete(b.parts, p.number)
		case errors.As(errs[i], &retry):
			failures = append(failures, retry)
		default:
			s.log.Error("partition rests", "partition", p.number, "seconds", upgradeWait.Seconds(), "error", errs[i])
			s.metrics.rests.Inc()
			s.owned.leaveOut(p, upgradeWait)
			delete(b.parts, p.number)
		}
	}
	return kept, failures
}

// mustRest says that a record can not be judged by this process now, though nothing is wrong with it.
func mustRest(err error) bool {
	return errors.Is(err, schemas.ErrForeignSchema) || errors.Is(err, schemas.ErrRegistry)
}
