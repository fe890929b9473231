package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded"
	"waybill/internal/provision"
	"waybill/internal/reach"
	"waybill/internal/rights"
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
		all, err := s.toProvision()
		if err != nil {
			return err
		}
		plan, err := s.plan(cmd.Context(), all)
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

// need is what is asked of a stack before anything is done with it.
type need struct {
	role    string         // whose rights they are
	rights  []rights.Right // that the login must have
	desired provision.Desired
	tables  bool
}

// wanted is all that the declared topics and steps ask of a stack.
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

// toProvision is what it takes to make all of it.
func (s *stack) toProvision() (need, error) {
	all, err := rights.Of(s.config.Deployment, rights.Provision)
	return need{role: rights.Provision, rights: all, desired: s.wanted(), tables: true}, err
}

// toRun is what the parts take, and no more: a process of one part has the rights of that part.
func (s *stack) toRun(parts []string) (need, error) {
	all, err := rights.Of(s.config.Deployment, parts...)
	n := need{role: strings.Join(parts, " --role "), rights: all, desired: s.wanted(), tables: slices.Contains(parts, partLanding)}
	n.desired.Topics = rights.Compared(all)
	for _, step := range processors.All(processors.Sources{}) {
		if !slices.Contains(parts, step.Name) {
			delete(n.desired.StateSchemas, step.StateSubject())
		}
	}
	return n, err
}

// planned is what provisioning would do, as it is shown.
type planned struct {
	lines   []string // all of it
	changes []string // what is to be done
}

func (s *stack) plan(ctx context.Context, n need) (plan planned, err error) {
	if err := s.mustLet(ctx, n.role, n.rights...); err != nil {
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
		desired, err := s.agreed(ctx, n.desired)
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
	if err == nil && n.tables {
		err = s.planTables(ctx, &plan)
	}
	plan.changes = changesOf(plan.lines)
	return plan, err
}

func (s *stack) planTables(ctx context.Context, plan *planned) error {
	store, err := s.clickhouse(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	changes, err := store.Migrate(ctx, topics.Landing(), true)
	for _, c := range changes {
		plan.lines = append(plan.lines, "+ "+c.What)
	}
	return err
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

// provisioned makes an embedded stack as it is declared. Of a cluster only what the parts use is looked at: what is done to it, its
// operator says.
func (s *stack) provisioned(ctx context.Context, log *slog.Logger, parts []string) error {
	if s.own != nil {
		return s.provisionAll(ctx, log)
	}
	n, err := s.toRun(parts)
	if err != nil {
		return err
	}
	plan, err := s.plan(ctx, n)
	if changes := plan.changes; err == nil && len(changes) > 0 {
		err = fmt.Errorf("the cluster is not as declared in %d things, the first: %s; run 'waybill provision' (--dry-run shows them all)", len(changes), changes[0])
	}
	if err == nil && s.isCluster() {
		err = s.warn(ctx, log, n.desired.Topics)
	}
	return err
}

// warn tells of what does not keep a run from starting, and will trouble it.
func (s *stack) warn(ctx context.Context, log *slog.Logger, used []*topics.Topic) error {
	return s.asking(ctx, func(client *kgo.Client) error {
		found := []finding{
			kafkaClock(ctx, client),
			judge("replicas", reach.Replicas(ctx, kadm.NewClient(client), names(used)), "", ""),
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
		desired, err := s.agreed(ctx, s.wanted())
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
