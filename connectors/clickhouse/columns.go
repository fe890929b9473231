package clickhouse

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"waybill/schemas"
)

// column is one column of a typed table, derived from a field of the schema, and how its value is read from a record.
type column struct {
	name string
	kind string // its ClickHouse type
	doc  string
	// value reads it from the Go value that holds the field; the answer is of the type goType.
	value  func(holder reflect.Value) any
	goType reflect.Type
}

// columnsOf derives the columns of a record's fields. A record inside it is flattened (ship_to_city), an array becomes one
// array a column of its items (lines_sku), money becomes amount and currency (total, total_currency).
func columnsOf(fields []schemas.Field, record reflect.Type) []column {
	var columns []column
	for _, f := range fields {
		member := memberOf(record, f.Name)
		for _, c := range columnsOfField(f, member.Type) {
			value := c.value
			c.value = func(holder reflect.Value) any { return value(holder.FieldByIndex(member.Index)) }
			columns = append(columns, c)
		}
	}
	return columns
}

// memberOf finds the Go field of an Avro field. That there is none is a fault of ours.
func memberOf(record reflect.Type, name string) reflect.StructField {
	for _, member := range reflect.VisibleFields(record) {
		if member.Tag.Get("avro") == name {
			return member
		}
	}
	panic(fmt.Sprintf("clickhouse: %s has no Go field for the Avro field %q", record, name))
}

func columnsOfField(f schemas.Field, t reflect.Type) []column {
	switch {
	case f.Kind == schemas.KindArray:
		return arrayColumns(f, t)
	case f.Kind == schemas.KindRecord && f.Record == "Money":
		return moneyColumns(f)
	case f.Kind == schemas.KindRecord && f.Record == "Body":
		return bodyColumns(f)
	case f.Kind == schemas.KindRecord:
		return recordColumns(f, t)
	}
	return []column{scalarColumn(f)}
}

// recordColumns flattens a record. One that is null gives the zero values of its columns.
func recordColumns(f schemas.Field, t reflect.Type) []column {
	record := t
	if f.Optional {
		record = t.Elem()
	}
	columns := columnsOf(f.Fields, record)
	absent := reflect.Zero(record)
	for i, c := range columns {
		columns[i].name = f.Name + "_" + c.name
		columns[i].doc = meaning(f) + ": " + c.doc
		if f.Optional {
			columns[i].value = func(v reflect.Value) any {
				if v.IsNil() {
					return c.value(absent)
				}
				return c.value(v.Elem())
			}
		}
	}
	return columns
}

// arrayColumns makes parallel arrays: the n-th item of each is of the n-th item of the field.
func arrayColumns(f schemas.Field, t reflect.Type) []column {
	columns := columnsOfField(schemas.Field{Name: f.Name, Doc: f.Doc, Kind: f.Item, Record: f.Record, Fields: f.Fields}, t.Elem())
	for i, c := range columns {
		columns[i].kind = "Array(" + c.kind + ")"
		columns[i].goType = reflect.SliceOf(c.goType)
		columns[i].value = func(items reflect.Value) any {
			values := reflect.MakeSlice(columns[i].goType, items.Len(), items.Len())
			for n := range items.Len() {
				values.Index(n).Set(reflect.ValueOf(c.value(items.Index(n))))
			}
			return values.Interface()
		}
	}
	return columns
}

// meaning is what a column's comment says of a field: its documentation, else its name in words.
func meaning(f schemas.Field) string {
	if f.Doc != "" {
		return f.Doc
	}
	return strings.ReplaceAll(f.Name, "_", " ")
}

// repeating are the fields whose values repeat so much that a dictionary of them is worth its while.
var repeating = []string{
	"party", "seller", "channel", "marketplace", "status", "channel_status", "change", "kind", "state", "class", "step", "method",
	"provider", "origin", "mode", "fulfilled_by", "currency", "country", "content_type", "mapping", "tax_rate", "topic", "code",
}

func textKind(name string) string {
	if slices.Contains(repeating, name) {
		return "LowCardinality(String)"
	}
	return "String"
}
