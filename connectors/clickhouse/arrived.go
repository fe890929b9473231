package clickhouse

import (
	"context"
	"fmt"
	"time"

	"waybill/topics"
)

// Arrived tells which of those orders have an event of that topic, and since when.
func (c *ClickHouse) Arrived(ctx context.Context, topic *topics.Topic, orderIDs []string) (map[string]time.Time, error) {
	rows, err := c.conn.Query(ctx, "SELECT order_id, min(at) FROM audit WHERE order_id IN ? AND topic = ? GROUP BY order_id", orderIDs, topic.Name)
	if err != nil {
		return nil, fmt.Errorf("look which orders are on %s: %w", topic.Name, hinted(err))
	}
	defer rows.Close()
	arrived := map[string]time.Time{}
	for rows.Next() {
		var id string
		var at time.Time
		if err := rows.Scan(&id, &at); err != nil {
			return nil, fmt.Errorf("look which orders are on %s: %w", topic.Name, err)
		}
		arrived[id] = at
	}
	return arrived, rows.Err()
}
