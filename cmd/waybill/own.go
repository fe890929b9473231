package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"waybill/internal/config"
	"waybill/internal/feed"
	"waybill/internal/sandbox"
)

// withOwnInstance runs the whole pipeline on the data folder for as long as something is done with it, and until all that came
// of that has landed.
func (a *app) withOwnInstance(cmd *cobra.Command, do func(ctx context.Context, p *pipeline) error) error {
	c, err := a.settings(cmd)
	if err != nil {
		return err
	}
	c.Listen = "127.0.0.1:0"
	s, err := a.embed(cmd.Context(), c, "waybill "+cmd.Name())
	if err != nil {
		return err
	}
	defer a.close(s)
	return a.during(cmd.Context(), s, func(ctx context.Context, p *pipeline) error {
		// What was accepted before a failure lands too.
		return errors.Join(do(ctx, p), s.awaitLanded(ctx))
	})
}

// during runs the whole pipeline on a stack while something is done with it.
func (a *app) during(ctx context.Context, s *stack, do func(ctx context.Context, p *pipeline) error) error {
	if err := s.provisionAll(ctx, a.log); err != nil {
		return err
	}
	p, err := a.newPipeline(ctx, s, partsUsed(s.config))
	if err != nil {
		return err
	}
	defer p.close()
	return p.during(ctx, do)
}

// during runs the pipeline while something is done with it.
func (p *pipeline) during(ctx context.Context, do func(ctx context.Context, p *pipeline) error) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return p.run(running) })
	if err = p.awaitReady(running); err == nil && running.Err() == nil {
		err = do(running, p)
	}
	stop()
	return errors.Join(group.Wait(), err)
}

func (p *pipeline) feedClient(party string) *feed.Client {
	return feed.New(feed.Settings{Party: party, Token: tokenOf(p.config, party), Where: func() (string, error) { return p.doors.url, nil }, Asked: p.app.askedToWait()})
}

// simulation is orders that are generated and fed, so many a second, and the marketplaces that have them, if those are played.
type simulation struct {
	perSecond float64
	seed      uint64
	told      teller
}

// simulate feeds generated orders until ctx ends.
func (p *pipeline) simulate(ctx context.Context, s simulation) error {
	if s.perSecond <= 0 {
		return nil
	}
	shares, err := mix(sandbox.Options{
		Orders: 1_000_000_000, Seed: s.seed, Duplicates: demoDuplicates, Broken: demoBroken, Amendments: demoAmendments,
	}, simulated(p.config))
	if err != nil {
		return err
	}
	limiter := rate.NewLimiter(rate.Limit(s.perSecond), 1)
	for i := range shares {
		shares[i].books = nil
	}
	clients := map[string]*feed.Client{}
	for party, payload := range inTurn(shares) {
		if limiter.Wait(ctx) != nil {
			return nil
		}
		client := clients[party]
		if client == nil {
			client = p.feedClient(party)
			clients[party] = client
		}
		if s.told != nil && payload.Kind != sandbox.Broken {
			if err := s.told.Show(party, payload.Number, payload.Version); err != nil {
				p.app.log.Warn("the marketplaces know nothing of what is generated from now on", "error", err)
				s.told = nil
			}
		}
		err := client.Add(ctx, feed.Document{Bytes: payload.Body, Place: payload.Ref})
		if err = errors.Join(err, client.Flush(ctx)); err != nil && ctx.Err() == nil {
			p.app.log.Warn("a generated order was not accepted", "error", err)
		}
	}
	return nil
}

// simulated are the channels that the sandbox plays and this instance has a party of.
func simulated(c *config.Config) []string {
	return slices.DeleteFunc(sandbox.Channels(), func(channel string) bool { return c.Parties[channel].Channel != channel })
}
