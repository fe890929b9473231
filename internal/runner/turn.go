package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// turn is one round of poll, handle, commit. Nothing in it waits while a transaction is open.
func (s *session) turn(ctx context.Context) error {
	committed, err := s.round(ctx)
	s.group.AllowRebalance()
	if err != nil {
		return err
	}
	if committed {
		s.aborts = 0
		return nil
	}
	s.aborts++
	pause(ctx, backoff(s.aborts-1))
	return nil
}

// round is false if what it made was thrown away, to be made again. Until it ends no partition is taken away.
func (s *session) round(ctx context.Context) (committed bool, err error) {
	if s.viewsReady() != nil {
		pause(ctx, idlePoll)
		return true, nil
	}
	s.owned.wakeRested()
	batch, err := s.gather(ctx)
	if err != nil {
		return false, err
	}
	if s.owned.wasShared() {
		// A rebalance came before these were polled. The next transaction aborts for that, so it is an empty one.
		_, err := s.group.End(ctx, kgo.TryAbort)
		return true, err
	}
	if batch.empty() {
		return true, nil
	}
	began := s.config.Now()
	workers, left, err := s.handle(ctx, batch)
	if err != nil {
		return false, err
	}
	if len(workers) > 0 {
		committed, err = s.commit(ctx, workers, left)
		s.metrics.turned(workers, committed, s.config.Now().Sub(began))
	}
	if err != nil || len(workers) > 0 && !committed {
		return false, err
	}
	s.owned.putBack(left)
	return true, nil
}

// gather polls until there is a batch: all that comes without waiting, within the limits of a transaction.
func (s *session) gather(ctx context.Context) (*batch, error) {
	limits := s.config.Limits
	b := newBatch()
	began := s.config.Now()
	for wait := s.owned.idle(); ; wait = time.Millisecond {
		poll, cancel := context.WithTimeout(ctx, wait)
		fetches := s.group.PollRecords(poll, s.roomIn(b))
		cancel()
		if err := s.pollError(fetches); err != nil {
			return nil, err
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) { b.add(p, p.Topic == s.step.Back.Name) })
		more := fetches.NumRecords() > 0 && b.records < s.batchRecords() && b.bytes < limits.BatchBytesMax
		if !more || s.config.Now().Sub(began) > limits.BatchTimeMax {
			break
		}
	}
	if b.records > 0 {
		s.recordBytes = max(1, b.bytes/b.records)
	}
	for n := range b.parts {
		if !s.owned.isReady(n) {
			return nil, fmt.Errorf("partition %d was read before its table was restored", n)
		}
	}
	if err := s.owned.addDue(b, s.config.Now()); err != nil {
		return nil, err
	}
	return b, s.owned.addCome(b)
}

// roomIn is how many records may still come into a batch, if they are as long as the last ones were and take as long.
func (s *session) roomIn(b *batch) int {
	limits := s.config.Limits
	return min(s.batchRecords()-b.records, max(1, (limits.BatchBytesMax-b.bytes)/s.recordBytes))
}

// batchRecords is how many records a batch takes. A step that is slow takes few at a time: while it handles them nobody sees how far it
// is, and no partition can be taken away.
func (s *session) batchRecords() int {
	limits := s.config.Limits
	if s.recordTime <= 0 || limits.HandleTimeMax <= 0 {
		return limits.BatchRecordsMax
	}
	return min(limits.BatchRecordsMax, int(max(1, limits.HandleTimeMax*time.Duration(runtime.GOMAXPROCS(0))/s.recordTime)))
}

// pollError is what ends the session. The client retries by itself whatever can pass, so all else does, but for a batch that
// unpacks to more than memory allows: there only its partition stands still.
func (s *session) pollError(fetches kgo.Fetches) error {
	for _, e := range fetches.Errors() {
		var tooLarge *kgo.ErrDecompressTooLarge
		switch {
		case errors.Is(e.Err, context.DeadlineExceeded), errors.Is(e.Err, context.Canceled):
		case errors.As(e.Err, &tooLarge):
			s.metrics.rests.Inc()
			s.log.Error("partition stands still", "topic", e.Topic, "partition", e.Partition, "error", e.Err)
		case e.Topic == "":
			return e.Err // of the group
		default:
			return fmt.Errorf("read %s/%d: %w", e.Topic, e.Partition, e.Err)
		}
	}
	return nil
}

// commit writes what the workers made, and moves on: outputs, tables and offsets as one (invariants 2 and 4).
func (s *session) commit(ctx context.Context, workers []*worker, left []*part) (bool, error) {
	ctx, cancel := s.lastWord(ctx)
	defer cancel()
	if err := s.group.Begin(); err != nil {
		return false, fmt.Errorf("begin a transaction: %w", err)
	}
	if failed := s.produce(ctx, workers); failed != nil {
		_, err := s.group.End(ctx, kgo.TryAbort)
		return false, errors.Join(fmt.Errorf("write the outputs: %w", failed), err)
	}
	committed, err := s.group.End(withoutOffsets(ctx, left), kgo.TryCommit)
	if err != nil {
		return false, fmt.Errorf("end a transaction: %w", err)
	}
	if !committed {
		s.log.Info("transaction aborted, by a rebalance or a coordinator that moved; its records are read again")
		return false, nil
	}
	for _, w := range workers {
		if err := w.keep(); err != nil {
			return true, err
		}
		s.owned.noteWoken(w)
		if w.part.left == nil {
			s.noteGone(func(partition int32) bool { return partition == w.part.number })
		}
		w.verdicts.carriedOut()
		w.endSpans()
	}
	return true, nil
}

// lastWord is a context that outlives a clean stop for as long as a transaction may take. A Reset ends it too.
func (s *session) lastWord(ctx context.Context) (context.Context, context.CancelFunc) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Limits.SessionMax)
	stop := context.AfterFunc(ctx, func() {
		if context.Cause(ctx) == errReset {
			cancel()
		}
	})
	return last, func() { stop(); cancel() }
}

// produce writes all outputs and waits until the brokers have them.
func (s *session) produce(ctx context.Context, workers []*worker) error {
	failures := make(chan error, 1)
	promise := func(_ *kgo.Record, err error) {
		if err != nil {
			select {
			case failures <- err:
			default:
			}
		}
	}
	for _, w := range workers {
		for i := range w.out {
			s.group.Produce(ctx, &w.out[i], promise)
		}
	}
	if err := s.group.Client().Flush(ctx); err != nil {
		return err
	}
	select {
	case err := <-failures:
		return err
	default:
		return nil
	}
}
