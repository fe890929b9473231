package clickhouse

import (
	"context"
	"fmt"
	"time"

	"waybill/schemas"
)

// ShipmentsWanted says which shipments are asked for; zero is each that has not left.
type ShipmentsWanted struct {
	Carrier string // its account; "": of any
	State   string // "": in any
	Left    bool   // those too that have left, or never will
	DueBy   time.Time
	Most    int
}

// Shipment is one as it stands, or what is ordered, has to leave, and is not packed.
type Shipment struct {
	ShipmentID  string          `json:"shipment_id"` // "": it is not packed
	OrderID     string          `json:"order_id"`
	Party       string          `json:"party"`
	Carrier     string          `json:"carrier"`
	State       string          `json:"state"` // also not_packed, and partly_labelled
	Reason      string          `json:"reason,omitempty"`
	Text        string          `json:"text,omitempty"`
	Numbers     []string        `json:"numbers"`
	Since       schemas.Millis  `json:"since"`
	ShipBy      *schemas.Millis `json:"ship_by"`
	MinutesLeft *int64          `json:"minutes_left"` // until it has to have left; below 0: it is late
	Late        bool            `json:"late"`
	Because     string          `json:"because,omitempty"` // of one that is late: not_packed, no_label, no_pickup; left_late
}

// lifeOfShipments says how each shipment stands: what was said last of its newest generation. That it was printed, that something changes nothing,
// what was scanned, what a carrier asks or gives back, and what a person wishes, are no states. All words about an order are in one partition.
const lifeOfShipments = `SELECT shipment_id, any(order_id) AS of_order, any(toString(party)) AS sold_by,
    argMaxIf((toString(state), reason, text, at, carrier, ship_by, generation, parts), (generation, _offset), state NOT IN ('printed', 'kept', 'again', 'quoted', 'scanned', 'credited', 'charged')) AS stands,
    groupUniqArrayIf((generation, part, parcels_number), state = 'labelled') AS labelled
FROM shipments WHERE _unreadable = '' AND NOT _deleted GROUP BY shipment_id HAVING stands.1 != ''`

// shipmentsQuery puts beside them the orders that have to leave and of which nothing is packed.
const shipmentsQuery = `WITH toDateTime64(?, 3, 'UTC') AS moment
SELECT shipment_id, order_id, party, carrier, state, reason, text, numbers, toUnixTimestamp64Milli(since), toUnixTimestamp64Milli(ship_by),
    intDiv(dateDiff('second', moment, ship_by), 60), late, because
FROM (
    SELECT *, state IN ('cancelled', 'voided') OR state = 'held' AND reason IN ('cancelled', 'already_shipped', 'fulfilled_elsewhere') AS never, never OR state = 'handed_over' AS is_over,
        NOT never AND ifNull(if(state = 'handed_over', since, moment) > ship_by, false) AS late,
        multiIf(NOT late, '', state = 'handed_over', 'left_late', state = 'not_packed', 'not_packed', state = 'labelled', 'no_pickup', 'no_label') AS because
    FROM (
        SELECT shipment_id, of_order AS order_id, sold_by AS party, stands.5 AS carrier, arrayFilter(l -> l.1 = stands.7, arraySort(labelled)) AS labels,
            if(stands.1 = 'labelled' AND length(labels) < stands.8, 'partly_labelled', stands.1) AS state, stands.2 AS reason, stands.3 AS text,
            if(state IN ('held', 'requested', 'cancelled', 'voided'), [], arrayFlatten(arrayMap(l -> l.3, labels))) AS numbers, stands.4 AS since, stands.6 AS ship_by
        FROM (` + lifeOfShipments + `)
        UNION ALL
        SELECT '', order_id, toString(party), '', [], 'not_packed', '', '', [], placed_at, ship_by FROM v_orders_current
        WHERE status = 'ready' AND fulfilled_by IN ('', 'seller') AND ship_by IS NOT NULL AND party != ? AND order_id NOT IN (SELECT order_id FROM shipments WHERE state != 'scanned')
    )
)
WHERE (? OR NOT is_over) AND (? = '' OR carrier = ?) AND (? = '' OR state = ?) AND (? OR ship_by <= toDateTime64(?, 3, 'UTC'))
ORDER BY ship_by IS NULL, ship_by, order_id, shipment_id LIMIT ?`

// Shipments are those that are wanted, the latest first.
func (c *ClickHouse) Shipments(ctx context.Context, wanted ShipmentsWanted, now time.Time) ([]Shipment, error) {
	rows, err := c.conn.Query(ctx, shipmentsQuery, moment(now), schemas.PartySynthetic, wanted.Left, wanted.Carrier, wanted.Carrier, wanted.State, wanted.State,
		wanted.DueBy.IsZero(), moment(wanted.DueBy), wanted.Most)
	if err != nil {
		return nil, fmt.Errorf("list the shipments: %w", hinted(err))
	}
	defer rows.Close()
	var all []Shipment
	for rows.Next() {
		var s Shipment
		var since int64
		var by *int64
		if err := rows.Scan(&s.ShipmentID, &s.OrderID, &s.Party, &s.Carrier, &s.State, &s.Reason, &s.Text, &s.Numbers, &since, &by, &s.MinutesLeft, &s.Late, &s.Because); err != nil {
			return nil, fmt.Errorf("list the shipments: %w", err)
		}
		if s.Since = schemas.Millis(since); by != nil {
			s.ShipBy = new(schemas.Millis(*by))
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// moment is a time as a query is given it.
func moment(at time.Time) string {
	if at.IsZero() {
		at = time.UnixMilli(0)
	}
	return at.UTC().Format("2006-01-02 15:04:05.000")
}
