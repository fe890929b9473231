package clickhouse

import (
	"context"
	"fmt"
	"time"

	"waybill/topics"
)

// doubledMax is how many offsets Doubled tells.
const doubledMax = 1000

// Doubled are the offsets in a range that have more than one row, repeated ones counted as often as FINAL shows them; the first of
// them, if there are many.
func (c *ClickHouse) Doubled(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) ([]topics.Doubled, error) {
	rows, err := c.conn.Query(ctx, `SELECT _offset, toInt64(uniqExact(toYYYYMM(_at), `+c.table(topic).key+`)) AS n, arraySort(groupUniqArray(toStartOfMinute(_at)))
FROM `+topic.Table()+` WHERE _partition = ? AND _offset >= ? AND _offset < ? GROUP BY _offset HAVING n > 1 ORDER BY _offset LIMIT ?`, partition, from, to, doubledMax)
	if err != nil {
		return nil, fmt.Errorf("look for doubled rows of %s/%d: %w", topic.Name, partition, hinted(err))
	}
	defer rows.Close()
	var found []topics.Doubled
	for rows.Next() {
		var d topics.Doubled
		if err := rows.Scan(&d.Offset, &d.Rows, &d.Minutes); err != nil {
			return nil, fmt.Errorf("look for doubled rows of %s/%d: %w", topic.Name, partition, err)
		}
		found = append(found, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for doubled rows of %s/%d: %w", topic.Name, partition, err)
	}
	return found, nil
}

// Minutes are those in which the records of a range lie, by the audit.
func (c *ClickHouse) Minutes(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) (minutes []time.Time, err error) {
	err = c.conn.QueryRow(ctx, "SELECT arraySort(groupUniqArray(toStartOfMinute(at))) FROM audit WHERE topic = ? AND partition = ? AND offset >= ? AND offset < ?",
		topic.Name, partition, from, to).Scan(&minutes)
	if err != nil {
		return nil, fmt.Errorf("look for the minutes of %s/%d: %w", topic.Name, partition, hinted(err))
	}
	return minutes, nil
}
