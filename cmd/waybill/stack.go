package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/config"
	"waybill/internal/credentials"
	"waybill/internal/embedded"
	"waybill/internal/reach"
	"waybill/topics"
)

// stack is the broker, the registry and the engine that a verb works with: a cluster that is configured, an instance that runs
// on the data folder, or that folder itself.
type stack struct {
	has      edition
	log      *slog.Logger
	config   *config.Config
	login    *credentials.All // to a cluster; all zero on this machine
	kafka    []kgo.Opt
	brokers  []string
	registry string
	dsn      string
	running  *embedded.Instance // the instance that is talked to
	own      *embedded.Stack    // started by this command, and ended with it
}

// open finds the stack that the flags and the configuration name. Only up, run and demo make one that is not there.
func (a *app) open(cmd *cobra.Command) (*stack, error) {
	c, err := a.settings(cmd)
	if err != nil {
		return nil, err
	}
	if len(c.Kafka.Brokers) > 0 {
		return a.external(c)
	}
	instance, err := embedded.Find(c.Data)
	if err == nil {
		return a.onInstance(c, instance), nil
	}
	if !errors.Is(err, embedded.ErrNotRunning) {
		return nil, err
	}
	if _, err := os.Stat(c.Data); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no data folder %s: name one with --data, or make one with 'waybill up'", c.Data)
	}
	return a.embed(cmd.Context(), c, "waybill "+cmd.Name())
}

// embed starts the embedded stack on the data folder.
func (a *app) embed(ctx context.Context, c *config.Config, purpose string) (*stack, error) {
	own, err := embedded.Start(ctx, embedded.Config{
		Dir: c.Data, Sync: c.Embedded.Sync, Library: c.Embedded.Libchdb, Purpose: purpose, Log: a.log,
	})
	if err != nil {
		return nil, err
	}
	s := &stack{has: a.has, log: a.log, config: c, login: credentials.None(), brokers: own.Brokers, registry: own.Registry, dsn: own.ClickHouse, own: own}
	s.kafka = onThisMachine(own.Brokers)
	return s, nil
}

func (a *app) onInstance(c *config.Config, instance *embedded.Instance) *stack {
	topics.Call(instance.Called)
	topics.Carry(instance.Carriers)
	topics.Print(instance.Printers)
	return &stack{
		has: a.has, log: a.log, config: c, login: credentials.None(), brokers: instance.Brokers, registry: instance.Registry, dsn: instance.ClickHouse, running: instance,
		kafka: onThisMachine(instance.Brokers),
	}
}

// onThisMachine is how an embedded broker is reached. It costs nothing to ask it often, so that a new topic and a restart are
// noticed at once; and it takes no metrics of its clients, for whose delivery one that ends would wait.
func onThisMachine(brokers []string) []kgo.Opt {
	return []kgo.Opt{kgo.SeedBrokers(brokers...), kgo.MetadataMinAge(100 * time.Millisecond), kgo.DisableClientMetrics()}
}

func (a *app) external(c *config.Config) (*stack, error) {
	s, err := a.withoutTables(c)
	if err == nil && c.ClickHouse.DSN == "" {
		err = usage("kafka.brokers is set, so clickhouse.dsn must be: give --clickhouse DSN")
	}
	return s, err
}

// withoutTables is a cluster for who does not talk to ClickHouse.
func (a *app) withoutTables(c *config.Config) (*stack, error) {
	if c.Registry.URL == "" {
		return nil, usage("kafka.brokers is set, so registry.url must be: give --registry URL")
	}
	login, err := credentials.Open(c, a.log)
	if err != nil {
		return nil, err
	}
	return &stack{
		has: a.has, log: a.log, config: c, login: login, kafka: reach.KafkaOptions(c.Kafka, login.Kafka),
		brokers: c.Kafka.Brokers, registry: c.Registry.URL, dsn: c.ClickHouse.DSN,
	}, nil
}

// stopTimeout bounds how long an embedded stack may take to end cleanly.
const stopTimeout = 60 * time.Second

// close ends what this command started.
func (s *stack) close() error {
	if s.own == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	return s.own.Stop(ctx)
}

// close ends the stack, and says what went wrong with that: the verb's own result stands.
func (a *app) close(s *stack) {
	if err := s.close(); err != nil {
		a.log.Warn("the embedded stack did not end cleanly", "error", err)
	}
}
