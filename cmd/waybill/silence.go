package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/connectors/clickhouse"
	"waybill/internal/runner"
	"waybill/internal/silence"
	"waybill/processors"
	"waybill/schemas"
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

// waitedFor are the calls that steps wait for themselves, the question for a price, without which a carrier is chosen too, and those that have a
// shorter time.
var waitedFor = []string{processors.KindCustomer, processors.KindOrder, processors.KindAccept, processors.KindQuote, processors.KindShip}

// confirm says what parties were told and have not confirmed, in each process that lands.
func (p *pipeline) confirm(ctx context.Context) error {
	store, err := runner.NewStore(p.stack.kafka, p.registry)
	if err != nil {
		return err
	}
	defer store.Close()
	tell := func(ctx context.Context, messages []topics.Message) error { return store.Store(ctx, messages) }
	group, ctx := errgroup.WithContext(ctx)
	await := func(awaited clickhouse.Awaited, within time.Duration) {
		late := func(ctx context.Context, from, until time.Time) (all []silence.Unconfirmed, err error) {
			found, err := p.tables.Unconfirmed(ctx, awaited, from, until)
			for _, u := range found {
				all = append(all, silence.Unconfirmed(u))
			}
			return all, err
		}
		group.Go(func() error { return silence.NewTold(awaited.What, within, late, tell, p.app.log).Run(ctx) })
	}
	await(clickhouse.Awaited{What: schemas.MissingConfirmed, Facts: waitedFor, Other: true}, time.Duration(p.config.Expect.ConfirmedMinutes)*time.Minute)
	await(clickhouse.Awaited{What: schemas.MissingShipped, Facts: []string{processors.KindShip}}, time.Duration(p.config.Expect.ShippedSeconds)*time.Second)
	return group.Wait()
}
