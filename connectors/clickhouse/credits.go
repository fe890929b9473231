package clickhouse

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"waybill/schemas"
)

// Credit is a part of a shipment whose label was taken back, as v_credits says.
type Credit struct {
	ShipmentID string          `json:"shipment_id"`
	OrderID    string          `json:"order_id"`
	Ref        string          `json:"ref"`
	Part       int64           `json:"part"`
	Parts      int64           `json:"parts"`
	Generation int64           `json:"generation"`
	Party      string          `json:"party"`
	Carrier    string          `json:"carrier"`
	Numbers    []string        `json:"numbers"`
	BookingRef string          `json:"booking_ref"`
	Cost       decimal.Decimal `json:"cost"` // in major units
	Currency   string          `json:"currency"`
	VoidedAt   schemas.Millis  `json:"voided_at"`
	Billed     decimal.Decimal `json:"billed"`
	BilledIn   string          `json:"billed_currency"`
	GivenBack  bool            `json:"given_back"`
	State      string          `json:"state"`
	By         string          `json:"by"`
	Why        string          `json:"why"`
}

// CreditOpen is the state of one that is not settled.
const CreditOpen = "open"

// Credits are the labels that were taken back, the oldest first: all, or those that are not settled; of an id, which names an order, a shipment, a
// parcel or a booking, or of all.
func (c *ClickHouse) Credits(ctx context.Context, id string, settledToo bool) (all []Credit, err error) {
	rows, err := c.conn.Query(ctx, `SELECT shipment_id, order_id, ref, part, parts, generation, party, carrier, numbers, booking_ref, cost, cost_currency, voided_at,
    billed, billed_currency, given_back, state, settled_by, why FROM v_credits
WHERE (? = '' OR ? IN (shipment_id, order_id, booking_ref) OR has(numbers, ?)) AND (? OR state = 'open') ORDER BY voided_at, shipment_id, part, generation`, id, id, id, settledToo)
	if err != nil {
		return nil, fmt.Errorf("ask which labels were taken back: %w", hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var one Credit
		var at time.Time
		if err := rows.Scan(&one.ShipmentID, &one.OrderID, &one.Ref, &one.Part, &one.Parts, &one.Generation, &one.Party, &one.Carrier, &one.Numbers, &one.BookingRef, &one.Cost, &one.Currency, &at,
			&one.Billed, &one.BilledIn, &one.GivenBack, &one.State, &one.By, &one.Why); err != nil {
			return nil, fmt.Errorf("read which labels were taken back: %w", err)
		}
		one.VoidedAt = schemas.At(at)
		all = append(all, one)
	}
	return all, rows.Err()
}
