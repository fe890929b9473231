package clickhouse

import (
	"context"
	"fmt"
)

// LineCount is where the pieces of a line of an order are, as v_fulfilment says.
type LineCount struct {
	LineRef    string `json:"line_ref"`
	SKU        string `json:"sku"`
	Ordered    int64  `json:"ordered"` // each is shipped, cancelled or open
	Shipped    int64  `json:"shipped"`
	Cancelled  int64  `json:"cancelled"`
	Open       int64  `json:"open"`
	InShipment int64  `json:"in_shipment"` // of those that are open
	State      string `json:"state"`       // of the whole order
}

// Fulfilment is where the pieces of an order are, line by line; none if nothing of it has landed.
func (c *ClickHouse) Fulfilment(ctx context.Context, orderID string) (lines []LineCount, err error) {
	rows, err := c.conn.Query(ctx, "SELECT line_ref, sku, ordered, shipped, cancelled, open, in_shipment, state FROM v_fulfilment WHERE order_id = ? ORDER BY line_ref", orderID)
	if err != nil {
		return nil, fmt.Errorf("ask where the pieces of order %s are: %w", orderID, hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var l LineCount
		if err := rows.Scan(&l.LineRef, &l.SKU, &l.Ordered, &l.Shipped, &l.Cancelled, &l.Open, &l.InShipment, &l.State); err != nil {
			return nil, fmt.Errorf("read where the pieces of order %s are: %w", orderID, err)
		}
		lines = append(lines, l)
	}
	return lines, rows.Err()
}
