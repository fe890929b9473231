package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
	"waybill/topics"
)

// landed compares the rows of the engine with the records of a round: each record has one row in the table of its topic and one in
// the audit, and no row is of no record.
type landed struct {
	tables  *clickhouse.ClickHouse
	records []*record
	faults  []difference
}

// row is what is looked at of a row; key stands for all the content that is compared.
type row struct {
	lane
	offset  int64
	content string
}

// contents are, by topic, the columns that are compared beside key and event id, and how they follow from a value.
var contents = map[*topics.Topic]struct {
	columns string
	of      func(value any) []string
}{
	topics.OrdersRaw: {"party, lower(hex(SHA256(body)))", func(value any) []string {
		raw := value.(*schemas.RawOrder)
		return []string{raw.Party, sum(raw.Body.Bytes)}
	}},
	topics.OrdersNormalized: {"revision, change, status, toString(length(lines_sku)), total_currency", func(value any) []string {
		o := value.(*schemas.Order)
		return []string{o.Revision, o.Change, o.Status, strconv.Itoa(len(o.Lines)), o.Total.Currency}
	}},
	topics.Trash: {"state, class, value_sha256", func(value any) []string {
		t := value.(*schemas.TrashEntry)
		return []string{t.State, t.Class, t.ValueSHA256}
	}},
}

// check asks for all rows behind those of the last round.
func (l *landed) check(ctx context.Context, from map[lane]int64) ([]difference, error) {
	for _, topic := range topics.Landing() {
		if err := l.checkTable(ctx, topic, from); err != nil {
			return nil, err
		}
		if err := l.checkAudit(ctx, topic, from); err != nil {
			return nil, err
		}
	}
	return l.faults, nil
}

func (l *landed) checkTable(ctx context.Context, topic *topics.Topic, from map[lane]int64) error {
	want := map[row]*record{}
	columns, of := "", func(any) []string { return nil }
	if c, is := contents[topic]; is {
		columns, of = ", "+c.columns, c.of
	}
	for _, r := range l.records {
		if r.Topic == topic {
			texts := append([]string{r.Key, eventID(r)}, of(r.Value)...)
			want[rowOf(r, texts)] = r
		}
	}
	query := fmt.Sprintf("SELECT _partition, _offset, _key, _event_id%s FROM %s WHERE %s", columns, topic.Table(), behind(topic, from, "_"))
	return l.compare(ctx, topic.Table(), topic, query, want)
}

func (l *landed) checkAudit(ctx context.Context, topic *topics.Topic, from map[lane]int64) error {
	want := map[row]*record{}
	for _, r := range l.records {
		if line, told := r.line(); told && r.Topic == topic {
			texts := []string{line.OrderID, line.Kind, line.Party, line.Summary, eventID(r), r.header(topics.HeaderCause), r.header(topics.HeaderMapping)}
			want[rowOf(r, texts)] = r
		}
	}
	query := fmt.Sprintf("SELECT partition, offset, order_id, kind, party, summary, event_id, cause, mapping_version FROM audit WHERE topic = '%s' AND (%s)",
		topic.Name, behind(topic, from, ""))
	return l.compare(ctx, "audit", topic, query, want)
}

// compare strikes out what there is.
func (l *landed) compare(ctx context.Context, table string, topic *topics.Topic, query string, want map[row]*record) error {
	seen := map[row]int{}
	err := l.tables.Query(ctx, query, func(_ []string, values []any) error {
		found, err := rowRead(topic, values)
		if err != nil {
			return err
		}
		seen[found]++
		return nil
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	for found, n := range seen {
		place := fmt.Sprintf("%s/%d/%d", found.topic, found.partition, found.offset)
		switch r := want[found]; {
		case r == nil:
			l.fault(nil, "wrong: table %s has a row of %s that is of no record: %q", table, place, found.content)
		case n > 1:
			l.fault(r, "doubled: table %s has %d rows of %s", table, n, place)
		}
	}
	for _, missing := range slices.SortedFunc(maps.Keys(want), func(a, b row) int { return int(a.offset - b.offset) }) {
		if seen[missing] == 0 {
			l.fault(want[missing], "lost: table %s has no row of %s as it is: %q", table, want[missing].position(), missing.content)
		}
	}
	return nil
}

func (l *landed) fault(r *record, format string, arguments ...any) {
	d := difference{Why: fmt.Sprintf(format, arguments...)}
	if r != nil {
		d.Order, d.records = r.order(), []*record{r}
	}
	l.faults = append(l.faults, d)
}

func rowOf(r *record, texts []string) row {
	return row{lane{r.Topic.Name, r.Partition}, r.Offset, strings.Join(texts, "\x00")}
}

func rowRead(topic *topics.Topic, values []any) (found row, err error) {
	partition, err := strconv.ParseInt(fmt.Sprint(values[0]), 10, 32)
	if err != nil {
		return found, err
	}
	offset, err := strconv.ParseInt(fmt.Sprint(values[1]), 10, 64)
	var texts []string
	for _, v := range values[2:] {
		texts = append(texts, fmt.Sprint(v))
	}
	return row{lane{topic.Name, int32(partition)}, offset, strings.Join(texts, "\x00")}, err
}

// behind is the condition for what came behind those offsets. Column names begin with the prefix.
func behind(topic *topics.Topic, from map[lane]int64, prefix string) string {
	var terms []string
	for n := range int32(partitions) {
		terms = append(terms, fmt.Sprintf("(%spartition = %d AND %soffset >= %d)", prefix, n, prefix, from[lane{topic.Name, n}]))
	}
	return strings.Join(terms, " OR ")
}

// eventID is that of a record; one without is known by its own position.
func eventID(r *record) string {
	if id := r.header(topics.HeaderEventID); id != "" {
		return id
	}
	return r.position()
}
