package clickhouse

import (
	"context"
	"fmt"

	"waybill/schemas"
)

// OrdersNamedQuery asks which ids of ours are those, or are linked under those keys.
const OrdersNamedQuery = `SELECT DISTINCT id FROM (
    SELECT order_id AS id FROM audit WHERE order_id IN ? UNION ALL
    SELECT our_id AS id FROM (SELECT our_id, _deleted FROM id_map WHERE _key IN ? ORDER BY _key, _partition, _offset DESC LIMIT 1 BY _key) WHERE NOT _deleted
) ORDER BY id`

// linksToOrders are the kinds of reference that may lead to an order.
var linksToOrders = []string{schemas.LinkOrder, schemas.LinkUnit, schemas.LinkShipment, schemas.LinkTracking}

// OrdersNamed are the ids of the orders that one of the parties calls by that reference: the marketplace by its number of the order or
// of a piece of it, an ERP by its own, a carrier by a tracking number. All keys that the reference can stand under are looked up at
// once, so that this reads as little as a look-up by the order's id, however many links there are.
func (c *ClickHouse) OrdersNamed(ctx context.Context, ref string, parties []string) (orders []string, err error) {
	ids, keys := namesOf(ref, parties)
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
		if _, _, is := schemas.SplitOrderID(id); is {
			orders = append(orders, id)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for orders that go by %s: %w", ref, err)
	}
	return orders, nil
}

// namesOf are the order ids and the keys of links that a reference can be.
func namesOf(ref string, parties []string) (ids, keys []string) {
	for _, party := range parties {
		ids = append(ids, schemas.OrderID(party, ref))
		for _, kind := range linksToOrders {
			keys = append(keys, schemas.LinkKey(party, kind, ref))
		}
	}
	return ids, keys
}
