package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"waybill/connectors/clickhouse"
	"waybill/internal/config"
	"waybill/internal/drain"
	"waybill/internal/embedded"
	"waybill/internal/gateway"
	"waybill/internal/labels"
	"waybill/internal/landing"
	"waybill/internal/runner"
	"waybill/internal/versions"
	"waybill/internal/view"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// The parts of a pipeline beside its steps.
const (
	partDoors       = "doors"
	partPlace       = "place" // a step, which has no use without an ERP, as the next
	partAcknowledge = "acknowledge"
	partRequest     = "request" // of no use without an ERP and a carrier, as the next
	partBook        = "book"
	partDispatch    = "dispatch"
	partTrack       = "track"
	partAsk         = "ask"
	partAnnounce    = "announce"
	partCare        = "care"
	partLanding     = "landing"
)

// pipeline is the parts that one process runs: doors, steps, landing.
type pipeline struct {
	app       *app
	stack     *stack
	config    *config.Config
	metrics   *prometheus.Registry
	registry  *schemas.Registry
	choices   *versions.Choices
	announcer *versions.Announcer
	channels  map[string]*readers         // by party
	terms     map[string]processors.Terms // by party
	views     views
	steps     []*runner.Runner
	gateways  []*gateway.Gateway
	called    []string // accounts of channels that this process calls
	tables    *clickhouse.ClickHouse
	landing   *landing.Landing
	labels    *labels.Store   // nil of a process that calls no carrier
	overdue   []*overdueWatch // nil without the landing
	store     *runner.Store
	drain     *drain.Watch // of how much waits; nil without the doors
	doors     *server      // nil without the doors
	ops       *server
}

// self is what this process says of itself.
func (s *stack) self(parts []string) schemas.Instance {
	host, _ := os.Hostname() // for people: without it, it is nameless
	return schemas.Instance{
		Instance: s.config.Instance, Parts: parts, Host: host, PID: int32(os.Getpid()), Program: release, StartedAt: schemas.At(time.Now()),
		Mappings: s.has.allMappings(),
	}
}

// parts names everything a pipeline can be made of.
func parts() []string {
	names := []string{partDoors}
	for _, step := range processors.All(processors.Sources{}) {
		names = append(names, step.Name)
	}
	for _, g := range processors.Gateways() {
		names = append(names, g.Party)
	}
	return append(names, partLanding)
}

// partsUsed are those that the configuration has a use for: without an ERP no order is placed, nor accepted, and without a carrier nothing is
// booked.
func partsUsed(c *config.Config) []string {
	return slices.DeleteFunc(parts(), func(part string) bool {
		switch part {
		case partPlace, partAcknowledge, topics.ERP:
			return c.ERP.System == ""
		case partRequest, partBook, partDispatch, partTrack, partAsk, partAnnounce, partCare:
			return c.ERP.System == "" || len(topics.Carriers()) == 0
		}
		return false
	})
}

// memoryBytesAim is what the collector tries to keep the memory of a pipeline below: what is garbage goes before it is reached. GOMEMLIMIT
// in the environment sets another aim.
const memoryBytesAim = 640 << 20

// newPipeline wires the parts that are wanted. The stack is up and provisioned.
func (a *app) newPipeline(ctx context.Context, s *stack, wanted []string) (*pipeline, error) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryBytesAim)
	}
	p := &pipeline{app: a, stack: s, config: s.config, metrics: prometheus.NewRegistry()}
	p.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), s.login)
	var err error
	if p.registry, p.choices, err = s.versioned(); err != nil {
		return nil, err
	}
	if err := p.choices.Load(ctx); err != nil {
		return nil, err
	}
	p.announcer = versions.NewAnnouncer(s.kafka, p.registry, s.wanted().Subjects(), s.self(wanted), a.log)
	if p.channels, p.terms, err = openParties(s.config, s.has); err != nil {
		return nil, err
	}
	for _, wire := range []func(context.Context, []string) error{p.wireSteps, p.wireGateways, p.wireLanding, p.wireStore, p.wireServers} {
		if err := wire(ctx, wanted); err != nil {
			return nil, errors.Join(err, p.close())
		}
	}
	return p, nil
}

func (p *pipeline) wireSteps(ctx context.Context, wanted []string) error {
	limits := runner.DefaultLimits()
	limits.BatchRecordsMax = p.config.Runner.BatchRecordsMax
	limits.BatchTimeMax = time.Duration(p.config.Runner.BatchMillisecondsMax) * time.Millisecond
	limits.AttemptsMax = p.config.Runner.AttemptsMax
	if !p.config.Runner.Standby {
		limits.StandbyTime = 0
	}
	for _, step := range processors.All(processors.Sources{}) {
		if !slices.Contains(wanted, step.Name) {
			continue
		}
		for topic, view := range map[*topics.Topic]**view.View{topics.IDCatalogue: &p.views.catalogue, topics.Mappings: &p.views.mappings} {
			if *view == nil && slices.Contains(step.Looks, topic) {
				*view = p.view(topic)
			}
		}
	}
	for _, step := range processors.All(p.sources(context.WithoutCancel(ctx))) {
		if !slices.Contains(wanted, step.Name) {
			continue
		}
		p.steps = append(p.steps, runner.New(runner.Config{
			Kafka: p.stack.kafka, Deployment: p.config.Deployment, Instance: p.config.Instance,
			Dir: filepath.Join(p.config.Data, "tables", p.config.Instance), Log: p.app.log, Metrics: p.metrics, Limits: limits,
			Views: p.views.of(step), May: p.choices.Readable,
		}, step, p.registry))
	}
	return nil
}

func (p *pipeline) wireLanding(ctx context.Context, wanted []string) (err error) {
	if !slices.Contains(wanted, partLanding) {
		return nil
	}
	if p.tables, err = p.stack.clickhouse(ctx); err != nil {
		return err
	}
	p.landing, err = landing.New(landing.Config{
		Kafka: p.stack.kafka, Group: p.config.Deployment + ".landing", Instance: p.config.Instance,
		BlockRowsMax: p.config.Landing.BlockRowsMax, BlockBytesMax: int64(p.config.Landing.BlockBytesMax),
		BlockMilliseconds: p.config.Landing.BlockMillisecondsMax,
		May:               p.choices.Readable,
		Log:               p.app.log, Metrics: p.metrics,
	}, p.tables, p.registry)
	p.watchOverdue()
	return err
}

func (p *pipeline) wireStore(_ context.Context, wanted []string) (err error) {
	if slices.Contains(wanted, partDoors) {
		p.views.keys = p.view(topics.OrdersKeys)
		p.store, err = runner.NewStore(p.stack.kafka, p.registry)
	}
	return err
}

// run works until ctx ends, or a part can not go on.
func (p *pipeline) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.choices.Run(ctx) })
	group.Go(func() error { return p.announcer.Run(ctx) })
	for _, v := range p.views.all() {
		group.Go(func() error { return v.Run(ctx) })
	}
	for _, step := range p.steps {
		group.Go(func() error { return step.Run(ctx) })
	}
	for _, g := range p.gateways {
		group.Go(func() error { return g.Run(ctx) })
	}
	if p.landing != nil {
		group.Go(func() error { return p.landing.Run(ctx) })
		for _, w := range p.overdue {
			group.Go(func() error { return w.run(ctx) })
		}
		group.Go(func() error { return p.listen(ctx) })
		group.Go(func() error { return p.confirm(ctx) })
	}
	group.Go(func() error { return p.sweeps(ctx, p.called) })
	if p.labels != nil {
		group.Go(func() error { return p.purge(ctx) })
	}
	for _, tries := range p.synthetic() {
		group.Go(func() error { return tries(ctx) })
	}
	if p.doors != nil {
		group.Go(func() error { return p.drain.Run(ctx) })
		group.Go(func() error { return p.doors.Run(ctx) })
	}
	group.Go(func() error { return p.ops.Run(ctx) })
	group.Go(func() error { return p.follow(ctx) })
	group.Go(func() error { return p.stack.login.Watch(ctx) })
	return group.Wait()
}

// follow tells the parts when a child of the embedded stack was started again.
func (p *pipeline) follow(ctx context.Context) error {
	if p.stack.own == nil {
		return nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-p.stack.own.Failed():
			return err
		case child := <-p.stack.own.Restarted():
			p.restarted(child)
		}
	}
}

func (p *pipeline) restarted(child embedded.Child) {
	if child.Name == embedded.Kafka {
		for _, step := range p.steps {
			step.Reset()
		}
	}
}

// ready is nil once every step does its work.
func (p *pipeline) ready() error {
	faults := []error{p.choices.Readable()}
	for _, step := range p.steps {
		faults = append(faults, step.Ready())
	}
	if p.views.keys != nil {
		faults = append(faults, p.views.keys.Ready())
	}
	return errors.Join(faults...)
}

func (p *pipeline) close() error {
	if p.store != nil {
		p.store.Close()
	}
	if p.labels != nil {
		if err := p.labels.Close(); err != nil {
			p.app.log.Warn("the label store did not end cleanly", "error", err)
		}
	}
	if p.tables != nil {
		return p.tables.Close()
	}
	return nil
}
