package clickhouse

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"waybill/schemas"
)

// derived is a column that stands for a field of a schema.
type derived struct {
	column
	leaf leaf
	// steps lead from the record to the value: fields by index, with a cut at every array on the way.
	steps [][]int
}

// derive makes the columns of a record's fields. A record inside it is flattened (ship_to_city), an array becomes one array a
// column of its items (lines_sku), money becomes amount and currency (total, total_currency).
func derive(fields []schemas.Field, record reflect.Type) []derived {
	var columns []derived
	for _, f := range fields {
		member := memberOf(record, f.Name)
		for _, c := range deriveField(f, member.Type) {
			c.steps[0] = append(slices.Clone(member.Index), c.steps[0]...)
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

func deriveField(f schemas.Field, t reflect.Type) []derived {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case f.Kind == schemas.KindArray:
		return deriveArray(f, t)
	case f.Kind == schemas.KindRecord && f.Record == "Money":
		return moneyColumns(f)
	case f.Kind == schemas.KindRecord && f.Record == "Body":
		return bodyColumns(f)
	case f.Kind == schemas.KindRecord:
		return deriveRecord(f, t)
	}
	return []derived{scalarColumn(f)}
}

// deriveRecord flattens a record. One that is null gives the zero values of its columns.
func deriveRecord(f schemas.Field, t reflect.Type) []derived {
	columns := derive(f.Fields, t)
	for i := range columns {
		columns[i].name = f.Name + "_" + columns[i].name
		columns[i].doc = meaning(f) + ": " + columns[i].doc
	}
	return columns
}

// deriveArray makes parallel arrays: the n-th item of each is of the n-th item of the field.
func deriveArray(f schemas.Field, t reflect.Type) []derived {
	item := schemas.Field{Name: f.Name, Doc: f.Doc, Kind: f.Item, Record: f.Record, Fields: f.Fields}
	columns := deriveField(item, t.Elem())
	for i := range columns {
		columns[i].kind = "Array(" + columns[i].kind + ")"
		columns[i].steps = append([][]int{nil}, columns[i].steps...)
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
		return kindWord
	}
	return kindText
}
