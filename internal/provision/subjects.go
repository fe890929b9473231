package provision

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"waybill/schemas"
)

// subjectPlan is what becomes of one subject.
type subjectPlan struct {
	subject string
	schema  schemas.Any
	newest  int                    // version that is there; 0: none
	held    bool                   // this very schema is there
	chosen  *schemas.VersionChoice // that is written; nil: none was chosen yet
	first   *schemas.VersionChoice // that will be, if none was chosen: the newest that those read who ran before
}

// Subjects is every subject that there must be, with its schema.
func (d Desired) Subjects() map[string]schemas.Any {
	all := maps.Clone(d.StateSchemas)
	for _, t := range d.Topics {
		if t.Schema != nil {
			all[t.Subject()] = t.Schema
		}
	}
	return all
}

// subjects are the topics' in their order, then those of what steps remember.
func (d Desired) subjects() []subjectPlan {
	var all []subjectPlan
	for _, t := range d.Topics {
		if t.Schema != nil {
			all = append(all, subjectPlan{subject: t.Subject(), schema: t.Schema})
		}
	}
	for _, subject := range slices.Sorted(maps.Keys(d.StateSchemas)) {
		all = append(all, subjectPlan{subject: subject, schema: d.StateSchemas[subject]})
	}
	return all
}

func (p *Plan) planSubjects(ctx context.Context) error {
	for _, s := range p.desired.subjects() {
		if err := p.planSubject(ctx, &s); err != nil {
			return err
		}
		p.subjects = append(p.subjects, s)
	}
	return nil
}

func (p *Plan) planSubject(ctx context.Context, s *subjectPlan) error {
	registered, err := p.registry.Registered(ctx, s.subject, s.schema)
	if err != nil {
		return err
	}
	for _, v := range registered {
		s.newest = v.Number
		if v.Own > 0 {
			s.first = p.choice(s, v.Number, v.Own)
		}
	}
	s.held, err = p.registry.Check(ctx, s.subject, s.schema)
	switch {
	case errors.Is(err, schemas.ErrIncompatible):
		p.refusals = append(p.refusals, err)
	case err != nil:
		return err
	}
	if p.desired.Chosen == nil {
		s.first = nil
		return nil
	}
	s.chosen, err = p.desired.Chosen(ctx, s.subject)
	return err
}

func (p *Plan) choice(s *subjectPlan, number, own int) *schemas.VersionChoice {
	written := p.registry.Versions(s.schema)[own-1]
	return &schemas.VersionChoice{Subject: s.subject, Version: int32(number), Fingerprint: schemas.FingerprintText(written.Fingerprint)}
}

// applySubjects registers what is missing. A version that comes beside others is not written before it is activated: of which
// nothing was said yet, that is said first.
func (p *Plan) applySubjects(ctx context.Context) error {
	var beside []*subjectPlan
	var first []*schemas.VersionChoice
	for i := range p.subjects {
		s := &p.subjects[i]
		if !s.held && s.newest > 0 {
			beside = append(beside, s)
		} else if !s.held {
			if err := p.register(ctx, s); err != nil {
				return err
			}
		}
		if s.chosen == nil && s.first != nil {
			first = append(first, s.first)
		}
	}
	if err := p.choose(ctx, first); err != nil {
		return err
	}
	first = nil
	for _, s := range beside {
		none := s.first == nil // none of those that are there is ours
		if err := p.register(ctx, s); err != nil {
			return err
		}
		if none && s.chosen == nil {
			first = append(first, s.first)
		}
	}
	return p.choose(ctx, first)
}

func (p *Plan) choose(ctx context.Context, first []*schemas.VersionChoice) error {
	if p.desired.Choose == nil || len(first) == 0 {
		return nil
	}
	if err := p.desired.Choose(ctx, first); err != nil {
		return fmt.Errorf("provision: %w", err)
	}
	return nil
}

func (p *Plan) register(ctx context.Context, s *subjectPlan) error {
	version, err := p.registry.Register(ctx, s.subject, s.schema)
	if err != nil {
		return fmt.Errorf("provision: %w", err)
	}
	if s.first == nil {
		s.first = p.choice(s, version, len(p.registry.Versions(s.schema)))
	}
	return nil
}
