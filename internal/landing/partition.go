package landing

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// partition lands one partition, block after block, in a goroutine of its own.
type partition struct {
	landing *Landing
	topic   *topics.Topic
	number  int32
	queue   *queue
	log     *slog.Logger

	// Of its goroutine alone.
	last      *Span     // the newest range that has landed
	next      *Span     // the range that a predecessor has promised
	life      string    // of the engine, in which last is known to be there
	committed bool      // the group knows that last has landed
	short     time.Time // since when the log ends before next

	proof    proof                  // of the reconciler alone
	flying   atomic.Int64           // records of the block that is being written
	waits    atomic.Pointer[string] // for another version of Waybill: why; nil if it does not
	woken    chan struct{}
	stopping chan struct{}
	ended    chan struct{}
	cancel   context.CancelFunc
}

func (l *Landing) newPartition(at place, start int64, promised promise) *partition {
	p := &partition{
		landing: l, topic: l.topics[at.topic], number: at.partition,
		log:       l.log.With("topic", at.topic, "partition", at.partition),
		last:      promised.last,
		next:      promised.next,
		life:      promised.life,
		committed: true,
		woken:     make(chan struct{}, 1),
		stopping:  make(chan struct{}),
		ended:     make(chan struct{}),
	}
	if p.next != nil {
		start = p.next.To
	}
	if p.last == nil && p.next == nil {
		p.life = l.life.known() // nothing was entrusted to an earlier one
	}
	p.proof.log = p.log
	p.queue = newQueue(max(start, -1), l.config, l.memory, p)
	return p
}

func (p *partition) start(ctx context.Context) {
	ctx, p.cancel = context.WithCancel(ctx)
	go func() {
		defer close(p.ended)
		defer p.queue.close()
		defer p.cancel()
		p.run(ctx)
	}()
}

// stop ends the partition: at once if nothing is being written, else when that has ended, at the latest after grace.
func (p *partition) stop(grace time.Duration) {
	close(p.stopping)
	late := time.AfterFunc(grace, p.cancel)
	defer late.Stop()
	<-p.ended
}

// abandon ends the partition without waiting for what is being written: it will be written again, under its token.
func (p *partition) abandon() {
	p.cancel()
	<-p.ended
}

func (p *partition) wake() {
	select {
	case p.woken <- struct{}{}:
	default:
	}
}

func (p *partition) run(ctx context.Context) {
	if p.next != nil && !p.repeat(ctx, *p.next) {
		return
	}
	for p.waitForBlock(ctx) {
		span, records := p.queue.cut()
		landed := p.land(ctx, span, records)
		p.queue.release(records)
		if !landed {
			return
		}
	}
	p.settle(ctx)
}

// repeat writes the range that a predecessor has promised, and may have written.
func (p *partition) repeat(ctx context.Context, span Span) bool {
	p.log.Info("repeating the range in flight", "from", span.From, "to", span.To, "records", span.Records)
	return p.write(ctx, block{span: span, tried: true})
}

// waitForBlock returns when a block can be cut, false when the partition ends. If none comes for a while, the group learns
// what has landed; otherwise it learns that together with the next promise.
func (p *partition) waitForBlock(ctx context.Context) bool {
	idle := time.Now().Add(p.landing.config.patience())
	for {
		if p.ending(ctx) {
			return false
		}
		if back := p.queue.back(); back != nil {
			p.goBack(ctx, *back)
			return false
		}
		at, ok := p.queue.due()
		switch {
		case p.landing.life.isOther(p.life):
			p.mendIdle(ctx)
		case ok && !time.Now().Before(at):
			return true
		case !p.committed && !time.Now().Before(idle):
			p.settle(ctx)
		default:
			if !ok || !p.committed && idle.Before(at) {
				at = idle
			}
			p.sleep(ctx, at, ok || !p.committed)
		}
	}
}

// sleep waits for a reason to look again: a record, a new life of the engine, the end, or that time, if there is one.
func (p *partition) sleep(ctx context.Context, until time.Time, timed bool) {
	var alarm <-chan time.Time
	if timed {
		timer := time.NewTimer(time.Until(until))
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-p.queue.more:
	case <-p.woken:
	case <-alarm:
	case <-p.stopping:
	case <-ctx.Done():
	}
}

func (p *partition) ending(ctx context.Context) bool {
	select {
	case <-p.stopping:
		return true
	default:
		return ctx.Err() != nil
	}
}

// land promises the range, then writes it.
func (p *partition) land(ctx context.Context, span Span, records []*kgo.Record) bool {
	p.flying.Store(int64(len(records)))
	defer p.flying.Store(0)
	return p.commit(ctx, span.From, promise{last: p.last, next: &span, life: p.life}) && p.write(ctx, block{span: span, records: records})
}

// settle tells the group what has landed, without a new promise.
func (p *partition) settle(ctx context.Context) {
	if p.last != nil && !p.committed {
		p.committed = p.commit(ctx, p.last.To, promise{last: p.last, life: p.life})
	}
}

// goBack is for a broker that has lost records which were read already: what it has now is read again from there, and may
// replace rows that have landed.
func (p *partition) goBack(ctx context.Context, offset int64) {
	p.log.Error("the broker has lost records that were read: reading again", "from", offset)
	p.committed = p.commit(ctx, offset, promise{})
	p.landing.leave(errGoneBack)
}

// cutOff waits for a log that ends before the range that was promised from it: after a change of leader it may only seem so.
// If it stays so, the promise is withdrawn and the partition starts from there again; cutOff then returns true.
func (p *partition) cutOff(ctx context.Context, c *cutOff) bool {
	if p.short.IsZero() {
		p.short = time.Now()
	}
	if time.Since(p.short) < shrinkSeconds*time.Second {
		return false
	}
	p.log.Error("withdrawing a promise", "error", c)
	p.goBack(ctx, min(c.span.From, c.end))
	return true
}

func (p *partition) place() place { return place{p.topic.Name, p.number} }

// pause tells the client to fetch this partition no more, or again.
func (p *partition) pause(yes bool) {
	partitions := map[string][]int32{p.topic.Name: {p.number}}
	if yes {
		p.landing.client.PauseFetchPartitions(partitions)
	} else {
		p.landing.client.ResumeFetchPartitions(partitions)
	}
}
