package clickhouse

import (
	"waybill/schemas"
	"waybill/topics"
)

// recordColumn is a column about the record itself. Its name begins with _, which no field of a schema does.
type recordColumn struct {
	name, kind, doc string
	value           func(*topics.Landed) any
}

// recordColumnsOfAll stand in every typed table, behind the columns of the schema.
var recordColumnsOfAll = []recordColumn{
	{"_partition", "Int32", "partition of the topic", func(e *topics.Landed) any { return e.Partition }},
	{"_offset", "Int64", "offset in the partition; with it the row's identity", func(e *topics.Landed) any { return e.Offset }},
	{"_at", kindTime, "time of the record", func(e *topics.Landed) any { return instant(e.At) }},
	{"_key", "String", "key of the record", func(e *topics.Landed) any { return e.Key }},
	{"_event_id", "String", "position of its cause plus an index", func(e *topics.Landed) any { return eventID(e) }},
	header("_cause", "String", "topic/partition/offset of the record that led to it", topics.HeaderCause),
	header("_origin", "LowCardinality(String)", "webhook, poll, cron, feed, manual or replay", topics.HeaderOrigin),
	header("_run_id", "LowCardinality(String)", "which run of which step wrote it", topics.HeaderRunID),
	header("_mode", "LowCardinality(String)", "live, repair, dry_run or shadow", topics.HeaderMode),
	header("_mapping_version", "LowCardinality(String)", "the mapping that made it, such as allegro/1", topics.HeaderMapping),
	header("_traceparent", "String", "W3C Trace Context", topics.HeaderTraceparent),
	{"_unreadable", "String", "why the value could not be read; empty: it could", func(e *topics.Landed) any { return e.Fault }},
	{"_unreadable_value", "String", "the value that could not be read, byte for byte", unreadableValue},
	{"_deleted", "Bool", "the record is a tombstone: it deletes its key", func(e *topics.Landed) any { return tombstone(e) }},
}

func header(name, kind, doc, key string) recordColumn {
	return recordColumn{name, kind, doc, func(e *topics.Landed) any { return topics.Find(e.Headers, key) }}
}

// eventID is the record's event id; a record without one has its own position as that.
func eventID(e *topics.Landed) string {
	if id := topics.Find(e.Headers, topics.HeaderEventID); id != "" {
		return id
	}
	return position(e)
}

func position(e *topics.Landed) string {
	return schemas.Position(e.Topic.Name, e.Partition, e.Offset)
}

func unreadableValue(e *topics.Landed) any {
	if e.Fault == "" {
		return ""
	}
	return string(e.Raw)
}

func tombstone(e *topics.Landed) bool { return e.Value == nil && e.Fault == "" }
