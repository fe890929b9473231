package main

import (
	"context"
	"time"

	"waybill/internal/runner"
	"waybill/internal/silence"
	"waybill/topics"
)

// listen says which sources have fallen silent, in each process that lands.
func (p *pipeline) listen(ctx context.Context) error {
	store, err := runner.NewStore(p.stack.kafka, p.registry)
	if err != nil {
		return err
	}
	defer store.Close()
	tell := func(ctx context.Context, messages []topics.Message) error { return store.Store(ctx, messages) }
	return silence.NewWatch(p.sourcesHeard, tell, p.app.log, p.metrics).Run(ctx)
}

func (p *pipeline) sourcesHeard(ctx context.Context, now time.Time) (heard []silence.Source, err error) {
	arrivals, err := p.tables.Arrivals(ctx, now, silence.RecentTime, silence.AroundTime)
	for _, a := range arrivals {
		if _, is := p.config.Parties[a.Party]; is {
			heard = append(heard, silence.Source(a))
		}
	}
	return heard, err
}
