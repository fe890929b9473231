package clickhouse

import (
	"context"
	"fmt"
	"time"

	"waybill/topics"
)

// Delivered tells which of those orders came whole or in part, and when the last time: a delivery that only named one does not count.
func (c *ClickHouse) Delivered(ctx context.Context, orderIDs []string) (map[string]time.Time, error) {
	return c.times(ctx, "SELECT order_id, max(_at) FROM orders_raw WHERE _key IN ? AND form != 'notice' GROUP BY order_id", orderIDs)
}

// Arrived tells which of those orders have an event of that topic, and since when.
func (c *ClickHouse) Arrived(ctx context.Context, topic *topics.Topic, orderIDs []string) (map[string]time.Time, error) {
	return c.times(ctx, "SELECT order_id, min(at) FROM audit WHERE order_id IN ? AND topic = ? GROUP BY order_id", orderIDs, topic.Name)
}

// times is what a query answers that has an order and a time in each row.
func (c *ClickHouse) times(ctx context.Context, query string, args ...any) (map[string]time.Time, error) {
	rows, err := c.conn.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("look which orders have come: %w", hinted(err))
	}
	defer rows.Close()
	all := map[string]time.Time{}
	for rows.Next() {
		var id string
		var at time.Time
		if err := rows.Scan(&id, &at); err != nil {
			return nil, fmt.Errorf("look which orders have come: %w", err)
		}
		all[id] = at
	}
	return all, rows.Err()
}
