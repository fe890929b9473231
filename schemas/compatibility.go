package schemas

import (
	"fmt"
	"slices"
	"strings"

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
	case *avro.MapSchema:
		return reads(r.Values(), writer.(*avro.MapSchema).Values(), path+"{}")
	case *avro.UnionSchema:
		return readsUnion(r, writer.(*avro.UnionSchema), path)
	case *avro.EnumSchema:
		if w := writer.(*avro.EnumSchema); r.FullName() != w.FullName() || !slices.Equal(r.Symbols(), w.Symbols()) {
			return fmt.Errorf("field %q is %s of %v here and %s of %v there", path, r.FullName(), r.Symbols(), w.FullName(), w.Symbols())
		}
	case *avro.FixedSchema:
		if w := writer.(*avro.FixedSchema); r.FullName() != w.FullName() || r.Size() != w.Size() {
			return fmt.Errorf("field %q is %s of %d bytes here and %s of %d bytes there", path, r.FullName(), r.Size(), w.FullName(), w.Size())
		}
	}
	if r, w := meaning(reader), meaning(writer); r != w {
		return fmt.Errorf("field %q changed its meaning from %q to %q", path, w, r)
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

// meaning is a logical type with its settings, such as decimal,precision:4; "" for none.
func meaning(s avro.Schema) string {
	of, ok := s.(avro.LogicalTypeSchema)
	if !ok || of.Logical() == nil {
		return ""
	}
	return strings.NewReplacer(`"logicalType":`, "", `"`, "").Replace(of.Logical().String())
}

// Lost are the fields of a definition that another one has no room for, by their paths.
func Lost(text, other string) ([]string, error) {
	from, err := avro.ParseBytesWithCache([]byte(text), "", &avro.SchemaCache{})
	if err != nil {
		return nil, fmt.Errorf("parse the definition: %w", err)
	}
	to, err := avro.ParseBytesWithCache([]byte(other), "", &avro.SchemaCache{})
	if err != nil {
		return nil, fmt.Errorf("parse the other definition: %w", err)
	}
	return lost(from, to, ""), nil
}

// lost goes down two definitions that are compatible: where they differ, one has fields that the other has not.
func lost(from, to avro.Schema, path string) (fields []string) {
	from, to = resolveRef(from), resolveRef(to)
	switch f := from.(type) {
	case *avro.RecordSchema:
		has := map[string]avro.Schema{}
		for _, field := range to.(*avro.RecordSchema).Fields() {
			has[field.Name()] = field.Type()
		}
		for _, field := range f.Fields() {
			at := path + "." + field.Name()
			if has[field.Name()] == nil {
				fields = append(fields, at)
				continue
			}
			fields = append(fields, lost(field.Type(), has[field.Name()], at)...)
		}
	case *avro.ArraySchema:
		return lost(f.Items(), to.(*avro.ArraySchema).Items(), path+"[]")
	case *avro.MapSchema:
		return lost(f.Values(), to.(*avro.MapSchema).Values(), path+"{}")
	case *avro.UnionSchema:
		for i := range f.Types() {
			fields = append(fields, lost(f.Types()[i], to.(*avro.UnionSchema).Types()[i], path)...)
		}
	}
	return fields
}
