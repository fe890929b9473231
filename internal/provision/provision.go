// Package provision makes the cluster and the registry be what the catalogue of topics says: what is missing is created, what
// differs is changed, what can not be changed is refused before anything is touched. Doing it twice does nothing the second time.
//
// It knows the roads and the words, not who uses them.
package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"

	"waybill/schemas"
	"waybill/topics"
)

// Desired is what there should be.
type Desired struct {
	Topics       []*topics.Topic
	StateSchemas map[string]schemas.Any // of what steps remember, by subject
	Partitions   int                    // of each topic
	Replication  int                    // copies of each topic; 0: as the broker has it configured
	// Chosen says which version of a subject is written, and Choose says so of those of which nothing is said yet. Nil: that is left as
	// it is.
	Chosen func(ctx context.Context, subject string) (*schemas.VersionChoice, error)
	Choose func(ctx context.Context, first []*schemas.VersionChoice) error
}

// Plan is what would have to be done.
type Plan struct {
	admin    *kadm.Client
	registry *schemas.Registry
	desired  Desired
	topics   []topicPlan
	subjects []subjectPlan
	small    []topicPlan // those that are there with too few partitions
	refusals []error
}

// Prepare looks at what there is and plans the difference. It changes nothing. An error means that it could not look; what it
// would refuse to do stands in the plan.
func Prepare(ctx context.Context, admin *kadm.Client, registry *schemas.Registry, desired Desired) (*Plan, error) {
	p := &Plan{admin: admin, registry: registry, desired: desired}
	if admin != nil {
		if err := p.planTopics(ctx); err != nil {
			return nil, fmt.Errorf("plan the topics: %w", err)
		}
	}
	if registry != nil {
		if err := p.planSubjects(ctx); err != nil {
			return nil, fmt.Errorf("plan the schemas: %w", err)
		}
	}
	return p, nil
}

// Topics plans the topics alone, where the registry does not answer.
func Topics(ctx context.Context, admin *kadm.Client, desired Desired) (*Plan, error) {
	return Prepare(ctx, admin, nil, desired)
}

// Subjects plans the subjects alone, where the brokers do not answer.
func Subjects(ctx context.Context, registry *schemas.Registry, desired Desired) (*Plan, error) {
	return Prepare(ctx, nil, registry, desired)
}

// Refusals is why the plan can not be done, one by one.
func (p *Plan) Refusals() []error { return p.refusals }

// Refused is why the plan can not be done, each reason once; nil if it can.
func (p *Plan) Refused() error { return errors.Join(p.refusals...) }

// Empty says that there is nothing to do.
func (p *Plan) Empty() bool {
	return !slices.ContainsFunc(p.topics, func(t topicPlan) bool { return t.missing || len(t.changes) > 0 }) &&
		!slices.ContainsFunc(p.subjects, func(s subjectPlan) bool { return !s.held || s.chosen == nil && s.first != nil })
}

// Apply does what is planned. A plan with a refusal in it is not begun. What another instance did meanwhile is no fault: what it
// made is compared as if it had been there.
func (p *Plan) Apply(ctx context.Context) error {
	if err := p.Refused(); err != nil {
		return fmt.Errorf("provision refused, nothing was changed: %w", err)
	}
	late, err := p.rehearse(ctx)
	if err != nil {
		return fmt.Errorf("provision refused, nothing was changed: %w", err)
	}
	if late != "" {
		return p.applyAnew(ctx, late)
	}
	for _, t := range p.topics {
		if err := p.applyTopic(ctx, t); err != nil {
			return fmt.Errorf("provision topic %s: %w", t.topic.Name, err)
		}
	}
	if err := p.awaitCreated(ctx); err != nil {
		return err
	}
	return p.applySubjects(ctx)
}

// applyAnew plans again, now that a topic is there after all, as soon as the brokers tell of it.
func (p *Plan) applyAnew(ctx context.Context, late string) error {
	if _, err := p.awaitTopic(ctx, late); err != nil {
		return err
	}
	again, err := Prepare(ctx, p.admin, p.registry, p.desired)
	if err != nil {
		return err
	}
	return again.Apply(ctx)
}
