package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/internal/config"
	"waybill/internal/feed"
	"waybill/internal/runner"
	"waybill/internal/sandbox"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// demonstration runs the pipeline as a process of its own, on a stack and with parties of this one: so that can be killed, and the
// broker's records and the parties' books outlive it.
type demonstration struct {
	app      *app
	options  sandbox.Options
	channels []string
	faults   string // a mix
	chaos    chaos
	unasked  bool // nobody asks for parcels: they never move

	pipeline *pipeline // without parts: what this process looks with
	ground   *playground
	crew     *crew
	doors    atomic.Pointer[string] // where they are at the moment
	at       string                 // name of the process that works
	done     chaos                  // of what is to be done
	calls    *calls
	followed *followed // what is known of parcels
	hooksURL string    // that carriers push to
}

// demoCallsPerSecond is what the sandbox's ERP allows in a demo: more than anything here can do.
const demoCallsPerSecond = 10_000

// run lets the story happen on a stack, with a pipeline and with parties that are there for it alone.
func (d *demonstration) run(ctx context.Context, c *config.Config, story func(context.Context) error) (err error) {
	stack, err := d.app.embed(ctx, c, "waybill demo")
	if err != nil {
		return err
	}
	defer d.app.close(stack)
	if d.ground, err = d.app.openPlayground(ctx, sandboxserver.Options{
		Seed: d.options.Seed, Shown: marketSeeds(d.options.Seed, d.channels), Faults: d.faults, RequestsPerSecondMax: demoCallsPerSecond,
	}); err != nil {
		return err
	}
	c.ERP = d.ground.erp(c.ERP)
	c.ERP.CallsPerSecond = demoCallsPerSecond
	d.ground.lend(c)
	hooks, err := d.openHooks(ctx, c)
	if err != nil {
		return err
	}
	if err := stack.provisionAll(ctx, d.app.log); err != nil {
		return err
	}
	if d.pipeline, err = d.app.newPipeline(ctx, stack, nil); err != nil {
		return err
	}
	defer d.pipeline.close()
	if d.pipeline.tables, err = stack.clickhouse(ctx); err != nil {
		return err
	}
	// Only the demo itself asks for what never came, when all else has: what is on its way would be found twice.
	d.crew = d.app.newCrew(stack, filepath.Join(c.Data, "pipeline"), nil, append(accountVariables(c),
		"WAYBILL_LABELS_URL="+labelsFolder(c), "WAYBILL_SWEEP_EVERY_SECONDS=0", "WAYBILL_POLL_EVERY_SECONDS=-1",
		fmt.Sprint("WAYBILL_TRACKING_EVERY_SECONDS=", d.asksEvery()), "WAYBILL_TRACKING_FIRST_SCAN_HOURS=0", "WAYBILL_TRACKING_SILENCE_HOURS=0",
		"WAYBILL_ERP_SYSTEM="+c.ERP.System, "WAYBILL_ERP_URL="+c.ERP.URL, "WAYBILL_ERP_TOKEN="+c.ERP.Token.Reveal(), fmt.Sprint("WAYBILL_ERP_CALLS_PER_SECOND=", c.ERP.CallsPerSecond))...)
	defer func() { err = errors.Join(err, d.crew.dismiss(syscall.SIGTERM)) }()
	playing, stop := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(playing)
	group.Go(func() error { return d.ground.run(ctx) })
	group.Go(func() error { return hooks.Run(ctx) })
	group.Go(func() error {
		defer stop()
		return story(ctx)
	})
	return group.Wait()
}

// demonstrate feeds the orders, waits until all is placed and has landed, and counts.
func (d *demonstration) demonstrate(ctx context.Context) (account, error) {
	p := d.pipeline
	fresh, err := p.stack.isEmpty(ctx)
	if err != nil {
		return account{}, err
	}
	shares, err := mix(d.options, d.channels)
	if err != nil {
		return account{}, usage("%v", err)
	}
	if err := d.start(ctx, "1"); err != nil {
		return account{}, err
	}
	began := time.Now()
	if err := d.feed(ctx, shares); err != nil {
		return account{}, err
	}
	if d.calls, err = p.stack.followCalls(); err != nil {
		return account{}, err
	}
	defer d.calls.client.Close()
	if err := d.awaitDone(ctx); err != nil {
		return account{}, err
	}
	if err := d.sweep(ctx, began); err != nil {
		return account{}, err
	}
	if err := d.ground.LetParcelsLive(d.day(), d.hooksURL); err != nil {
		return account{}, err
	}
	if err := d.ship(ctx); err != nil {
		return account{}, err
	}
	if err := d.track(ctx); err != nil {
		return account{}, err
	}
	result, err := d.account(ctx, shares, fresh)
	if err == nil && d.chaos.replays > 0 {
		result, err = d.replay(ctx, result, func() (account, error) { return d.account(ctx, shares, fresh) })
	}
	result.Elapsed = time.Since(began).Seconds()
	return result, err
}

// account is all that is counted.
func (d *demonstration) account(ctx context.Context, shares []share, fresh bool) (result account, err error) {
	result = account{Orders: d.options.Orders, Kills: d.done.kills, Stops: d.done.stops, Rebalances: d.done.rebalances, Replays: d.done.replays}
	if err := d.pipeline.count(ctx, &result); err != nil {
		return result, err
	}
	if result.Lost, result.Doubled, err = d.pipeline.compare(ctx, shares, fresh); err != nil {
		return result, err
	}
	if err := d.audit(ctx, &result); err != nil {
		return result, err
	}
	if err := d.auditLabels(ctx, &result); err != nil {
		return result, err
	}
	d.auditParcels(&result)
	return result, d.auditChannels(ctx, &result)
}

// awaitDone waits until every step has read all there is, every call has an end, nothing came of any of that any more, and all has landed.
func (d *demonstration) awaitDone(ctx context.Context) error {
	s := d.pipeline.stack
	for more := true; more; {
		for _, step := range s.steps() {
			if err := s.awaitRead(ctx, s.config.Deployment+"."+step.Name, step.Reads); err != nil {
				return err
			}
		}
		var err error
		if more, err = d.calls.awaitEnd(ctx); err != nil {
			return err
		}
	}
	return s.awaitLanded(ctx)
}

// sweep asks every account what never came, as the pipeline does every quarter of an hour.
func (d *demonstration) sweep(ctx context.Context, began time.Time) error {
	parties := topics.Called()
	if len(parties) == 0 {
		return nil
	}
	store, err := runner.NewStore(d.pipeline.stack.kafka, d.pipeline.registry)
	if err != nil {
		return err
	}
	defer store.Close()
	var calls []topics.Message
	for _, party := range parties {
		call, err := processors.SweepCall(party, schemas.Sweeping{From: began.Add(-time.Minute), To: time.Now().Add(time.Minute)})
		if err != nil {
			return err
		}
		calls = append(calls, call)
	}
	if err := store.Store(ctx, calls); err != nil {
		return err
	}
	return d.awaitDone(ctx)
}

// start starts a process of the pipeline, and waits until its doors are open.
func (d *demonstration) start(ctx context.Context, name string) error {
	h, err := d.crew.start(name)
	if err == nil {
		err = h.await(ctx, name)
	}
	if err == nil {
		d.doors.Store(&h.url)
		d.at = name
	}
	return err
}

// feed brings all payloads to the doors, while the pipeline is killed: slowly enough that there is something to do at every kill.
func (d *demonstration) feed(ctx context.Context, shares []share) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.kill(ctx, d.chaos.kills-d.chaos.kills/2) })
	group.Go(func() error {
		return d.pipeline.feedMix(ctx, shares, d.pause(), d.ground, func(party string) *feed.Client {
			return feed.New(feed.Settings{
				Party: party, Token: tokenOf(d.pipeline.config, party), Where: func() (string, error) { return *d.doors.Load(), nil }, Asked: d.app.askedToWait(),
			})
		})
	})
	return group.Wait()
}
