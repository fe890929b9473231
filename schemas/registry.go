package schemas

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	client  *sr.Client
	header  sr.ConfluentHeader
	known   sync.Map // id → [32]byte, the writer's fingerprint
	writing sync.Map // subject → *writing
	choices Choices  // nil: all is written in its newest version
	upto    Upto
}

// NewRegistry talks to the registry at that URL, on the first need. The options say how it is reached, and as whom.
func NewRegistry(url string, options ...sr.ClientOpt) (*Registry, error) {
	client, err := sr.NewClient(append([]sr.ClientOpt{sr.URLs(url), sr.UserAgent("waybill")}, options...)...)
	if err != nil {
		return nil, fmt.Errorf("schema registry %s: %w", url, err)
	}
	return &Registry{client: client}, nil
}

// Upto is, by a schema's name, how many of its versions a program has, the oldest first; it has all of a schema that is not named.
type Upto map[string]int

// Knowing makes r the registry of a program that has no later versions than those, as an older one. It comes before the first use.
func (r *Registry) Knowing(upto Upto) *Registry {
	r.upto = upto
	return r
}

// Versions are those of the schema that this program has, the oldest first; the last is its newest.
func (r *Registry) Versions(s Any) []Version {
	versions := s.Versions()
	if n, ok := r.upto[s.Name()]; ok && n < len(versions) {
		return versions[:n]
	}
	return versions
}

func (r *Registry) newest(s Any) Version {
	versions := r.Versions(s)
	return versions[len(versions)-1]
}

// reads says whether this program has the version that wrote a value.
func (r *Registry) reads(s Any, writer [32]byte) bool {
	return len(r.upto) == 0 || slices.ContainsFunc(r.Versions(s), func(v Version) bool { return v.Fingerprint == writer })
}

// Encode frames v, a pointer to the schema's type, behind dst, as a value of that subject.
func (r *Registry) Encode(ctx context.Context, dst []byte, subject string, s Any, v any) ([]byte, error) {
	as, err := r.writes(ctx, subject, s)
	if err != nil {
		return dst, err
	}
	dst, err = r.header.AppendEncode(dst, as.id, nil)
	if err != nil {
		return dst, fmt.Errorf("frame %s: %w", s.Name(), err)
	}
	return s.AppendAs(dst, as.fingerprint, v)
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
	if !r.reads(s, writer) {
		return fmt.Errorf("decode %s: schema id %d: %w", s.Name(), id, ErrForeignSchema)
	}
	return s.Decode(writer, b, v)
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
	if isUnknown(err) {
		return sum, fmt.Errorf("%w %d", ErrUnknownSchema, id)
	}
	if err != nil {
		return sum, fmt.Errorf("%w: schema id %d: %w", ErrRegistry, id, plain(err))
	}
	if sum, err = fingerprintOf(found.Schema); err != nil {
		return sum, fmt.Errorf("schema id %d: %w", id, err)
	}
	r.known.Store(id, sum)
	return sum, nil
}

// fingerprintOf is that of a definition in the registry, which can be any text.
func fingerprintOf(text string) (sum [32]byte, err error) {
	schema, err := avro.ParseBytesWithCache([]byte(text), "", &avro.SchemaCache{})
	if err != nil {
		return sum, fmt.Errorf("%w: it is not Avro: %w", ErrForeignSchema, err)
	}
	return schema.Fingerprint(), nil
}

// isUnknown says that the registry answered, and has no such subject, version or schema: its error codes 40401, 40402 and 40403
// (https://docs.confluent.io/platform/current/schema-registry/develop/api.html, "Errors"); some say 404 there. A 404 without one
// comes from who is no registry, such as a proxy, and says nothing of what is registered.
func isUnknown(err error) bool {
	var answer *sr.ResponseError
	return errors.As(err, &answer) && answer.StatusCode == 404 && (answer.ErrorCode == 404 || answer.ErrorCode/100 == 404)
}

// plain is an error of the registry in one line.
func plain(err error) error {
	var answer *sr.ResponseError
	if errors.As(err, &answer) && answer.ErrorCode == 0 {
		line, _, _ := strings.Cut(strings.TrimSpace(string(answer.Raw)), "\n")
		return fmt.Errorf("%s answers %d (%.100q), and not as a schema registry does: check registry.url", answer.URL, answer.StatusCode, line)
	}
	return err
}
