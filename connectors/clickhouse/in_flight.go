package clickhouse

import (
	"context"
	"fmt"

	"waybill/schemas"
)

// inFlight are the orders of a list of which a piece is still to leave.
const inFlight = `SELECT DISTINCT order_id FROM v_fulfilment WHERE open > 0 AND order_id IN (%s) ORDER BY order_id`

// OrdersOfOffer are the orders in flight that have sold an offer: what the offer is, they were read with.
func (c *ClickHouse) OrdersOfOffer(ctx context.Context, party, offerRef string) (orders []string, err error) {
	return c.ordersInFlight(ctx, `SELECT order_id FROM v_orders_current
WHERE party = ? AND arrayExists((offer, sku) -> if(offer = '', sku, offer) = ?, lines_offer_ref, lines_sku)`, party, offerRef)
}

// OrdersOfLink are the orders in flight that a link of that kind leads to, by the reference or by our id.
func (c *ClickHouse) OrdersOfLink(ctx context.Context, link *schemas.Link) (orders []string, err error) {
	switch link.Kind {
	case schemas.LinkCustomer:
		return c.ordersInFlight(ctx, "SELECT order_id FROM v_orders_placed WHERE placement_party = ? AND placement_customer_ref = ?", link.Party, link.Ref)
	case schemas.LinkShipment, schemas.LinkTracking:
		return c.ordersInFlight(ctx, "SELECT order_id FROM shipments WHERE shipment_id = ?", link.OurID)
	}
	return c.ordersInFlight(ctx, "?", link.OurID)
}

// ordersInFlight asks for those of a list.
func (c *ClickHouse) ordersInFlight(ctx context.Context, which string, args ...any) (all []string, err error) {
	rows, err := c.conn.Query(ctx, fmt.Sprintf(inFlight, which), args...)
	if err != nil {
		return nil, fmt.Errorf("ask for orders in flight: %w", hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, fmt.Errorf("ask for orders in flight: %w", err)
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
