package schemas

import "github.com/hamba/avro/v2"

// Kind is what a field holds.
type Kind string

// The kinds of field our definitions use. A definition with any other kind does not parse into Fields.
const (
	KindString  Kind = "string"
	KindBytes   Kind = "bytes"
	KindBoolean Kind = "boolean"
	KindInt     Kind = "int"
	KindLong    Kind = "long"
	KindMillis  Kind = "timestamp-millis"
	KindRecord  Kind = "record"
	KindArray   Kind = "array"
)

// Field describes one field of a definition, for code that derives something from it, such as the columns of a table.
type Field struct {
	Name     string
	Doc      string
	Kind     Kind
	Optional bool    // may be null
	Record   string  // name of the record, of a field or of the items of an array that are records
	Fields   []Field // of that record
	Item     Kind    // of an array
}

func fieldsOf(record *avro.RecordSchema) []Field {
	fields := make([]Field, len(record.Fields()))
	for i, f := range record.Fields() {
		fields[i] = fieldOf(f.Type())
		fields[i].Name, fields[i].Doc = f.Name(), f.Doc()
	}
	return fields
}

func fieldOf(schema avro.Schema) Field {
	switch s := schema.(type) {
	case *avro.RefSchema:
		return fieldOf(s.Schema())
	case *avro.UnionSchema:
		f := fieldOf(s.Types()[len(s.Types())-1])
		f.Optional = true
		return f
	case *avro.RecordSchema:
		return Field{Kind: KindRecord, Record: s.Name(), Fields: fieldsOf(s)}
	case *avro.ArraySchema:
		item := fieldOf(s.Items())
		return Field{Kind: KindArray, Item: item.Kind, Record: item.Record, Fields: item.Fields}
	case *avro.PrimitiveSchema:
		if s.Logical() != nil {
			return Field{Kind: Kind(s.Logical().Type())}
		}
	}
	return Field{Kind: Kind(schema.Type())}
}
