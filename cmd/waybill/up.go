package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"waybill/internal/embedded"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/topics"
)

func (a *app) up() *cobra.Command {
	var noSandbox bool
	var rate float64
	cmd := verb("run", "up", "Run everything on this machine: broker, registry, engine, doors, steps, landing", func(cmd *cobra.Command, _ []string) error {
		c, err := a.settings(cmd)
		if err != nil {
			return err
		}
		if len(c.Kafka.Brokers) > 0 {
			return usage("up runs its own broker, but kafka.brokers is set: use 'waybill run' with a cluster")
		}
		c.Sandbox.Enabled = c.Sandbox.Enabled && !noSandbox
		if rate > 0 && !c.Sandbox.Enabled {
			return usage("--simulate needs the sandbox: leave --no-sandbox away")
		}
		stack, err := a.embed(cmd.Context(), c, embedded.PurposeUp)
		if err != nil {
			return err
		}
		defer a.close(stack)
		generated := simulation{perSecond: rate, seed: uint64(time.Now().UnixNano())} // other ones at each start
		if !c.Sandbox.Enabled || c.ERP.System != "" {
			return a.serve(cmd.Context(), stack, partsUsed(c), generated)
		}
		ground, err := a.openPlayground(cmd.Context(), sandboxserver.Options{Seed: ^generated.seed, Shown: marketSeeds(generated.seed, simulated(c))})
		if err != nil {
			return err
		}
		c.ERP, generated.told = ground.erp(c.ERP), ground
		ground.lend(c)
		a.say("orders are placed in the sandbox's ERP, which begins empty; its books and faults are at %s/admin/", ground.url)
		group, ctx := errgroup.WithContext(cmd.Context())
		group.Go(func() error { return ground.run(ctx) })
		group.Go(func() error { return a.serve(ctx, stack, partsUsed(c), generated) })
		return group.Wait()
	})
	cmd.Flags().String("data", "", "folder of all that is kept (default: data)")
	cmd.Flags().String("listen", "", "HOST:PORT of the doors (default: 127.0.0.1:8080)")
	cmd.Flags().String("ops-listen", "", "HOST:PORT of /metrics, /healthz, /readyz and /drain (default: a free port of 127.0.0.1)")
	cmd.Flags().BoolVar(&noSandbox, "no-sandbox", false, "no generated marketplaces, and no ERP")
	cmd.Flags().Float64Var(&rate, "simulate", 0, "feed generated orders, so many a second")
	return cmd
}

// serve provisions the stack and runs the parts on it, until the command is interrupted.
func (a *app) serve(ctx context.Context, s *stack, wanted []string, generated simulation) error {
	if err := s.provisioned(ctx, a.log, wanted); err != nil {
		return err
	}
	p, err := a.newPipeline(ctx, s, wanted)
	if err != nil {
		return err
	}
	defer p.close()
	defer context.AfterFunc(ctx, func() { a.say("stopping: what was accepted stays, and goes on at the next start") })()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.run(ctx) })
	group.Go(func() error {
		if err := p.awaitReady(ctx); err != nil || ctx.Err() != nil {
			return err
		}
		if err := p.announce(); err != nil {
			return err
		}
		return p.simulate(ctx, generated)
	})
	return group.Wait()
}

// awaitReady waits until every part does its work.
func (p *pipeline) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for p.ready() != nil {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
	return nil
}

// announce lets other commands find this instance, and tells the user where it is.
func (p *pipeline) announce() error {
	if p.stack.own != nil {
		instance := embedded.Instance{Ops: p.ops.url, Called: topics.Called(), Carriers: topics.Carriers(), Printers: topics.Printers()}
		if p.doors != nil {
			instance.Listen = p.doors.url
		}
		if err := p.stack.own.Announce(instance); err != nil {
			return err
		}
	}
	if p.doors != nil {
		p.app.say("waybill is up at %s   (feed it: POST %s/feed/PARTY, or 'waybill feed FILE --party PARTY')", p.doors.url, p.doors.url)
	}
	p.app.say("metrics and health at %s; data in %s; Ctrl-C stops", p.ops.url, p.config.Data)
	return nil
}
