package landing

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// block is a range on its way to the table.
type block struct {
	span    Span
	records []*kgo.Record // nil if they are to be read again
	tried   bool          // it may have been written before
	doubt   bool          // and what the engine remembers of that is not to be trusted
}

// write writes the block until the table says yes. It returns false if the partition ended before that.
func (p *partition) write(ctx context.Context, b block) bool {
	for attempt := 0; ; attempt++ {
		err := p.try(ctx, &b)
		if err == nil {
			p.last, p.committed = &b.span, false
			p.noteWait(nil)
			return true
		}
		if !p.backOff(ctx, attempt, err) {
			return false
		}
	}
}

// try writes the block once. The engine's yes to the first try is true. Its yes to a later one can be the memory of a try that a
// former life began and lost: so it counts only if the life is still that of the first try, and else what is missing is looked for.
func (p *partition) try(ctx context.Context, b *block) (err error) {
	if b.tried && !b.doubt {
		b.doubt, err = p.look(ctx)
	}
	switch again := b.tried; {
	case err != nil:
		return err
	case b.doubt:
		return p.put(ctx, *b, p.landing.table.Repair)
	default:
		b.tried = true
		err = p.put(ctx, *b, p.landing.table.Write)
		if err != nil || !again {
			return err
		}
	}
	if b.doubt, err = p.look(ctx); err != nil || b.doubt {
		return cmp.Or(err, errNewLife)
	}
	return nil
}

// put hands the block to the table, as one of a few that are at work at the same time. Only these blocks are held in memory decoded.
func (p *partition) put(ctx context.Context, b block, verb func(context.Context, *topics.Block) error) (err error) {
	l := p.landing
	select {
	case l.writers <- struct{}{}:
		defer func() { <-l.writers }()
	case <-p.stopping:
		return errEnding
	case <-ctx.Done():
		return errEnding
	}
	if b.records == nil {
		if b.records, err = l.reader.collect(ctx, p.place(), b.span); err != nil {
			return err
		}
	}
	events, err := l.decode(ctx, p.topic, b.records)
	if err != nil {
		return err
	}
	start := time.Now()
	err = verb(ctx, &topics.Block{
		Topic: p.topic, Partition: p.number, From: b.span.From, To: b.span.To, Events: events, Promised: b.span.Records,
	})
	if err != nil {
		return &failure{"table", err}
	}
	l.metrics.landed(p.topic.Name, events, time.Since(start))
	return nil
}

// errEnding is why a block was not even tried.
var errEnding = errors.New("the partition is ending")

// failure is an error with the name of who caused it.
type failure struct {
	cause string // table, registry, schema, broker
	error
}

func (f *failure) Unwrap() error { return f.error }

// backOff waits before the next try, longer each time; false means that the partition ended.
func (p *partition) backOff(ctx context.Context, attempt int, err error) bool {
	if p.ending(ctx) {
		return false
	}
	var cut *cutOff
	if errors.As(err, &cut) && p.cutOff(ctx, cut) {
		return false
	}
	cause := "broker"
	var f *failure
	if errors.As(err, &f) {
		cause = f.cause
	}
	p.landing.metrics.retries.WithLabelValues(p.topic.Name, cause).Inc()
	if known := p.noteWait(err); !known && (attempt == 0 || attempt%logEvery == 0 || cause == "schema") {
		p.log.Error("a block can not land, trying again", "cause", cause, "attempt", attempt+1, "error", err)
	}
	timer := time.NewTimer(backoff(attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.woken: // the engine is back
	case <-p.stopping:
	case <-ctx.Done():
	}
	return !p.ending(ctx)
}
