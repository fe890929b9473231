package clickhouse

import (
	"context"
	"fmt"
	"time"

	"waybill/topics"
)

// insertRange says that the block has landed, all of it.
func (c *ClickHouse) insertRange(ctx context.Context, b *topics.Block, token string) error {
	records := int64(len(b.Events))
	landed := &sheet{name: "landed", columns: []column{
		filled("topic", kindWord, "", func(*record) string { return b.Topic.Name }),
		filled("partition", "Int32", "", func(*record) int32 { return b.Partition }),
		filled("from_offset", "Int64", "", func(*record) int64 { return b.From }),
		filled("to_offset", "Int64", "", func(*record) int64 { return b.To }),
		filled("records", "Int64", "", func(*record) int64 { return records }),
		filled("superseded", "Int64", "", func(*record) int64 { return max(0, int64(b.Promised)-records) }),
		filled("token", kindText, "", func(*record) string { return b.Token() }),
		filled("at", kindTime, "", func(*record) time.Time { return time.Now() }),
	}}
	return c.insert(ctx, landed, make([]record, 1), token)
}

// Ranges are the landed ranges of a topic, by partition and offset. Together they tile each partition, if all is well.
func (c *ClickHouse) Ranges(ctx context.Context, topic *topics.Topic) ([]topics.Range, error) {
	return c.ranges(ctx, topic, "")
}

// RangesFrom are the landed ranges of one partition that end behind an offset, in order.
func (c *ClickHouse) RangesFrom(ctx context.Context, topic *topics.Topic, partition int32, from int64) ([]topics.Range, error) {
	return c.ranges(ctx, topic, "AND partition = ? AND to_offset > ?", partition, from)
}

func (c *ClickHouse) ranges(ctx context.Context, topic *topics.Topic, where string, args ...any) ([]topics.Range, error) {
	rows, err := c.conn.Query(ctx, `SELECT partition, from_offset, to_offset, max(records), min(superseded)
FROM landed WHERE topic = ? `+where+` GROUP BY partition, from_offset, to_offset ORDER BY partition, from_offset, to_offset`, append([]any{topic.Name}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read the landed ranges of %s: %w", topic.Name, hinted(err))
	}
	defer rows.Close()
	var ranges []topics.Range
	for rows.Next() {
		var r topics.Range
		if err := rows.Scan(&r.Partition, &r.From, &r.To, &r.Records, &r.Superseded); err != nil {
			return nil, fmt.Errorf("read the landed ranges of %s: %w", topic.Name, err)
		}
		ranges = append(ranges, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the landed ranges of %s: %w", topic.Name, err)
	}
	return ranges, nil
}

// Count is how many rows the topic's table has of a range of offsets, repeated ones counted as often as FINAL shows them, and
// how many distinct offsets they have. More rows than offsets means that one record landed as two different rows.
func (c *ClickHouse) Count(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) (rows, distinct int64, err error) {
	where := " FROM " + topic.Table() + " WHERE _partition = ? AND _offset >= ? AND _offset < ?"
	var stored, offsets, final uint64
	// Without FINAL the projection by position answers; it is only asked when something stands there twice.
	err = c.conn.QueryRow(ctx, "SELECT count(), uniqExact(_offset)"+where, partition, from, to).Scan(&stored, &offsets)
	if err == nil && stored != offsets {
		key := c.table(topic).key
		err = c.conn.QueryRow(ctx, "SELECT uniqExact(toYYYYMM(_at), "+key+", _offset)"+where, partition, from, to).Scan(&final)
		stored = final
	}
	if err != nil {
		return 0, 0, fmt.Errorf("count the rows of %s/%d from %d to %d: %w", topic.Name, partition, from, to, hinted(err))
	}
	return int64(stored), int64(offsets), nil
}

// Offsets are the offsets from (with) to to (without) of a partition that the topic's table has, each once, in order.
func (c *ClickHouse) Offsets(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) ([]int64, error) {
	return c.offsets(ctx, typedOffsets(topic), partition, from, to)
}

func typedOffsets(topic *topics.Topic) string {
	return "SELECT DISTINCT _offset FROM " + topic.Table() + " WHERE _partition = ? AND _offset >= ? AND _offset < ? ORDER BY _offset"
}

const auditOffsets = "SELECT DISTINCT offset FROM audit WHERE topic = ? AND partition = ? AND offset >= ? AND offset < ? ORDER BY offset"

func (c *ClickHouse) offsets(ctx context.Context, query string, args ...any) ([]int64, error) {
	rows, err := c.conn.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read which offsets have landed: %w", hinted(err))
	}
	defer rows.Close()
	var offsets []int64
	for rows.Next() {
		var offset int64
		if err := rows.Scan(&offset); err != nil {
			return nil, fmt.Errorf("read which offsets have landed: %w", err)
		}
		offsets = append(offsets, offset)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read which offsets have landed: %w", err)
	}
	return offsets, nil
}
