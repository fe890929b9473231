// Package schemas holds the words of Waybill: one Avro definition and one Go type for everything that flows,
// the identities and the money they are made of, and the registry's framing around them.
//
// It imports nothing else of Waybill and is the only place that knows Avro.
package schemas

import (
	"fmt"
	"sync"

	"github.com/hamba/avro/v2"
)

// Limits of a value, written or read.
const (
	ValueBytesMax = 8 << 20 // in Avro bytes
	ItemsMax      = 100_000 // items of all its arrays together
)

// codec has caps, which the library's package-level functions have not: those are never used. Caps do not stop all that a
// hostile value can do (see scan), so none is decoded that was not scanned.
var codec = avro.Config{MaxByteSliceSize: ValueBytesMax, MaxSliceAllocSize: ItemsMax}.Freeze()

// Any is a Schema of some type, for code that only carries values.
type Any interface {
	Name() string // the record's name in the trade: "order"
	Text() string // the Avro definition, as it is registered
	New() any     // a pointer to a zero value of its Go type
	Append(dst []byte, v any) ([]byte, error)
	AppendAs(dst []byte, writer [32]byte, v any) ([]byte, error)
	Decode(writer [32]byte, b []byte, v any) error
	Fields() []Field
	Current() [32]byte   // the fingerprint of today's definition
	Versions() []Version // all that this program has, the oldest first; the last is today's
}

// Version is one version of a schema that this program has: it reads what that wrote, and can write as that did.
type Version struct {
	Text        string
	Fingerprint [32]byte
}

// Schema is one Avro record and the Go type T that stands for it.
type Schema[T any] struct {
	name     string
	text     string
	current  avro.Schema
	released []Version
	// versions are all that we know, by fingerprint: today's and those that were released.
	versions map[[32]byte]version
}

// version is what one version wrote, and how that is read into today's type.
type version struct{ writer, reader avro.Schema }

// parse reads the definition and those it must still be able to read. A fault in either is ours, so it panics at start.
func parse[T any](name, text string) *Schema[T] {
	s := &Schema[T]{name: name, text: text, current: mustParse(text), versions: map[[32]byte]version{}}
	for _, old := range releasedTexts(name) {
		if old == text { // most of the time of a start went into what is read already
			s.released = append(s.released, Version{text, s.current.Fingerprint()})
			continue
		}
		writer := mustParse(old)
		s.released = append(s.released, Version{old, writer.Fingerprint()})
		reader, err := avro.NewSchemaCompatibility().Resolve(s.current, writer)
		if err != nil {
			panic(fmt.Sprintf("schemas: %s can not read a version of itself that was released: %v", name, err))
		}
		s.versions[writer.Fingerprint()] = version{writer, reader}
	}
	s.versions[s.current.Fingerprint()] = version{s.current, s.current}
	if n := len(s.released); n == 0 || s.released[n-1].Text != text {
		s.released = append(s.released, Version{text, s.current.Fingerprint()})
	}
	return s
}

func mustParse(text string) avro.Schema {
	schema, err := avro.ParseBytesWithCache([]byte(text), "", &avro.SchemaCache{})
	if err != nil {
		panic(fmt.Sprintf("schemas: %v in %s", err, text))
	}
	return schema
}

func (s *Schema[T]) Name() string        { return s.name }
func (s *Schema[T]) Text() string        { return s.text }
func (s *Schema[T]) New() any            { return new(T) }
func (s *Schema[T]) Fields() []Field     { return fieldsOf(s.current.(*avro.RecordSchema)) }
func (s *Schema[T]) Current() [32]byte   { return s.current.Fingerprint() }
func (s *Schema[T]) Versions() []Version { return s.released }

var writers = sync.Pool{New: func() any { return avro.NewWriter(nil, 1024, avro.WithWriterConfig(codec)) }}

// Append encodes v, a *T, behind dst.
func (s *Schema[T]) Append(dst []byte, v any) ([]byte, error) { return s.append(dst, s.current, v) }

// AppendAs encodes v, a *T, as an earlier version does it, for readers that know no later one. What that can not say is left out.
func (s *Schema[T]) AppendAs(dst []byte, writer [32]byte, v any) ([]byte, error) {
	known, ok := s.versions[writer]
	if !ok {
		return dst, fmt.Errorf("encode %s: %w", s.name, ErrForeignSchema)
	}
	return s.append(dst, known.writer, v)
}

func (s *Schema[T]) append(dst []byte, writer avro.Schema, v any) ([]byte, error) {
	value, ok := v.(*T)
	if !ok {
		return dst, fmt.Errorf("encode %s: got a %T", s.name, v)
	}
	w := writers.Get().(*avro.Writer)
	defer writers.Put(w)
	w.Reset(nil)
	w.Error = nil
	w.WriteVal(writer, value)
	if w.Error != nil {
		return dst, fmt.Errorf("encode %s: %w", s.name, w.Error)
	}
	// An item takes a byte at least, so what is short has few.
	if len(w.Buffer()) > ItemsMax {
		if err := scan(writer, w.Buffer()); err != nil {
			return dst, fmt.Errorf("encode %s: %w", s.name, err)
		}
	}
	return append(dst, w.Buffer()...), nil
}
