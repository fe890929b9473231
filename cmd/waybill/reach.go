package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/clickhouse"
	"waybill/internal/reach"
	"waybill/internal/rights"
	"waybill/internal/versions"
	"waybill/schemas"
	"waybill/topics"
)

// The three that a stack is made of, as an operator's settings name them.
func (s *stack) targets() (kafka, registry, tables reach.Target) {
	return reach.Kafka(s.login.Kafka.Certificates != nil, s.login.Kafka.User),
		reach.Registry(s.login.Registry.Certificates != nil, s.login.Registry.User),
		reach.ClickHouse(s.login.ClickHouse.Certificates != nil, s.login.ClickHouse.User)
}

// brokersAnswer asks the cluster for its brokers. It says within seconds why there is no answer.
func (s *stack) brokersAnswer(ctx context.Context) (kadm.Metadata, error) {
	kafka, _, _ := s.targets()
	return kafka.Brokers(ctx, s.brokers, s.login.Kafka, s.kafka)
}

// mustLet is an error within seconds if a cluster does not answer, or does not let this login do what is wanted; the clients behind it
// would try on for ever. The role is the one that has those rights.
func (s *stack) mustLet(ctx context.Context, role string, wanted ...rights.Right) error {
	if !s.isCluster() {
		return nil
	}
	if _, err := s.brokersAnswer(ctx); err != nil || len(wanted) == 0 {
		return err
	}
	return s.asking(ctx, func(client *kgo.Client) error {
		missing, err := rights.Missing(ctx, client, wanted)
		if err != nil || len(missing) == 0 {
			return err
		}
		kafka, _, _ := s.targets()
		return &reach.Fault{
			What: "kafka", Where: strings.Join(s.brokers, ","), Why: kafka.Who() + " may not " + rights.Lines(missing),
			Next: fmt.Sprintf("'waybill acls --role %s' prints what is to be granted, with --apply it grants it", role),
		}
	})
}

// admin does something with a client of its own, of a cluster that answers.
func (s *stack) admin(ctx context.Context, do func(*kadm.Client) error) error {
	if err := s.mustLet(ctx, ""); err != nil {
		return err
	}
	return s.asking(ctx, func(client *kgo.Client) error { return do(kadm.NewClient(client)) })
}

func (s *stack) asking(ctx context.Context, do func(*kgo.Client) error) error {
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.MetadataMinAge(100 * time.Millisecond)}, s.kafka...)...)
	if err != nil {
		return fmt.Errorf("reach the brokers: %w", err)
	}
	defer client.Close()
	kafka, _, _ := s.targets()
	return kafka.Refusal(strings.Join(s.brokers, ","), do(client))
}

// isCluster says that the stack is none of this machine's own, whose parts are known to answer.
func (s *stack) isCluster() bool { return s.own == nil && s.running == nil }

// registryAnswers asks the registry whether it does.
func (s *stack) registryAnswers(ctx context.Context) error {
	registry, err := s.schemas()
	if err != nil {
		return err
	}
	_, target, _ := s.targets()
	ctx, cancel := context.WithTimeout(ctx, reach.AskTimeout)
	defer cancel()
	_, err = registry.Registered(ctx, topics.OrdersRaw.Subject(), topics.OrdersRaw.Schema)
	return target.Why(s.registry, err)
}

// schemas is the registry, by which is written what was chosen.
func (s *stack) schemas() (*schemas.Registry, error) {
	registry, _, err := s.versioned()
	return registry, err
}

// versioned is the registry with the choices by which it writes. They are read at the first need.
func (s *stack) versioned() (*schemas.Registry, *versions.Choices, error) {
	registry, err := s.unversioned()
	if err != nil {
		return nil, nil, err
	}
	return registry, versions.New(s.kafka, registry, s.wanted().Subjects(), s.log), nil
}

// unversioned is the registry as it is before anything was chosen.
func (s *stack) unversioned() (*schemas.Registry, error) {
	registry, err := schemas.NewRegistry(s.registry, reach.RegistryOptions(s.login.Registry)...)
	if err != nil {
		return nil, err
	}
	return registry.Knowing(s.has.upto), nil
}

// openTables opens the stack, and ClickHouse on it. Whoever is done closes both.
func (a *app) openTables(cmd *cobra.Command) (*stack, *clickhouse.ClickHouse, func(), error) {
	s, err := a.open(cmd)
	if err != nil {
		return nil, nil, nil, err
	}
	store, err := s.clickhouse(cmd.Context())
	if err != nil {
		a.close(s)
		return nil, nil, nil, err
	}
	return s, store, func() { store.Close(); a.close(s) }, nil
}

// clickhouse opens the tables. It says within seconds why they can not be opened.
func (s *stack) clickhouse(ctx context.Context) (*clickhouse.ClickHouse, error) {
	options := clickhouse.Options{
		Username: s.config.ClickHouse.User, Password: s.config.ClickHouse.Password.Reveal(), QuerySeconds: s.config.ClickHouse.QuerySecondsMax,
	}
	login := s.login.ClickHouse
	if login.Password != nil {
		options.PasswordNow = login.Password.Now
	}
	if login.Certificates != nil {
		options.Dial = login.Certificates.Dial
	}
	store, err := clickhouse.Open(ctx, s.dsn, options)
	if err == nil {
		return store, nil
	}
	_, _, tables := s.targets()
	if errors.Is(err, clickhouse.ErrLogin) {
		return nil, tables.Refused(withoutLogin(s.dsn), err)
	}
	return nil, tables.Why(withoutLogin(s.dsn), err)
}

// withoutLogin is an address fit to be shown.
func withoutLogin(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "an address that can not be read"
	}
	parsed.User, parsed.RawQuery = nil, ""
	return parsed.String()
}
