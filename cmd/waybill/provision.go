package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded"
	"waybill/internal/provision"
	"waybill/internal/reach"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

func (a *app) provision() *cobra.Command {
	var dryRun bool
	cmd := verb("keep", "provision", "Make topics, subjects and tables as they are declared", func(cmd *cobra.Command, _ []string) error {
		s, err := a.openOrEmbed(cmd)
		if err != nil {
			return err
		}
		defer a.close(s)
		plan, err := s.plan(cmd.Context())
		for _, line := range plan.lines {
			fmt.Fprintln(a.stdout, line)
		}
		if err != nil {
			return err
		}
		if len(plan.changes) == 0 {
			a.say("nothing to do: all is as declared")
			return nil
		}
		if dryRun {
			a.say("%d things to do; nothing was touched", len(plan.changes))
			return nil
		}
		if err := s.provisionAll(cmd.Context(), a.log); err != nil {
			return err
		}
		a.say("done")
		return nil
	})
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only show what would be done")
	stackFlags(cmd)
	return cmd
}

// openOrEmbed is open, but makes an embedded stack that is not there yet.
func (a *app) openOrEmbed(cmd *cobra.Command) (*stack, error) {
	c, err := a.settings(cmd)
	if err != nil {
		return nil, err
	}
	if len(c.Kafka.Brokers) > 0 {
		return a.external(c)
	}
	if instance, err := embedded.Find(c.Data); err == nil {
		return onInstance(c, instance)
	}
	return a.embed(cmd.Context(), c, "waybill "+cmd.Name())
}

// wanted is what the declared topics and steps ask of a stack.
func (s *stack) wanted() provision.Desired {
	states := map[string]schemas.Any{}
	for _, step := range processors.All(processors.Sources{}) {
		states[step.StateSubject()] = step.State
	}
	return provision.Desired{
		Topics: topics.All(), StateSchemas: states,
		Partitions: s.config.Kafka.Partitions, Replication: s.config.Kafka.Replication,
	}
}

// pending is what differs from what is declared.
func (s *stack) pending(ctx context.Context) ([]string, error) {
	plan, err := s.plan(ctx)
	return plan.changes, err
}

// planned is what provisioning would do, as it is shown.
type planned struct {
	lines   []string // all of it
	changes []string // what is to be done
}

func (s *stack) plan(ctx context.Context) (plan planned, err error) {
	if err := s.mustAnswer(ctx); err != nil {
		return plan, err
	}
	if err := s.registryAnswers(ctx); err != nil {
		return plan, err
	}
	registry, err := s.schemas()
	if err != nil {
		return plan, err
	}
	err = s.admin(ctx, func(admin *kadm.Client) error {
		onKafka, err := provision.Prepare(ctx, admin, registry, s.wanted())
		if err != nil {
			return err
		}
		plan.lines = onKafka.Lines()
		return onKafka.Refused()
	})
	if err != nil {
		return plan, err
	}
	store, err := s.clickhouse(ctx)
	if err != nil {
		return plan, err
	}
	defer store.Close()
	changes, err := store.Migrate(ctx, topics.Landing(), true)
	for _, c := range changes {
		plan.lines = append(plan.lines, "+ "+c.What)
	}
	plan.changes = changesOf(plan.lines)
	return plan, err
}

// changesOf are the lines of a plan that say what is to be done.
func changesOf(lines []string) (changes []string) {
	for _, line := range lines {
		if strings.HasPrefix(line, "+") || strings.HasPrefix(line, "~") {
			changes = append(changes, line)
		}
	}
	return changes
}

// provisioned makes an embedded stack as it is declared. A cluster is only looked at: what is done to it, its operator says.
func (s *stack) provisioned(ctx context.Context, log *slog.Logger) error {
	if s.own != nil {
		return s.provisionAll(ctx, log)
	}
	changes, err := s.pending(ctx)
	if err == nil && len(changes) > 0 {
		err = fmt.Errorf("the cluster is not as declared in %d things, the first: %s; run 'waybill provision' (--dry-run shows them all)", len(changes), changes[0])
	}
	if err == nil && s.isCluster() {
		err = s.warn(ctx, log)
	}
	return err
}

// warn tells of what does not keep a run from starting, and will trouble it.
func (s *stack) warn(ctx context.Context, log *slog.Logger) error {
	return s.asking(ctx, func(client *kgo.Client) error {
		found := []finding{
			kafkaClock(ctx, client),
			judge("replicas", reach.Replicas(ctx, kadm.NewClient(client), names(topics.All())), "", ""),
		}
		for _, f := range found {
			if !f.OK {
				log.Warn(f.Detail, "next", f.Next)
			}
		}
		return nil
	})
}

// provisionAll makes everything as it is declared; what is so already is left alone.
func (s *stack) provisionAll(ctx context.Context, log *slog.Logger) error {
	registry, err := s.schemas()
	if err != nil {
		return err
	}
	err = s.admin(ctx, func(admin *kadm.Client) error {
		plan, err := provision.Prepare(ctx, admin, registry, s.wanted())
		if err != nil || plan.Empty() {
			return err
		}
		log.Info("provisioning", "plan", plan.Lines())
		return plan.Apply(ctx)
	})
	if err != nil {
		return err
	}
	log.Info("topics and schemas are as declared")
	store, err := s.clickhouse(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	changes, err := store.Migrate(ctx, topics.Landing(), false)
	log.Info("tables are as declared", "changes", len(changes))
	return err
}
