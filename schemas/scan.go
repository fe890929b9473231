package schemas

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/hamba/avro/v2"
)

// scan says whether b is one whole value of the schema, within its limits, without making anything of it. It stands in front of
// the decoder, which believes what a value claims: an array whose first block has -2^63 items gets it a slice of negative
// length, and the next block writes in front of that slice (docs/decisions/0001-avro-behind-one-seam.md).
//
// The encoding is that of the Avro specification, section "Binary Encoding".
func scan(schema avro.Schema, b []byte) error {
	if len(b) > ValueBytesMax {
		return fmt.Errorf("%w: %d bytes, %d are allowed", ErrTooLarge, len(b), ValueBytesMax)
	}
	s := scanner{left: b, items: ItemsMax}
	if err := s.value(schema); err != nil {
		return err
	}
	if len(s.left) > 0 {
		return fmt.Errorf("%d bytes left over behind the value", len(s.left))
	}
	return nil
}

type scanner struct {
	left  []byte
	items int // still allowed
}

var (
	errCut    = errors.New("it ends too early")
	errNumber = errors.New("a number out of range")
)

// value passes over one value. Its depth is that of the schema, which is ours and finite.
func (s *scanner) value(schema avro.Schema) error {
	switch t := schema.(type) {
	case *avro.RecordSchema:
		for _, f := range t.Fields() {
			if err := s.value(f.Type()); err != nil {
				return err
			}
		}
		return nil
	case *avro.RefSchema:
		return s.value(t.Schema())
	case *avro.UnionSchema:
		branch, err := s.number(0, int64(len(t.Types())-1))
		if err != nil {
			return err
		}
		return s.value(t.Types()[branch])
	case *avro.ArraySchema:
		return s.array(t.Items())
	}
	return s.primitive(schema.Type())
}

func (s *scanner) primitive(kind avro.Type) error {
	switch kind {
	case avro.Null:
		return nil
	case avro.Boolean:
		if len(s.left) == 0 {
			return errCut
		}
		if s.left[0] > 1 {
			return errNumber
		}
		s.left = s.left[1:]
		return nil
	case avro.Int:
		_, err := s.number(math.MinInt32, math.MaxInt32)
		return err
	case avro.Long:
		_, err := s.number(math.MinInt64, math.MaxInt64)
		return err
	case avro.String, avro.Bytes:
		length, err := s.number(0, int64(len(s.left)))
		if err != nil {
			return err
		}
		if length > int64(len(s.left)) {
			return errCut
		}
		s.left = s.left[length:]
		return nil
	}
	return fmt.Errorf("no definition of ours has a %s", kind)
}

// array passes over blocks of items; a negative count is followed by the block's length, which nobody needs.
func (s *scanner) array(item avro.Schema) error {
	for {
		count, err := s.number(-ItemsMax, ItemsMax)
		if err != nil || count == 0 {
			return err
		}
		if count < 0 {
			count = -count
			if _, err := s.number(0, ValueBytesMax); err != nil {
				return err
			}
		}
		if s.items -= int(count); s.items < 0 {
			return fmt.Errorf("%w: over %d items", ErrTooLarge, ItemsMax)
		}
		for range count {
			if err := s.value(item); err != nil {
				return err
			}
		}
	}
}

func (s *scanner) number(low, high int64) (int64, error) {
	n, size := binary.Varint(s.left)
	if size == 0 {
		return 0, errCut
	}
	if size < 0 || n < low || n > high {
		return 0, errNumber
	}
	s.left = s.left[size:]
	return n, nil
}
