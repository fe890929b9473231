package schemas

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hamba/avro/v2"
	"github.com/twmb/franz-go/pkg/sr"
)

// What can be wrong with a framed value, beside ErrMalformed.
var (
	// ErrUnknownSchema: the registry does not know the id. The record is somebody's mistake and goes to the trash.
	ErrUnknownSchema = errors.New("unknown schema id")
	// ErrForeignSchema: the registry knows the id, this binary does not. The record is from a newer one and must wait.
	ErrForeignSchema = errors.New("schema is not one of this version of Waybill: upgrade this instance")
	// ErrIncompatible: a definition can not stand beside one that is registered.
	ErrIncompatible = errors.New("incompatible")
	// ErrRegistry: the registry could not be asked. The record must wait.
	ErrRegistry = errors.New("schema registry does not answer")
)

// Registry frames values as Confluent does: a zero byte, the schema's id in four bytes, the Avro bytes
// (https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop, "Wire format").
type Registry struct {
	client *sr.Client
	header sr.ConfluentHeader
	ids    sync.Map // subject → int, to write with
	known  sync.Map // id → [32]byte, the writer's fingerprint
}

// NewRegistry talks to the registry at that URL, on the first need. The options say how it is reached, and as whom.
func NewRegistry(url string, options ...sr.ClientOpt) (*Registry, error) {
	client, err := sr.NewClient(append([]sr.ClientOpt{sr.URLs(url), sr.UserAgent("waybill")}, options...)...)
	if err != nil {
		return nil, fmt.Errorf("schema registry %s: %w", url, err)
	}
	return &Registry{client: client}, nil
}

// Subject is the name under which a topic's values are registered.
func Subject(topic string) string { return topic + "-value" }

// Registered is the newest definition under a subject; ok is false if there is none.
func (r *Registry) Registered(ctx context.Context, subject string) (text string, version int, ok bool, err error) {
	found, err := r.client.SchemaByVersion(ctx, subject, -1)
	var answer *sr.ResponseError
	if errors.As(err, &answer) && answer.StatusCode == 404 {
		return "", 0, false, nil
	}
	if err != nil {
		return "", 0, false, fmt.Errorf("read subject %s: %w", subject, err)
	}
	return found.Schema.Schema, found.Version, true, nil
}

// Check says whether this very definition is under the subject already. If it is not, Register would add it: an error names the
// field for which it can not.
func (r *Registry) Check(ctx context.Context, subject string, s Any) (held bool, err error) {
	if err := r.fits(ctx, subject, s); err != nil {
		return false, err
	}
	_, err = r.client.LookupSchema(ctx, subject, sr.Schema{Schema: s.Text(), Type: sr.TypeAvro})
	if err != nil && !isUnknown(err) {
		return false, fmt.Errorf("look up the schema of %s: %w", subject, err)
	}
	return err == nil, nil
}

// Register makes the schema known under the subject, after checking it against every version that is there.
func (r *Registry) Register(ctx context.Context, subject string, s Any) (version int, err error) {
	if err := r.fits(ctx, subject, s); err != nil {
		return 0, err
	}
	created, err := r.client.CreateSchema(ctx, subject, sr.Schema{Schema: s.Text(), Type: sr.TypeAvro})
	if err != nil {
		return 0, fmt.Errorf("register subject %s: %w", subject, err)
	}
	r.ids.Store(subject, created.ID)
	r.known.Store(created.ID, s.Current())
	return created.Version, nil
}

func (r *Registry) fits(ctx context.Context, subject string, s Any) error {
	versions, err := r.client.Schemas(ctx, subject)
	if err != nil && !isUnknown(err) {
		return fmt.Errorf("read subject %s: %w", subject, err)
	}
	for _, v := range versions {
		if err := Compatible(s.Text(), v.Schema.Schema); err != nil {
			return fmt.Errorf("subject %s: this schema does not fit its version %d: %w: %w", subject, v.Version, ErrIncompatible, err)
		}
	}
	return nil
}

// isUnknown says that the registry answered, and has no such thing.
func isUnknown(err error) bool {
	var answer *sr.ResponseError
	return errors.As(err, &answer) && answer.StatusCode == 404
}

// Encode frames v, a pointer to the schema's type, behind dst, as a value of that subject.
func (r *Registry) Encode(ctx context.Context, dst []byte, subject string, s Any, v any) ([]byte, error) {
	id, err := r.writeID(ctx, subject, s)
	if err != nil {
		return dst, err
	}
	dst, err = r.header.AppendEncode(dst, id, nil)
	if err != nil {
		return dst, fmt.Errorf("frame %s: %w", s.Name(), err)
	}
	return s.Append(dst, v)
}

// Decode reads a framed value into v, a pointer to the schema's type.
func (r *Registry) Decode(ctx context.Context, s Any, framed []byte, v any) error {
	id, b, err := r.header.DecodeID(framed)
	if err != nil {
		return fmt.Errorf("decode %s: %w: no schema id in front: %w", s.Name(), ErrMalformed, err)
	}
	writer, err := r.writer(ctx, id)
	if err != nil {
		return fmt.Errorf("decode %s: %w", s.Name(), err)
	}
	return s.Decode(writer, b, v)
}

func (r *Registry) writeID(ctx context.Context, subject string, s Any) (int, error) {
	if id, ok := r.ids.Load(subject); ok {
		return id.(int), nil
	}
	found, err := r.client.LookupSchema(ctx, subject, sr.Schema{Schema: s.Text(), Type: sr.TypeAvro})
	if err != nil {
		return 0, fmt.Errorf("look up the schema of %s (is it registered? run waybill provision): %w", subject, err)
	}
	r.ids.Store(subject, found.ID)
	r.known.Store(found.ID, s.Current())
	return found.ID, nil
}

// lookupSeconds bounds one question to the registry on the way of a record.
const lookupSeconds = 10

func (r *Registry) writer(ctx context.Context, id int) (sum [32]byte, err error) {
	if sum, ok := r.known.Load(id); ok {
		return sum.([32]byte), nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupSeconds*time.Second)
	defer cancel()
	found, err := r.client.SchemaByID(ctx, id)
	var answer *sr.ResponseError
	if errors.As(err, &answer) && answer.StatusCode == 404 {
		return sum, fmt.Errorf("%w %d", ErrUnknownSchema, id)
	}
	if err != nil {
		return sum, fmt.Errorf("%w: schema id %d: %w", ErrRegistry, id, err)
	}
	schema, err := avro.ParseBytesWithCache([]byte(found.Schema), "", &avro.SchemaCache{})
	if err != nil {
		return sum, fmt.Errorf("%w: id %d is not Avro: %w", ErrForeignSchema, id, err)
	}
	r.known.Store(id, schema.Fingerprint())
	return schema.Fingerprint(), nil
}
