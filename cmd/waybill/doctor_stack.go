package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/clickhouse"
	"waybill/internal/provision"
	"waybill/internal/reach"
	"waybill/schemas"
	"waybill/topics"
)

// examine asks the three parts of a stack. What one of them does not answer is left out, and the others are asked all the same.
func (s *stack) examine(ctx context.Context) func(func(finding) bool) {
	return func(yield func(finding) bool) {
		more := true
		tell := func(found ...finding) bool {
			for _, f := range found {
				more = more && yield(f)
			}
			return more
		}
		for _, part := range []func(context.Context, func(...finding) bool){s.examineFiles, s.examineKafka, s.examineRegistry, s.examineTables} {
			if part(ctx, tell); !more {
				return
			}
		}
	}
}

// examineFiles looks at certificates and passwords.
func (s *stack) examineFiles(_ context.Context, tell func(...finding) bool) {
	for _, err := range s.login.Faults() {
		tell(judge("certificates", err, "", "put a whole and valid file in its place; a running instance goes on with the one before"))
	}
	now := time.Now()
	for _, e := range s.login.Expiries() {
		f := finding{Check: "certificates", OK: now.Before(e.NotAfter), Detail: e.At(now)}
		if e.Soon(now) {
			f.Next = "put its successor in the place of the file; no restart is needed"
		}
		tell(f)
	}
}

func (s *stack) examineKafka(ctx context.Context, tell func(...finding) bool) {
	metadata, err := s.brokersAnswer(ctx)
	if !tell(judge("kafka", err, fmt.Sprintf("%d at %v", len(metadata.Brokers), s.brokers), "")) || err != nil {
		return
	}
	kafka, _, _ := s.targets()
	if err := kafka.Advertised(ctx, metadata.Brokers, s.login.Kafka); err != nil {
		tell(judge("brokers", err, "", ""))
	}
	err = s.asking(ctx, func(client *kgo.Client) error {
		admin := kadm.NewClient(client)
		tell(topicsAreDeclared(ctx, admin, s.wanted())...)
		tell(judge("replicas", reach.Replicas(ctx, admin, names(topics.All())), "every partition has as many in sync as it needs", ""))
		tell(s.nothingHangs(ctx, admin)...)
		tell(kafkaClock(ctx, client))
		return nil
	})
	if err != nil {
		tell(judge("topics", err, "", "check kafka.brokers"))
	}
}

func names(all []*topics.Topic) []string {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Name
	}
	return names
}

func topicsAreDeclared(ctx context.Context, admin *kadm.Client, desired provision.Desired) []finding {
	plan, err := provision.Topics(ctx, admin, desired)
	return judgePlan("topics", plan, err, fmt.Sprintf("%d are as declared", len(desired.Topics)))
}

// judgePlan is a finding of each thing that a plan refuses or would do.
func judgePlan(check string, plan *provision.Plan, err error, detail string) []finding {
	if err != nil {
		return []finding{judge(check, err, "", "")}
	}
	var found []finding
	for _, refusal := range plan.Refusals() {
		next := ""
		if errors.Is(refusal, schemas.ErrIncompatible) {
			next = "ask who registered that version; if it is a mistake, delete it from the registry, else run the release of Waybill that it belongs to"
		}
		found = append(found, judge(check, refusal, "", next))
	}
	if changes := changesOf(plan.Lines()); len(changes) > 0 {
		found = append(found, undone(check, changes))
	}
	if len(found) == 0 {
		found = append(found, judge(check, nil, detail, ""))
	}
	return found
}

// undone is what provisioning has not done yet, in a line.
func undone(check string, changes []string) finding {
	return finding{
		Check: check, Detail: fmt.Sprintf("not as declared: %s", strings.Join(changes, "; ")),
		Next: "run 'waybill provision'; with --dry-run it shows what it would do",
	}
}

func (s *stack) examineRegistry(ctx context.Context, tell func(...finding) bool) {
	err := s.registryAnswers(ctx)
	if !tell(judge("registry", err, s.registry, "")) || err != nil {
		return
	}
	registry, err := s.schemas()
	if err != nil {
		tell(judge("subjects", err, "", ""))
		return
	}
	tell(subjectsAreDeclared(ctx, registry, s.wanted())...)
}

func subjectsAreDeclared(ctx context.Context, registry *schemas.Registry, desired provision.Desired) []finding {
	plan, err := provision.Subjects(ctx, registry, desired)
	return judgePlan("subjects", plan, err, "are as declared")
}

func (s *stack) examineTables(ctx context.Context, tell func(...finding) bool) {
	store, err := s.clickhouse(ctx)
	if err != nil {
		tell(judge("clickhouse", err, "", ""))
		return
	}
	defer store.Close()
	version := ""
	err = store.Query(ctx, "SELECT version() AS v", func(_ []string, values []any) error {
		version = fmt.Sprintf("version %v", values[0])
		return nil
	})
	if !tell(judge("clickhouse", err, version, "look into its log")) || err != nil {
		return
	}
	tell(tablesAreDeclared(ctx, store), tablesClock(ctx, store))
}

func tablesAreDeclared(ctx context.Context, store *clickhouse.ClickHouse) finding {
	changes, err := store.Migrate(ctx, topics.Landing(), true)
	if err != nil || len(changes) == 0 {
		return judge("tables", err, "are as declared", "")
	}
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = c.What
	}
	return undone("tables", lines)
}
