package clickhouse

import (
	"reflect"
	"strings"

	"waybill/schemas"
	"waybill/topics"
)

// auditSheet is the narrow table that a timeline reads: one row a record that landed. Its definition is in migrations/.
var auditSheet = &sheet{name: "audit", columns: []column{
	filled("order_id", kindText, "", func(r *record) string { return r.line.OrderID }),
	filled("at", kindTime, "", (*record).at),
	filled("topic", kindWord, "", func(r *record) string { return r.Topic.Name }),
	filled("partition", "Int32", "", (*record).partition),
	filled("offset", "Int64", "", (*record).offset),
	filled("kind", kindWord, "", func(r *record) string { return r.line.Kind }),
	filled("summary", kindText, "", func(r *record) string { return r.line.Summary }),
	filled("party", kindWord, "", func(r *record) string { return r.line.Party }),
	filled("seller", kindWord, "", func(r *record) string { return r.line.Seller }),
	filled("event_id", kindText, "", (*record).eventID),
	fromHeader("cause", kindText, "", topics.HeaderCause),
	fromHeader("origin", kindWord, "", topics.HeaderOrigin),
	fromHeader("run_id", kindWord, "", topics.HeaderRunID),
	fromHeader("mode", kindWord, "", topics.HeaderMode),
	fromHeader("mapping_version", kindWord, "", topics.HeaderMapping),
	fromHeader("traceparent", kindText, "", topics.HeaderTraceparent),
}}

// Kinds of audit row that no topic's Line gives.
const (
	kindUnreadable = "unreadable"
	kindDeleted    = "deleted"
	kindRemoved    = "unlinked"
	kindWoken      = "woken"
	kindAsked      = "asked"
)

func auditRecord(e *topics.Landed) record {
	return record{Landed: e, value: reflect.Value{}, line: lineOf(e)}
}

// lineOf is what the record means to its order. A record without a value says so, under the order that its header or key names: it
// deletes its key, or is a wake-up where nothing is kept by key.
func lineOf(e *topics.Landed) topics.Line {
	if e.Value != nil {
		return e.Topic.Line(e.Value)
	}
	line := topics.Line{OrderID: topics.Find(e.Headers, topics.HeaderOrderID), Kind: kindDeleted, Summary: "deleted"}
	if line.OrderID == "" && e.Topic.Key == "order id" {
		line.OrderID = e.Key
	}
	if by := topics.Find(e.Headers, topics.HeaderBy); by != "" {
		line.Kind, line.Summary = kindRemoved, strings.TrimSuffix(by+" has taken away "+e.Key+": "+topics.Find(e.Headers, topics.HeaderReason), ": ")
	}
	if !e.Topic.Compacted {
		line.Kind, line.Summary = kindWoken, "what it waited for has come"
		if deed := topics.Find(e.Headers, topics.HeaderDeed); deed != "" {
			line.Kind, line.Summary = kindAsked, "an operator wants it to be "+deed
		}
	}
	line.Party, _, _ = schemas.SplitOrderID(line.OrderID)
	if e.Fault != "" {
		line.Kind, line.Summary = kindUnreadable, e.Fault
	}
	return line
}
