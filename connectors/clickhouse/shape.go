package clickhouse

import (
	"context"
	"fmt"
	"strings"
)

// shape is what a table does with its rows: repeats replace each other only in one engine, and by the whole of their order.
type shape struct{ engine, order string }

// engineOfTables is what the name of a table's engine ends in; a cluster's own begins with Replicated or Shared.
const engineOfTables = "ReplacingMergeTree"

func (t *table) order() string { return t.key + ", _partition, _offset" }

func (t *table) fits(has shape) error {
	if strings.HasSuffix(has.engine, engineOfTables) && has.order == t.order() {
		return nil
	}
	return fmt.Errorf("table %s is %s ordered by (%s), and must be %s ordered by (%s), or what lands twice counts twice; rename it away and let 'waybill provision' make it anew",
		t.name, has.engine, has.order, engineOfTables, t.order())
}

// shapesPresent are those of all tables that are there.
func (c *ClickHouse) shapesPresent(ctx context.Context) (map[string]shape, error) {
	rows, err := c.conn.Query(ctx, "SELECT name, engine, sorting_key FROM system.tables WHERE database = currentDatabase()")
	if err != nil {
		return nil, fmt.Errorf("read which tables there are: %w", err)
	}
	defer rows.Close()
	present := map[string]shape{}
	for rows.Next() {
		var name string
		var has shape
		if err := rows.Scan(&name, &has.engine, &has.order); err != nil {
			return nil, fmt.Errorf("read which tables there are: %w", err)
		}
		present[name] = has
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read which tables there are: %w", err)
	}
	return present, nil
}
