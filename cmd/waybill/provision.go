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
	var activate bool
	var how activating
	cmd := verb("keep", "provision", "Make topics, subjects and tables as they are declared", func(cmd *cobra.Command, args []string) error {
		if !activate && (len(args) > 0 || how.force || how.by != "" || how.reason != "") {
			return usage("provision: subjects, --force, --by and --reason belong to --activate")
		}
		s, err := a.openOrEmbed(cmd)
		if err != nil {
			return err
		}
		defer a.close(s)
		if activate {
			return a.activate(cmd, s, args, &how)
		}
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
		if how.dryRun {
			a.say("%d things to do; nothing was touched", len(plan.changes))
			return nil
		}
		if err := s.provisionAll(cmd.Context(), a.log); err != nil {
			return err
		}
		a.say("done")
		return nil
	})
	cmd.Use = "provision [--activate [SUBJECT[@VERSION]…]]"
	cmd.Args = cobra.ArbitraryArgs
	cmd.Long = "Make topics, subjects and tables as they are declared.\n\n" +
		"A new version of a schema is registered, but not written: first every process is to be upgraded, so that all can read it. Then\n" +
		"--activate makes all of them write it: of the named subjects, or of all. It refuses what a process that runs can not read.\n" +
		"SUBJECT@VERSION goes back to an earlier version, unless that can not say all that the later does."
	cmd.Example = `  waybill provision --dry-run
  waybill provision --activate --dry-run
  waybill provision --activate orders.raw-value@1 --reason "a consumer of ours can not read version 2"`
	cmd.Flags().BoolVar(&how.dryRun, "dry-run", false, "only show what would be done")
	cmd.Flags().BoolVar(&activate, "activate", false, "write the newest version of the named subjects, or of all, or the version that is named")
	cmd.Flags().BoolVar(&how.force, "force", false, "activate what was refused too")
	how.flags(cmd)
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
		return a.onInstance(c, instance), nil
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
		desired, err := s.agreed(ctx)
		if err != nil {
			return err
		}
		onKafka, err := provision.Prepare(ctx, admin, registry, desired)
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
		desired, err := s.agreed(ctx)
		if err != nil {
			return err
		}
		plan, err := provision.Prepare(ctx, admin, registry, desired)
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
	if s.own != nil {
		if err := s.activateOwn(ctx); err != nil {
			return fmt.Errorf("activate what the embedded stack writes: %w", err)
		}
	}
	store, err := s.clickhouse(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	changes, err := store.Migrate(ctx, topics.Landing(), false)
	log.Info("tables are as declared", "changes", len(changes))
	return err
}
