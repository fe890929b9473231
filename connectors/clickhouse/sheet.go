package clickhouse

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"waybill/topics"
)

// sheet is a table as an insert sees it.
type sheet struct {
	name    string
	columns []column
}

// column is one column of a table.
type column struct {
	name string
	kind string // its ClickHouse type
	doc  string // its comment, where the table is derived
	fill func(to driver.BatchColumn, records []record) error
}

// record is one record that lands, prepared for the columns.
type record struct {
	*topics.Landed
	value reflect.Value // what its Value points to; the zero value if it has none
	line  topics.Line   // what it means to its order; only in the audit
}

// filled is a column whose value is computed from the record as a whole.
func filled[T any](name, kind, doc string, value func(*record) T) column {
	return column{name, kind, doc, func(to driver.BatchColumn, records []record) error {
		all := make([]T, len(records))
		for i := range records {
			all[i] = value(&records[i])
		}
		return to.Append(all)
	}}
}

// fromHeader is a column that holds a header's value.
func fromHeader(name, kind, doc, key string) column {
	return filled(name, kind, doc, func(r *record) string { return topics.Find(r.Headers, key) })
}

// statement is the INSERT that names every column.
func (s *sheet) statement() string {
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.name
	}
	return "INSERT INTO " + s.name + " (" + strings.Join(names, ", ") + ")"
}

// namesAndTypes spares the driver the question for them. The types are the table's own, so Migrate insists on them.
func (s *sheet) namesAndTypes() []clickhouse.ColumnNameAndType {
	types := make([]clickhouse.ColumnNameAndType, len(s.columns))
	for i, c := range s.columns {
		types[i] = clickhouse.ColumnNameAndType{Name: c.name, Type: c.kind}
	}
	return types
}

// definition is the column in SQL.
func (c *column) definition() string {
	return fmt.Sprintf("%s %s COMMENT %s", c.name, c.kind, quoted(c.doc))
}

func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
