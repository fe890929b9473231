package schemas

import (
	"fmt"

	"github.com/hamba/avro/v2"
)

// Compatible says whether each of the two definitions can read what the other wrote, naming the field that stands in the way.
// The check is ours because registries differ in theirs, and the embedded one has none. The rules are those of the Avro
// specification, section "Schema Resolution", without promotions: a field keeps its type for ever.
func Compatible(a, b string) error {
	first, err := avro.ParseBytesWithCache([]byte(a), "", &avro.SchemaCache{})
	if err != nil {
		return fmt.Errorf("parse the first definition: %w", err)
	}
	second, err := avro.ParseBytesWithCache([]byte(b), "", &avro.SchemaCache{})
	if err != nil {
		return fmt.Errorf("parse the second definition: %w", err)
	}
	if err := reads(first, second, ""); err != nil {
		return fmt.Errorf("the first can not read what the second wrote: %w", err)
	}
	if err := reads(second, first, ""); err != nil {
		return fmt.Errorf("the second can not read what the first wrote: %w", err)
	}
	return nil
}

func reads(reader, writer avro.Schema, path string) error {
	reader, writer = resolveRef(reader), resolveRef(writer)
	if reader.Type() != writer.Type() {
		return fmt.Errorf("field %q is %s here and %s there", path, reader.Type(), writer.Type())
	}
	switch r := reader.(type) {
	case *avro.RecordSchema:
		return readsRecord(r, writer.(*avro.RecordSchema), path)
	case *avro.ArraySchema:
		return reads(r.Items(), writer.(*avro.ArraySchema).Items(), path+"[]")
	case *avro.UnionSchema:
		return readsUnion(r, writer.(*avro.UnionSchema), path)
	case *avro.PrimitiveSchema:
		if logical(r) != logical(writer.(*avro.PrimitiveSchema)) {
			return fmt.Errorf("field %q changed its meaning from %q to %q", path, logical(writer.(*avro.PrimitiveSchema)), logical(r))
		}
	}
	return nil
}

func readsRecord(reader, writer *avro.RecordSchema, path string) error {
	if reader.FullName() != writer.FullName() {
		return fmt.Errorf("record %q is %s here and %s there", path, reader.FullName(), writer.FullName())
	}
	written := map[string]*avro.Field{}
	for _, f := range writer.Fields() {
		written[f.Name()] = f
	}
	for _, f := range reader.Fields() {
		at := path + "." + f.Name()
		switch old := written[f.Name()]; {
		case old != nil:
			if err := reads(f.Type(), old.Type(), at); err != nil {
				return err
			}
		case !f.HasDefault():
			return fmt.Errorf("field %q has no default, and is missing in what was written without it", at)
		}
	}
	return nil
}

func readsUnion(reader, writer *avro.UnionSchema, path string) error {
	if len(reader.Types()) != len(writer.Types()) {
		return fmt.Errorf("field %q has %d alternatives here and %d there", path, len(reader.Types()), len(writer.Types()))
	}
	for i := range reader.Types() {
		if err := reads(reader.Types()[i], writer.Types()[i], path); err != nil {
			return err
		}
	}
	return nil
}

func resolveRef(s avro.Schema) avro.Schema {
	if ref, ok := s.(*avro.RefSchema); ok {
		return ref.Schema()
	}
	return s
}

func logical(p *avro.PrimitiveSchema) avro.LogicalType {
	if p.Logical() == nil {
		return ""
	}
	return p.Logical().Type()
}
