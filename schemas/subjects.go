package schemas

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/sr"
)

// Subject is the name under which a topic's values are registered.
func Subject(topic string) string { return topic + "-value" }

// Registered is a version of a subject as it stands in the registry.
type Registered struct {
	Number int // as the registry counts them
	ID     int // that stands in front of what it wrote
	Text   string
	Own    int // the version of ours that it is, from 1; 0 if this program has none like it
}

// Registered are all versions of a subject, the oldest first; none if nobody registered any.
func (r *Registry) Registered(ctx context.Context, subject string, s Any) ([]Registered, error) {
	found, err := r.client.Schemas(ctx, subject)
	if isUnknown(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read subject %s: %w", subject, plain(err))
	}
	all := make([]Registered, len(found))
	for i, f := range found {
		all[i] = Registered{Number: f.Version, ID: f.ID, Text: f.Schema.Schema}
		sum, err := fingerprintOf(f.Schema.Schema)
		if err != nil {
			continue // it is none of ours, and Compatible says why
		}
		for n, v := range r.Versions(s) {
			if v.Fingerprint == sum {
				all[i].Own = n + 1
			}
		}
	}
	return all, nil
}

// Check says whether this very definition is under the subject already. If it is not, Register would add it: an error names the
// field for which it can not.
func (r *Registry) Check(ctx context.Context, subject string, s Any) (held bool, err error) {
	if err := r.fits(ctx, subject, s); err != nil {
		return false, err
	}
	_, err = r.client.LookupSchema(ctx, subject, sr.Schema{Schema: r.newest(s).Text, Type: sr.TypeAvro})
	if err != nil && !isUnknown(err) {
		return false, fmt.Errorf("look up the schema of %s: %w", subject, plain(err))
	}
	return err == nil, nil
}

// Register makes the schema known under the subject, after checking it against every version that is there.
func (r *Registry) Register(ctx context.Context, subject string, s Any) (version int, err error) {
	if err := r.fits(ctx, subject, s); err != nil {
		return 0, err
	}
	newest := r.newest(s)
	created, err := r.client.CreateSchema(ctx, subject, sr.Schema{Schema: newest.Text, Type: sr.TypeAvro})
	if err != nil {
		return 0, fmt.Errorf("register subject %s: %w", subject, plain(err))
	}
	r.known.Store(created.ID, newest.Fingerprint)
	if r.choices == nil {
		r.writing.Store(subject, &writing{id: created.ID, fingerprint: newest.Fingerprint})
	}
	return created.Version, nil
}

// fits holds the definition against all that are registered under the subject, whoever did that: registries differ in how they
// check, and the embedded one does not.
func (r *Registry) fits(ctx context.Context, subject string, s Any) error {
	versions, err := r.Registered(ctx, subject, s)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if err := Compatible(r.newest(s).Text, v.Text); err != nil {
			return fmt.Errorf("subject %s: this schema does not fit its version %d: %w: %w", subject, v.Number, ErrIncompatible, err)
		}
	}
	return nil
}
