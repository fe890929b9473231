package landing

import (
	"context"
	"time"
)

// reconcile proves every minute, partition by partition, that the table has a row for each record that has landed, and no more. What is
// not so shows in the metrics until it is mended, with the range it is in and the minutes of the charts that it touches.
func (l *Landing) reconcile(ctx context.Context) {
	store, ok := l.table.(Store)
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
		l.reconcileOnce(ctx, store)
	}
}

// reconcileOnce spends its budget of rows on the partitions as far as it goes. Their order is by chance, so that none comes last for ever.
func (l *Landing) reconcileOnce(ctx context.Context, store Store) {
	owned := l.owned()
	var found []Damage
	budget := int64(reconcileRowsMax)
	for _, p := range owned {
		c := &check{reader: l.reader, store: store, topic: p.topic}
		var err error
		if budget, err = p.proof.renew(ctx, c, p.number, budget); err != nil {
			p.log.Warn("what has landed could not be counted, trying again in a minute", "error", err)
		}
		found = append(found, p.proof.found()...)
		l.metrics.proved(p, time.Now())
	}
	l.metrics.damaged(found)
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
