package clickhouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
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

// Refund is what was paid back of an order, as v_refunds says, in major units.
type Refund struct {
	Amount   decimal.Decimal
	Paid     decimal.Decimal // of this
	Currency string
	Exceeds  bool
}

// Refund is what was paid back of an order; nil if nothing was, or the channel does not say how much.
func (c *ClickHouse) Refund(ctx context.Context, orderID string) (*Refund, error) {
	var r Refund
	err := c.conn.QueryRow(ctx, "SELECT amount, paid, currency, exceeds FROM v_refunds WHERE order_id = ?", orderID).Scan(&r.Amount, &r.Paid, &r.Currency, &r.Exceeds)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask what was paid back of order %s: %w", orderID, hinted(err))
	}
	return &r, nil
}
