package main

import (
	"context"
	"time"

	"waybill/internal/synthetic"
	"waybill/topics"
)

// synthetic is what this process has to do with orders that nobody placed: send them, look whether they arrive, or neither.
func (p *pipeline) synthetic() (tries []func(context.Context) error) {
	every := time.Duration(p.config.Synthetic.EverySeconds) * time.Second
	if every == 0 {
		return nil
	}
	if p.doors != nil {
		tries = append(tries, func(ctx context.Context) error { return synthetic.Send(ctx, every, p.store.Store, p.app.log) })
	}
	if p.landing != nil {
		last := topics.OrdersPlaced
		if p.config.ERP.System == "" {
			last = topics.OrdersNormalized
		}
		arrived := func(ctx context.Context, ids []string) (map[string]time.Time, error) {
			return p.tables.Arrived(ctx, last, ids)
		}
		tries = append(tries, synthetic.NewWatch(every, arrived, p.app.log, p.metrics).Run)
	}
	return tries
}
