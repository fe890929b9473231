package clickhouse

import (
	"context"
	"fmt"
	"slices"

	"waybill/schemas"
)

// RawDelivery is what a channel sent about an order, with the mapping that read it then.
type RawDelivery struct {
	Raw       schemas.RawOrder
	Partition int32
	Offset    int64
	Mapping   string // "" if nothing came of it
}

// rawDeliveriesMax bounds what is read of one order.
const rawDeliveriesMax = 1000

// RawDeliveries is what was sent about an order, the last thousand deliveries, the oldest of them first.
func (c *ClickHouse) RawDeliveries(ctx context.Context, orderID string) ([]RawDelivery, error) {
	rows, err := c.conn.Query(ctx, `SELECT r.party, r.seller, r.channel, r.ref, r.origin, toUnixTimestamp64Milli(r.received_at) AS received, r.content_type,
    r.body, r.form, r.part, r.delivery_id, r.idempotency_key, r._partition, r._offset, n.mapping
FROM (SELECT * FROM orders_raw FINAL WHERE order_id = ? AND _unreadable = '') AS r
LEFT JOIN (SELECT DISTINCT _cause, mapping FROM orders_normalized WHERE order_id = ?) AS n
    ON n._cause = concat('orders.raw/', toString(r._partition), '/', toString(r._offset))
ORDER BY r._partition, r._offset DESC LIMIT ?`, orderID, orderID, rawDeliveriesMax)
	if err != nil {
		return nil, fmt.Errorf("read what was sent about %s: %w", orderID, hinted(err))
	}
	defer rows.Close()
	var all []RawDelivery
	for rows.Next() {
		d := RawDelivery{Raw: schemas.RawOrder{OrderID: orderID}}
		var received int64
		var body string
		err := rows.Scan(&d.Raw.Party, &d.Raw.Seller, &d.Raw.Channel, &d.Raw.Ref, &d.Raw.Origin, &received, &d.Raw.ContentType,
			&body, &d.Raw.Form, &d.Raw.Part, &d.Raw.DeliveryID, &d.Raw.IdempotencyKey, &d.Partition, &d.Offset, &d.Mapping)
		if err != nil {
			return nil, fmt.Errorf("read what was sent about %s: %w", orderID, err)
		}
		d.Raw.ReceivedAt, d.Raw.Body.Bytes = schemas.Millis(received), []byte(body)
		all = append(all, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read what was sent about %s: %w", orderID, err)
	}
	slices.Reverse(all)
	return all, nil
}
