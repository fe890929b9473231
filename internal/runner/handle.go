package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"golang.org/x/sync/errgroup"

	"waybill/internal/table"
	"waybill/processors"
	"waybill/schemas"
)

// stopError ends a worker's work at an event that can not be carried out as it is. The work is thrown away and begun again, up to
// that event if it is to be tried later, or with a verdict on it.
type stopError struct {
	record   *kgo.Record // of the input, from which the partition is left
	position string      // of the event, which can be one that waited in a row
	err      error
	verdict  *processors.DeadError // if it will never be handled
}

func (e *stopError) Error() string { return fmt.Sprintf("%s: %v", e.position, e.err) }
func (e *stopError) Unwrap() error { return e.err }

// verdicts is what is known of the events of one partition that failed for no stated reason, by position, until their turn has
// been committed.
type verdicts struct {
	tries map[string]int
	dead  map[string]*processors.DeadError // not handed to the processor any more
}

// handle gives each part of the batch to a worker of its own. A part whose worker stops is begun again until what is in it can be
// carried out: all parts together go on with what they can (invariant 5).
func (s *session) handle(ctx context.Context, b *batch) (done []*worker, left []*part, err error) {
	for parts := b.sorted(); len(parts) > 0; {
		workers, errs := s.work(ctx, parts)
		var again []*part
		for i, p := range parts {
			if errs[i] == nil {
				done = append(done, workers[i])
			} else if err := s.judge(p, errs[i]); err != nil {
				return nil, nil, err
			} else if !p.empty() {
				again = append(again, p)
			}
		}
		parts = again
	}
	for _, p := range b.parts {
		if p.left != nil {
			left = append(left, p)
		}
	}
	return done, left, nil
}

func (s *session) work(ctx context.Context, parts []*part) ([]*worker, []error) {
	workers := make([]*worker, len(parts))
	errs := make([]error, len(parts))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	var worked atomic.Int64
	records := 0
	for i, p := range parts {
		workers[i] = newWorker(ctx, s, p, s.verdictsOn(p.number))
		records += len(p.back) + len(p.input) + len(p.due)
		group.Go(func() error {
			began := s.config.Now()
			errs[i] = workers[i].run()
			worked.Add(int64(s.config.Now().Sub(began)))
			return nil
		})
	}
	_ = group.Wait() // each part has its own error
	s.recordTime = time.Duration(worked.Load()) / time.Duration(max(1, records))
	return workers, errs
}

// judge decides how a part goes on whose worker stopped: with a verdict on the event, or without it and what comes behind it for
// as long as it is to rest. An error is one that ends the session.
func (s *session) judge(p *part, err error) error {
	if errors.Is(err, table.ErrBroken) {
		return err
	}
	stop := &stopError{err: err, position: fmt.Sprintf("partition %d", p.number)}
	errors.As(err, &stop)
	on := s.verdictsOn(p.number)
	switch {
	case stop.verdict != nil:
		on.dead[stop.position] = stop.verdict
	case stop.record == nil || mustRest(stop.err):
		rest := s.config.Limits.RestTime
		if !needsOther(stop.err) || s.noteRest(p.number, stop.err) { // which of those stays so, is said once
			s.log.Error("partition rests", "partition", p.number, "seconds", rest.Seconds(), "event", stop.position, "error", stop.err)
		}
		s.metrics.rests.Inc()
		p.leave(stop.record)
		s.owned.rest(p.number, rest)
	default:
		on.tries[stop.position]++
		tries := on.tries[stop.position]
		s.log.Warn("event failed", "event", stop.position, "attempt", tries, "error", stop.err)
		if tries >= s.config.Limits.AttemptsMax {
			on.dead[stop.position] = &processors.DeadError{Class: schemas.ClassExhausted, Err: stop.err}
			return nil
		}
		s.metrics.retries.Inc()
		p.leave(stop.record)
		s.owned.rest(p.number, backoff(tries))
	}
	return nil
}

func (s *session) verdictsOn(partition int32) *verdicts {
	on := s.verdicts[partition]
	if on == nil {
		on = &verdicts{tries: map[string]int{}, dead: map[string]*processors.DeadError{}}
		s.verdicts[partition] = on
	}
	return on
}

// carriedOut forgets the verdicts that stand on the topics now.
func (v *verdicts) carriedOut() {
	for position := range v.dead {
		delete(v.tries, position)
	}
	clear(v.dead)
}

// mustRest says that a record can not be judged by this process now, though nothing is wrong with it.
func mustRest(err error) bool {
	return errors.Is(err, schemas.ErrForeignSchema) || errors.Is(err, schemas.ErrRegistry) || errors.Is(err, errStuck) || errors.Is(err, processors.ErrMapping)
}

// withoutOffsets keeps the commit of a transaction to what was carried out: without the parts that are left, or up to where they
// are. The client itself would commit all it has polled.
func withoutOffsets(ctx context.Context, left []*part) context.Context {
	if len(left) == 0 {
		return ctx
	}
	return kgo.PreTxnCommitFnContext(ctx, func(req *kmsg.TxnOffsetCommitRequest) error {
		topics := req.Topics[:0]
		for _, t := range req.Topics {
			t.Partitions = carried(t, left)
			if len(t.Partitions) > 0 {
				topics = append(topics, t)
			}
		}
		req.Topics = topics
		return nil
	})
}

func carried(t kmsg.TxnOffsetCommitRequestTopic, left []*part) []kmsg.TxnOffsetCommitRequestTopicPartition {
	kept := t.Partitions[:0]
	for _, p := range t.Partitions {
		keep := true
		for _, part := range left {
			if from, ok := part.left[t.Topic]; ok && part.number == p.Partition {
				p.Offset, p.LeaderEpoch, keep = from.Offset, from.Epoch, part.keeps(t.Topic)
			}
		}
		if keep {
			kept = append(kept, p)
		}
	}
	return kept
}
