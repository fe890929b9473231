package schemas

import (
	"errors"
	"fmt"
	"sync"

	"github.com/hamba/avro/v2"
)

// What can be wrong with the bytes of a value.
var (
	// ErrMalformed: they are not a whole value of their schema.
	ErrMalformed = errors.New("malformed Avro")
	// ErrTooLarge: the value is over ValueBytesMax or ItemsMax.
	ErrTooLarge = errors.New("value too large")
)

var readers = sync.Pool{New: func() any { return avro.NewReader(nil, 0, avro.WithReaderConfig(codec)) }}

// Decode reads b, which a schema of that fingerprint wrote, into v, a *T. A version that is not ours is refused: its
// definition is a stranger's and could ask for anything.
func (s *Schema[T]) Decode(writer [32]byte, b []byte, v any) error {
	value, ok := v.(*T)
	if !ok {
		return fmt.Errorf("decode %s: got a %T", s.name, v)
	}
	known, ok := s.versions[writer]
	if !ok {
		return fmt.Errorf("decode %s: %w", s.name, ErrForeignSchema)
	}
	if err := scan(known.writer, b); err != nil {
		return fmt.Errorf("decode %s: %w: %w", s.name, ErrMalformed, err)
	}
	r := readers.Get().(*avro.Reader)
	defer readers.Put(r)
	r.Reset(b)
	r.Error = nil
	*value = *new(T)
	r.ReadVal(known.reader, value)
	r.Reset(nil) // the pool does not keep the caller's bytes alive
	if r.Error != nil {
		return fmt.Errorf("decode %s: %w: %w", s.name, ErrMalformed, r.Error)
	}
	return nil
}
