package landing

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// block is a range on its way to the table.
type block struct {
	span    Span
	records []*kgo.Record // nil if they are to be read again
	tried   bool          // it may have been written before
}

// write writes the block until the table says yes. It returns false if the partition ended before that.
func (p *partition) write(ctx context.Context, b block) bool {
	doubt := false
	for attempt := 0; ; attempt++ {
		crashes := p.landing.crashes.Load()
		if crashes != p.sound {
			doubt = b.tried
			if !p.mend(ctx) {
				return false
			}
		}
		verb := p.landing.table.Write
		if doubt {
			verb = p.landing.table.Repair
		}
		b.tried = true
		records, err := p.put(ctx, b, verb)
		if err == nil && p.landing.crashes.Load() == crashes {
			p.yes(b.span, records, attempt > 0 && !doubt)
			return true
		}
		if err != nil && !p.backOff(ctx, attempt, err) {
			return false
		}
	}
}

// shakyMax is how many ranges are remembered that landed only after a failure.
const shakyMax = 16

// yes notes that the table has said so. If it had failed before, the failure may have been a crash that we have not heard of
// yet.
func (p *partition) yes(span Span, records int, shaky bool) {
	p.tallyLock.Lock()
	p.uncounted = p.uncounted.with(span, records)
	p.tallyLock.Unlock()
	if shaky {
		p.shaky = append(p.shaky, span)
		p.shaky = p.shaky[max(0, len(p.shaky)-shakyMax):]
	}
	p.last, p.committed = &span, false
}

// mend repairs what a crash of the engine can have taken: the newest range that has landed, and those that failed before they
// did. It returns false if the partition ended before that.
func (p *partition) mend(ctx context.Context) bool {
	crashes := p.landing.crashes.Load()
	spans := p.shaky
	if p.last != nil && !slices.Contains(spans, *p.last) {
		spans = append(spans, *p.last)
	}
	for _, span := range spans {
		if !p.repair(ctx, span) {
			return false
		}
	}
	p.sound, p.shaky = crashes, nil
	return true
}

func (p *partition) repair(ctx context.Context, span Span) bool {
	p.log.Info("repairing a range, because the engine crashed", "from", span.From, "to", span.To)
	for attempt := 0; ; attempt++ {
		_, err := p.put(ctx, block{span: span}, p.landing.table.Repair)
		if err == nil {
			return true
		}
		if !p.backOff(ctx, attempt, err) {
			return false
		}
	}
}

// put hands the block to the table, as one of a few that are at work at the same time, and says how many records it had. Only
// these blocks are held in memory decoded.
func (p *partition) put(ctx context.Context, b block, verb func(context.Context, *topics.Block) error) (records int, err error) {
	l := p.landing
	select {
	case l.writers <- struct{}{}:
		defer func() { <-l.writers }()
	case <-p.stopping:
		return 0, errEnding
	case <-ctx.Done():
		return 0, errEnding
	}
	if b.records == nil {
		if b.records, err = l.reader.collect(ctx, p.place(), b.span); err != nil {
			return 0, err
		}
	}
	events, err := l.decode(ctx, p.topic, b.records)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	err = verb(ctx, &topics.Block{
		Topic: p.topic, Partition: p.number, From: b.span.From, To: b.span.To, Events: events, Promised: b.span.Records,
	})
	if err != nil {
		return 0, &failure{"table", err}
	}
	l.metrics.landed(p.topic.Name, events, time.Since(start))
	return len(events), nil
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
	if attempt == 0 || attempt%logEvery == 0 {
		p.log.Error("a block can not land, trying again", "cause", cause, "attempt", attempt+1, "error", err)
	}
	timer := time.NewTimer(backoff(attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.stopping:
	case <-ctx.Done():
	}
	return !p.ending(ctx)
}
