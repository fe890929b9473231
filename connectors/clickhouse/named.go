package clickhouse

import (
	"context"
	"fmt"

	"waybill/schemas"
)

// OrdersNamedQuery asks which orders go by one of those ids, or by a link of one of those keys.
const OrdersNamedQuery = `SELECT DISTINCT id FROM (
    SELECT order_id AS id FROM audit WHERE order_id IN ? UNION ALL
    SELECT our_id AS id FROM (SELECT our_id, kind, _deleted FROM id_map WHERE _key IN ? ORDER BY _key, _partition, _offset DESC LIMIT 1 BY _key)
    WHERE kind IN ('order', 'unit') AND NOT _deleted
) ORDER BY id`

// OrdersNamed are the ids of the orders that somebody calls by that reference: the marketplace, by its number of the order or of a piece
// of it; an ERP, by its own. All keys that the reference can stand under are looked up at once, so that this reads as little as a
// look-up by the order's id, however many links there are.
func (c *ClickHouse) OrdersNamed(ctx context.Context, ref string, parties []string) (orders []string, err error) {
	var ids, keys []string
	for _, party := range parties {
		ids = append(ids, schemas.OrderID(party, ref))
		keys = append(keys, schemas.LinkKey(party, schemas.LinkOrder, ref), schemas.LinkKey(party, schemas.LinkUnit, ref))
	}
	rows, err := c.conn.Query(ctx, OrdersNamedQuery, ids, keys)
	if err != nil {
		return nil, fmt.Errorf("look for orders that go by %s: %w", ref, hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("look for orders that go by %s: %w", ref, err)
		}
		orders = append(orders, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for orders that go by %s: %w", ref, err)
	}
	return orders, nil
}
