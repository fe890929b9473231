package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
)

// system is all that is tortured: brokers, registry, engine and processes.
type system struct {
	dir       string
	program   string
	cluster   *cluster
	engine    *engine
	starter   starter
	shared    settings
	instances []*instance // the last is the one that storms are made with
	disks     []string    // folders that are disks of their own
	log       func(format string, arguments ...any)
}

// party is one account of the deployment.
type party struct {
	name, channel, source string
	pairs                 bool // its orders wait until their offers are in id.catalogue
	settings              string
}

// Where the orders of a party come from, if not from the sandbox by the feed door.
const (
	fromNotices  = "notices"
	fromRequests = "requests"
)

var parties = []party{
	{name: "allegro", channel: "allegro"},
	{name: "amazon", channel: "amazon"},
	{name: "kaufland", channel: "kaufland"},
	{name: "paired", channel: "allegro", pairs: true, settings: "      pairs: required\n"},
	{name: "noticed", channel: "kaufland", source: fromNotices, settings: "      webhook_auth: token\n"},
	{name: "direct", channel: "direct", source: fromRequests},
}

// The deployment, and the groups it has by that.
const (
	deployment     = "torture"
	partitions     = 6
	groupNormalize = deployment + ".normalize"
	groupLanding   = deployment + ".landing"
)

// configuration is that of every instance.
func configuration() string {
	text := fmt.Sprintf("deployment: %s\nkafka:\n  partitions: %d\n  replication: %d\nparties:\n", deployment, partitions, brokersCount)
	for _, p := range parties {
		text += fmt.Sprintf("  %s:\n    channel: %s\n", p.name, p.channel)
		if p.settings != "" {
			text += "    settings:\n" + p.settings
		}
	}
	return text
}

// environment is what a command line and a file may not hold.
func (s *settings) environment() []string {
	return []string{"WAYBILL_CLICKHOUSE_DSN=" + s.dsn, "WAYBILL_PARTIES_NOTICED_SETTINGS_WEBHOOK_SECRET=" + s.token}
}

// startSystem brings all up but the instances, and provisions it.
func startSystem(ctx context.Context, dir, program string, disks bool, log func(string, ...any)) (*system, error) {
	s := &system{dir: dir, program: program, log: log, shared: settings{file: filepath.Join(dir, "waybill.yaml"), token: rand.Text()}}
	if err := os.WriteFile(s.shared.file, []byte(configuration()), 0o600); err != nil {
		return s, err
	}
	log("starting %d brokers, a registry and an engine in %s", brokersCount, dir)
	var err error
	if s.cluster, err = startCluster(ctx, dir, instancesCount); err != nil {
		return s, err
	}
	if s.engine, err = newEngine(&s.starter, program, filepath.Join(dir, "engine")); err != nil {
		return s, err
	}
	if err := s.engine.start(ctx); err != nil {
		return s, err
	}
	s.shared.registry, s.shared.dsn = s.cluster.registry, s.engine.dsn()
	if err := s.provision(); err != nil {
		return s, err
	}
	return s, s.addInstances(disks)
}

func (s *system) provision() error {
	log := filepath.Join(s.dir, "provision.log")
	c, err := s.starter.start("waybill provision", log, s.shared.environment(), s.program, "provision",
		"--config", s.shared.file, "--brokers", s.cluster.brokers[0], "--registry", s.shared.registry)
	if err != nil {
		return err
	}
	if c.wait(); c.err != nil {
		return fmt.Errorf("waybill provision (see %s): %w", log, c.err)
	}
	return nil
}

func (s *system) addInstances(disks bool) error {
	addresses, err := freeAddresses(instancesCount + 1)
	if err != nil {
		return err
	}
	for n, address := range addresses {
		i := &instance{
			number: n + 1, name: fmt.Sprint(n + 1), address: address, dir: filepath.Join(s.dir, fmt.Sprintf("disk-%d", n+1)), logs: s.dir,
			program: s.program, brokers: s.cluster.brokers, shared: &s.shared, starter: &s.starter,
		}
		if n < instancesCount {
			i.brokers = s.cluster.addresses(n)
		}
		if err := os.MkdirAll(i.dir, 0o700); err != nil {
			return err
		}
		if disks && n < instancesCount {
			if err := mountDisk(i.dir); err != nil {
				return err
			}
			s.disks = append(s.disks, i.dir)
		}
		s.instances = append(s.instances, i)
	}
	return nil
}

// keep runs the instances until ctx ends.
func (s *system) keep(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, i := range s.instances {
		if i.number <= instancesCount {
			i.start(false)
		}
		group.Go(func() error { return i.keep(ctx) })
	}
	return group.Wait()
}

// readyTime is how long the instances may take until all of them do their work.
const readyTime = 180 * time.Second

// awaitReady waits until every instance says that it does its work.
func (s *system) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for _, i := range s.instances[:instancesCount] {
		for err := i.ready(ctx); err != nil; err = i.ready(ctx) {
			if ctx.Err() != nil {
				return fmt.Errorf("stuck: instance %d is not ready within %s (see %s): %w", i.number, readyTime, i.log(), err)
			}
			pause(ctx, 100*time.Millisecond)
		}
	}
	return nil
}

func (s *system) doors() (urls []string) {
	for _, i := range s.instances[:instancesCount] {
		urls = append(urls, i.url())
	}
	return urls
}

// crashes is how often an instance ended by itself.
func (s *system) crashes() (n int) {
	for _, i := range s.instances {
		i.mu.Lock()
		n += i.crashes
		i.mu.Unlock()
	}
	return n
}

// stop ends all that still runs; the instances have ended with keep.
func (s *system) stop() error {
	var faults []error
	if s.engine != nil {
		s.engine.child.kill()
	}
	if s.cluster != nil {
		faults = append(faults, s.cluster.stop())
	}
	for _, dir := range s.disks {
		faults = append(faults, unmountDisk(dir))
	}
	return errors.Join(faults...)
}
