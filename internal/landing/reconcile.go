package landing

import (
	"context"
	"time"

	"waybill/topics"
)

// counter is a table that can be asked what it has. One that can is asked all the time.
type counter interface {
	Count(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) (rows, distinct int64, err error)
}

// tally is what the table has said yes to, and has not been counted since.
type tally struct {
	from, to int64
	records  int64
}

func (t tally) with(span Span, records int) tally {
	if t.records == 0 {
		t.from = span.From
	}
	return tally{t.from, span.To, t.records + int64(records)}
}

// reconcile counts, every minute, what has landed in it, and shows what is missing or doubled. A range that is not right is
// counted again until it is.
func (l *Landing) reconcile(ctx context.Context) {
	table, ok := l.table.(counter)
	if !ok {
		return
	}
	tick := time.NewTicker(reconcileSeconds * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		for name := range l.topics {
			l.reconcileTopic(ctx, table, name)
		}
	}
}

func (l *Landing) reconcileTopic(ctx context.Context, table counter, name string) {
	var missing, doubled int64
	for _, p := range l.owned() {
		if p.topic.Name != name {
			continue
		}
		t := p.takeTally()
		if t.records == 0 {
			continue
		}
		rows, distinct, err := table.Count(ctx, p.topic, p.number, t.from, t.to)
		if err != nil {
			p.returnTally(t)
			p.log.Warn("what has landed could not be counted, trying again in a minute", "error", err)
			continue
		}
		absent := max(t.records-distinct, 0)
		missing, doubled = missing+absent, doubled+rows-distinct
		if absent > 0 || rows > distinct {
			p.returnTally(t)
			p.log.Error("the table does not have what has landed: see `waybill verify`",
				"from", t.from, "to", t.to, "records", t.records, "rows", rows, "distinct", distinct)
		}
	}
	l.metrics.missing.WithLabelValues(name).Set(float64(missing))
	l.metrics.doubled.WithLabelValues(name).Set(float64(doubled))
}

func (l *Landing) owned() []*partition {
	l.lock.Lock()
	defer l.lock.Unlock()
	owned := make([]*partition, 0, len(l.partitions))
	for _, p := range l.partitions {
		owned = append(owned, p)
	}
	return owned
}

func (p *partition) takeTally() tally {
	p.tallyLock.Lock()
	defer p.tallyLock.Unlock()
	taken := p.uncounted
	p.uncounted = tally{}
	return taken
}

// returnTally puts back what was taken, before what has landed since.
func (p *partition) returnTally(t tally) {
	p.tallyLock.Lock()
	defer p.tallyLock.Unlock()
	t.to, t.records = max(t.to, p.uncounted.to), t.records+p.uncounted.records
	p.uncounted = t
}
