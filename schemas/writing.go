package schemas

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/sr"
)

// Choices says which version of a subject is written. The newest that is registered is not it: those that run may not be able to
// read it yet.
type Choices interface {
	// Chosen is what was chosen last for the subject, nil if nothing was.
	Chosen(ctx context.Context, subject string) (*VersionChoice, error)
	// Changes grows with every choice.
	Changes() int64
}

// WriteBy makes r write what was chosen. It comes before the first use.
func (r *Registry) WriteBy(choices Choices) { r.choices = choices }

// writing is the version in which a subject is written, as it stood after so many changes.
type writing struct {
	id          int
	fingerprint [32]byte
	version     int32 // that was chosen; 0 if none was
	changes     int64
}

func (r *Registry) writes(ctx context.Context, subject string, s Any) (*writing, error) {
	var changes int64
	if r.choices != nil {
		changes = r.choices.Changes()
	}
	was, _ := r.writing.Load(subject)
	if was != nil && was.(*writing).changes == changes {
		return was.(*writing), nil
	}
	now, err := r.findWriting(ctx, subject, s, was)
	if err != nil {
		return nil, err
	}
	now.changes = changes
	r.writing.Store(subject, now)
	r.known.Store(now.id, now.fingerprint)
	return now, nil
}

// findWriting finds the version that was chosen. One that this program does not have it can not write: it goes on with its newest,
// which all can read, and its own reading is held up elsewhere.
func (r *Registry) findWriting(ctx context.Context, subject string, s Any, was any) (*writing, error) {
	if r.choices == nil {
		return r.lookUp(ctx, subject, r.newest(s))
	}
	choice, err := r.choices.Chosen(ctx, subject)
	if err != nil {
		return nil, fmt.Errorf("which version of %s is written: %w", subject, err)
	}
	if choice == nil {
		return nil, fmt.Errorf("no version of %s was chosen to be written: run waybill provision", subject)
	}
	if before, ok := was.(*writing); ok && before.version == choice.Version && FingerprintText(before.fingerprint) == choice.Fingerprint {
		return &writing{id: before.id, fingerprint: before.fingerprint, version: choice.Version}, nil
	}
	versions := r.Versions(s)
	i := slices.IndexFunc(versions, func(v Version) bool { return FingerprintText(v.Fingerprint) == choice.Fingerprint })
	if i < 0 {
		return r.lookUp(ctx, subject, r.newest(s))
	}
	found, err := r.client.SchemaByVersion(ctx, subject, int(choice.Version))
	if err != nil {
		return nil, fmt.Errorf("read version %d of subject %s, which is written: %w", choice.Version, subject, plain(err))
	}
	if sum, err := fingerprintOf(found.Schema.Schema); err != nil || sum != versions[i].Fingerprint {
		return nil, fmt.Errorf("version %d of subject %s is another than was chosen: has the registry been made anew? run waybill provision --activate", choice.Version, subject)
	}
	return &writing{id: found.ID, fingerprint: versions[i].Fingerprint, version: choice.Version}, nil
}

func (r *Registry) lookUp(ctx context.Context, subject string, v Version) (*writing, error) {
	found, err := r.client.LookupSchema(ctx, subject, sr.Schema{Schema: v.Text, Type: sr.TypeAvro})
	if err != nil {
		return nil, fmt.Errorf("look up the schema of %s (is it registered? run waybill provision): %w", subject, plain(err))
	}
	return &writing{id: found.ID, fingerprint: v.Fingerprint}, nil
}
