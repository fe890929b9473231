package clickhouse

import (
	"waybill/schemas"
	"waybill/topics"
)

// auditSheet is the narrow table that a timeline reads: one row a record that landed. Its definition is in migrations/.
var auditSheet = func() *sheet {
	s := &sheet{name: "audit"}
	for _, c := range auditColumns {
		s.add(c.name, c.kind, "")
	}
	return s
}()

// kinds of audit row that no topic's Line gives.
const (
	kindUnreadable = "unreadable"
	kindDeleted    = "deleted"
)

type auditColumn struct {
	name, kind string
	value      func(*topics.Landed, *topics.Line) any
}

var auditColumns = []auditColumn{
	{"order_id", "String", func(_ *topics.Landed, l *topics.Line) any { return l.OrderID }},
	{"at", kindTime, func(e *topics.Landed, _ *topics.Line) any { return instant(e.At) }},
	{"topic", "LowCardinality(String)", func(e *topics.Landed, _ *topics.Line) any { return e.Topic.Name }},
	{"partition", "Int32", func(e *topics.Landed, _ *topics.Line) any { return e.Partition }},
	{"offset", "Int64", func(e *topics.Landed, _ *topics.Line) any { return e.Offset }},
	{"kind", "LowCardinality(String)", func(_ *topics.Landed, l *topics.Line) any { return l.Kind }},
	{"summary", "String", func(_ *topics.Landed, l *topics.Line) any { return l.Summary }},
	{"party", "LowCardinality(String)", func(_ *topics.Landed, l *topics.Line) any { return l.Party }},
	{"seller", "LowCardinality(String)", func(_ *topics.Landed, l *topics.Line) any { return l.Seller }},
	{"event_id", "String", func(e *topics.Landed, _ *topics.Line) any { return eventID(e) }},
	auditHeader("cause", "String", topics.HeaderCause),
	auditHeader("origin", "LowCardinality(String)", topics.HeaderOrigin),
	auditHeader("run_id", "LowCardinality(String)", topics.HeaderRunID),
	auditHeader("mode", "LowCardinality(String)", topics.HeaderMode),
	auditHeader("mapping_version", "LowCardinality(String)", topics.HeaderMapping),
	auditHeader("traceparent", "String", topics.HeaderTraceparent),
}

func auditHeader(name, kind, key string) auditColumn {
	return auditColumn{name, kind, func(e *topics.Landed, _ *topics.Line) any { return topics.Find(e.Headers, key) }}
}

// auditRow appends the values of one record in the order of the columns.
func auditRow(row []any, e *topics.Landed) []any {
	line := lineOf(e)
	for _, c := range auditColumns {
		row = append(row, c.value(e, &line))
	}
	return row
}

// lineOf is what the record means to its order. A record without a value says so, under the order that its header or key names.
func lineOf(e *topics.Landed) topics.Line {
	if e.Value != nil {
		return e.Topic.Line(e.Value)
	}
	line := topics.Line{OrderID: topics.Find(e.Headers, topics.HeaderOrderID), Kind: kindDeleted, Summary: "the entry is deleted"}
	if line.OrderID == "" && e.Topic.Key == "order id" {
		line.OrderID = e.Key
	}
	line.Party, _, _ = schemas.SplitOrderID(line.OrderID)
	if e.Fault != "" {
		line.Kind, line.Summary = kindUnreadable, e.Fault
	}
	return line
}
