package clickhouse

import (
	"context"
	"fmt"

	"waybill/schemas"
)

// PiecesQuery asks for the lines of an order as it is now.
const PiecesQuery = `SELECT lines_line_ref, lines_unit_refs, arrayMap((q, c) -> q - c, lines_quantity, lines_cancelled)
FROM orders_normalized WHERE order_id = ? AND _unreadable = '' ORDER BY _partition, _offset DESC LIMIT 1`

// Pieces are those of each line of an order that are still wanted; none if there is no such order.
func (c *ClickHouse) Pieces(ctx context.Context, orderID string) (pieces []schemas.Rejected, err error) {
	rows, err := c.conn.Query(ctx, PiecesQuery, orderID)
	if err != nil {
		return nil, fmt.Errorf("look for the lines of %s: %w", orderID, hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var lines []string
		var units [][]string
		var wanted []int64
		if err := rows.Scan(&lines, &units, &wanted); err != nil {
			return nil, fmt.Errorf("look for the lines of %s: %w", orderID, err)
		}
		for i, line := range lines {
			pieces = append(pieces, schemas.Rejected{LineRef: line, UnitRefs: units[i], Quantity: wanted[i]})
		}
	}
	return pieces, rows.Err()
}
