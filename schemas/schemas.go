// Package schemas holds the words of Waybill: one Avro definition and one Go type for everything that flows,
// the identities and the money they are made of, and the registry's framing around them.
//
// It imports nothing else of Waybill and is the only place that knows Avro.
package schemas

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/hamba/avro/v2"
)

// Limits of the decoder. hamba/avro answers a hostile length with an allocation of that length unless it is capped
// (CVE-2026-46384, CVE-2026-46385), so its package-level functions, which have no caps, are never used.
const (
	FieldBytesMax = 6 << 20 // longest string or bytes field
	ItemsMax      = 10_000  // longest array
)

var codec = avro.Config{MaxByteSliceSize: FieldBytesMax, MaxSliceAllocSize: ItemsMax}.Freeze()

// Any is a Schema of some type, for code that only carries values.
type Any interface {
	Name() string // the record's name in the trade: "order"
	Text() string // the Avro definition, as it is registered
	New() any     // a pointer to a zero value of its Go type
	Append(dst []byte, v any) ([]byte, error)
	Decode(writer [32]byte, b []byte, v any) error
	Knows(writer [32]byte) bool
	Fields() []Field
	Current() [32]byte // the fingerprint of today's definition
}

// Schema is one Avro record and the Go type T that stands for it.
type Schema[T any] struct {
	name    string
	text    string
	current avro.Schema
	// readers resolve what any known version wrote into today's type, by the writer's fingerprint.
	readers map[[32]byte]avro.Schema
}

// parse reads the definition and those it must still be able to read. A fault in either is ours, so it panics at start.
func parse[T any](name, text string) *Schema[T] {
	current := mustParse(text)
	s := &Schema[T]{name: name, text: text, current: current, readers: map[[32]byte]avro.Schema{}}
	for _, old := range releasedTexts(name) {
		writer := mustParse(old)
		resolved, err := avro.NewSchemaCompatibility().Resolve(current, writer)
		if err != nil {
			panic(fmt.Sprintf("schemas: %s can not read a version of itself that was released: %v", name, err))
		}
		s.readers[writer.Fingerprint()] = resolved
	}
	s.readers[current.Fingerprint()] = current
	return s
}

func mustParse(text string) avro.Schema {
	schema, err := avro.ParseBytesWithCache([]byte(text), "", &avro.SchemaCache{})
	if err != nil {
		panic(fmt.Sprintf("schemas: %v in %s", err, text))
	}
	return schema
}

func (s *Schema[T]) Name() string               { return s.name }
func (s *Schema[T]) Text() string               { return s.text }
func (s *Schema[T]) New() any                   { return new(T) }
func (s *Schema[T]) Fields() []Field            { return fieldsOf(s.current.(*avro.RecordSchema)) }
func (s *Schema[T]) Knows(writer [32]byte) bool { return s.readers[writer] != nil }
func (s *Schema[T]) Current() [32]byte          { return s.current.Fingerprint() }

var writers = sync.Pool{New: func() any { return avro.NewWriter(nil, 1024, avro.WithWriterConfig(codec)) }}

// Append encodes v, a *T, behind dst.
func (s *Schema[T]) Append(dst []byte, v any) ([]byte, error) {
	value, ok := v.(*T)
	if !ok {
		return dst, fmt.Errorf("encode %s: got a %T", s.name, v)
	}
	w := writers.Get().(*avro.Writer)
	defer writers.Put(w)
	w.Reset(nil)
	w.Error = nil
	w.WriteVal(s.current, value)
	if w.Error != nil {
		return dst, fmt.Errorf("encode %s: %w", s.name, w.Error)
	}
	return append(dst, w.Buffer()...), nil
}

var readers = sync.Pool{New: func() any { return avro.NewReader(nil, 0, avro.WithReaderConfig(codec)) }}

// ErrMalformed is what Decode answers to bytes that are not a whole value of their schema.
var ErrMalformed = errors.New("malformed Avro")

// Decode reads b, which a schema of that fingerprint wrote, into v, a *T. A version that is not ours is refused: its
// definition is a stranger's and could ask for anything.
func (s *Schema[T]) Decode(writer [32]byte, b []byte, v any) error {
	value, ok := v.(*T)
	if !ok {
		return fmt.Errorf("decode %s: got a %T", s.name, v)
	}
	schema := s.readers[writer]
	if schema == nil {
		return fmt.Errorf("decode %s: %w", s.name, ErrForeignSchema)
	}
	r := readers.Get().(*avro.Reader)
	defer readers.Put(r)
	r.Reset(b)
	r.Error = nil
	*value = *new(T)
	r.ReadVal(schema, value)
	if r.Error != nil {
		return fmt.Errorf("decode %s: %w: %w", s.name, ErrMalformed, r.Error)
	}
	if r.Peek(); !errors.Is(r.Error, io.EOF) {
		return fmt.Errorf("decode %s: %w: bytes left over behind the value", s.name, ErrMalformed)
	}
	return nil
}
