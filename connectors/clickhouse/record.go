package clickhouse

import (
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// recordColumns stand in every typed table behind the columns of the schema, and are about the record itself. Their names
// begin with _, which no field's name does.
var recordColumns = []column{
	filled("_partition", "Int32", "partition of the topic", (*record).partition),
	filled("_offset", "Int64", "offset in the partition; with it the row's identity", (*record).offset),
	filled("_at", kindTime, "time of the record", (*record).at),
	filled("_key", kindText, "key of the record", func(r *record) string { return r.Key }),
	filled("_event_id", kindText, "position of its cause plus an index", (*record).eventID),
	fromHeader("_cause", kindText, "topic/partition/offset of the record that led to it", topics.HeaderCause),
	fromHeader("_origin", kindWord, "webhook, poll, cron, feed, manual or replay", topics.HeaderOrigin),
	fromHeader("_run_id", kindWord, "which run of which step wrote it", topics.HeaderRunID),
	fromHeader("_mode", kindWord, "live, repair, dry_run or shadow", topics.HeaderMode),
	fromHeader("_mapping_version", kindWord, "the mapping that made it, such as allegro/1", topics.HeaderMapping),
	fromHeader("_traceparent", kindText, "W3C Trace Context", topics.HeaderTraceparent),
	filled("_unreadable", kindText, "why the value could not be read; empty: it could", func(r *record) string { return r.Fault }),
	filled("_unreadable_value", kindText, "the value that could not be read, byte for byte", (*record).unreadableValue),
	filled("_deleted", "Bool", "the record is a tombstone: it deletes its key", func(r *record) bool { return r.Value == nil && r.Fault == "" }),
}

func (r *record) partition() int32 { return r.Partition }
func (r *record) offset() int64    { return r.Offset }
func (r *record) at() time.Time    { return recorded(r.At) }

// eventID is the record's event id; a record without one has its own position as that.
func (r *record) eventID() string {
	if id := topics.Find(r.Headers, topics.HeaderEventID); id != "" {
		return id
	}
	return schemas.Position(r.Topic.Name, r.Partition, r.Offset)
}

func (r *record) unreadableValue() string {
	if r.Fault == "" {
		return ""
	}
	return string(r.Raw)
}
