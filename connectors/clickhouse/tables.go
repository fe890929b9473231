package clickhouse

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/topics"
)

// table is the typed table of a topic: what it says (the columns of its schema), and the record that said it (columns that
// begin with _). Both names and values are derived, so a new field of a schema is a new column.
type table struct {
	sheet
	topic   *topics.Topic
	key     string // the column it is sorted by, before the position
	payload []column
	keyAt   int // index of key in payload, -1 if it is _key
	absent  reflect.Value
}

// sheet is a table as an insert sees it.
type sheet struct {
	name    string
	columns []clickhouse.ColumnNameAndType
	docs    []string // of the columns
}

// statement is the INSERT that names every column.
func (s *sheet) statement() string {
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.Name
	}
	return "INSERT INTO " + s.name + " (" + strings.Join(names, ", ") + ")"
}

func (s *sheet) add(name, kind, doc string) {
	s.columns = append(s.columns, clickhouse.ColumnNameAndType{Name: name, Type: kind})
	s.docs = append(s.docs, doc)
}

// tableOf derives the table of a topic.
func tableOf(topic *topics.Topic) *table {
	absent := reflect.ValueOf(topic.Schema.New()).Elem()
	t := &table{
		sheet:   sheet{name: topic.Table()},
		topic:   topic,
		payload: columnsOf(topic.Schema.Fields(), absent.Type()),
		absent:  absent,
		key:     "_key",
		keyAt:   -1,
	}
	for i, c := range t.payload {
		t.add(c.name, c.kind, c.doc)
		if c.name == strings.ReplaceAll(topic.Key, " ", "_") {
			t.key, t.keyAt = c.name, i
		}
	}
	for _, c := range recordColumnsOfAll {
		t.add(c.name, c.kind, c.doc)
	}
	return t
}

// row appends the values of one record in the order of the columns. A record without a value has empty columns, but its key.
func (t *table) row(row []any, e *topics.Landed) []any {
	value := t.absent
	if e.Value != nil {
		value = reflect.ValueOf(e.Value).Elem()
	}
	for i, c := range t.payload {
		if e.Value == nil && i == t.keyAt {
			row = append(row, e.Key)
			continue
		}
		row = append(row, c.value(value))
	}
	for _, c := range recordColumnsOfAll {
		row = append(row, c.value(e))
	}
	return row
}

// create is the table's definition. It ends in the position, so that a repeated record replaces itself.
func (t *table) create() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE IF NOT EXISTS %s\n(\n", t.name)
	for i := range t.columns {
		fmt.Fprintf(&b, "    %s,\n", t.definition(i))
	}
	b.WriteString("    PROJECTION positions (SELECT _partition, _offset ORDER BY _partition, _offset)\n)\n")
	fmt.Fprintf(&b, "ENGINE = ReplacingMergeTree\nPARTITION BY toYYYYMM(_at)\nORDER BY (%s, _partition, _offset)\n", t.key)
	b.WriteString("SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild',\n" +
		"    default_compression_codec = 'ZSTD(1)'\n")
	fmt.Fprintf(&b, "COMMENT %s", quoted(t.topic.Name+": "+t.topic.Doc))
	return b.String()
}

// definition is the i-th column in SQL.
func (s *sheet) definition(i int) string {
	return fmt.Sprintf("%s %s COMMENT %s", s.columns[i].Name, s.columns[i].Type, quoted(s.docs[i]))
}

func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
