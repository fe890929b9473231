package clickhouse

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"waybill/topics"
)

// table is the typed table of a topic: what was said (the columns of its schema), and the record that said it (columns that
// begin with _). Both names and values are derived, so a new field of a schema is a new column.
type table struct {
	sheet
	topic  *topics.Topic
	key    string        // the column it is sorted by, before the position
	absent reflect.Value // stands for the value of a record that has none
}

// tableOf derives the table of a topic.
func tableOf(topic *topics.Topic) *table {
	absent := reflect.ValueOf(topic.Schema.New()).Elem()
	t := &table{sheet: sheet{name: topic.Table()}, topic: topic, key: "_key", absent: absent}
	for _, d := range derive(topic.Schema.Fields(), absent.Type()) {
		c := d.column
		c.fill = func(to driver.BatchColumn, records []record) error { return d.leaf.fill(to, records, d.steps) }
		if c.name == strings.ReplaceAll(topic.Key, " ", "_") {
			t.key = c.name
			c = filled(c.name, c.kind, c.doc, func(r *record) string {
				if r.Value == nil {
					return r.Key
				}
				return walk(r.value, d.steps[0]).String()
			})
		}
		t.columns = append(t.columns, c)
	}
	t.columns = append(t.columns, recordColumns...)
	return t
}

func (t *table) record(e *topics.Landed) record {
	switch {
	case e.Value != nil:
		return record{Landed: e, value: reflect.ValueOf(e.Value).Elem()}
	case e.Fault == "" && t.topic.Removed != nil:
		return record{Landed: e, value: reflect.ValueOf(t.topic.Removed(&e.Event)).Elem()}
	}
	return record{Landed: e, value: t.absent}
}

// create is the table's definition. It ends in the position, so that a repeated record replaces itself.
func (t *table) create() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE IF NOT EXISTS %s\n(\n", t.name)
	for _, c := range t.columns {
		fmt.Fprintf(&b, "    %s,\n", c.definition())
	}
	b.WriteString("    PROJECTION positions (SELECT _partition, _offset ORDER BY _partition, _offset)\n)\n")
	fmt.Fprintf(&b, "ENGINE = ReplacingMergeTree\nPARTITION BY toYYYYMM(_at)\nORDER BY (%s)\n", t.order())
	b.WriteString("SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild',\n" +
		"    default_compression_codec = 'ZSTD(1)'\n")
	fmt.Fprintf(&b, "COMMENT %s", quoted(t.topic.Name+": "+t.topic.Doc))
	return b.String()
}
