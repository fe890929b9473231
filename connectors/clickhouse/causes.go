package clickhouse

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Cause is what failed alike, what is at risk by it, and what those orders have in common.
type Cause struct {
	Fingerprint string            `json:"fingerprint"`
	Step        string            `json:"step"`
	Class       string            `json:"class"`
	Reason      string            `json:"reason"` // of the latest
	Entries     uint64            `json:"entries"`
	Orders      uint64            `json:"orders"`
	FirstAt     time.Time         `json:"first_at"`
	LastAt      time.Time         `json:"last_at"`
	ShipBy      *time.Time        `json:"ship_by"` // the first deadline; null if none is known
	AtRisk      map[string]string `json:"at_risk"` // by currency, in major units
	Likely      []Shared          `json:"likely"`  // the likeliest first
}

// Shared is something that the orders of a cause have in common, and others have less.
type Shared struct {
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
	Failed    uint64 `json:"failed"` // orders with it that failed of this cause
	Of        uint64 `json:"of"`     // orders with it
}

// likelyMax is how much that orders have in common is named for each cause.
const likelyMax = 3

// openEntries are those that wait for somebody, of orders that are not synthetic, each once.
const openEntries = `(SELECT fingerprint, step, class, reason, order_id, first_at FROM (
    SELECT trash_id, fingerprint, step, class, reason, order_id, state, first_at FROM trash
    WHERE _unreadable = '' ORDER BY trash_id, _offset DESC LIMIT 1 BY trash_id
) WHERE state IN ('open', 'waiting') AND first_at >= ?)`

// knownOrders are the orders of that time, as far as a step or only a door has read them, with what may be to blame. A postal code
// is cut: two characters and the country are an area, and name nobody.
const knownOrders = `(
    SELECT order_id, total, total_currency AS currency, ship_by, arrayDistinct(arrayFilter(d -> d.2 != '', arrayConcat([
        ('party', toString(party)), ('channel', toString(channel)), ('marketplace', toString(marketplace)), ('country', toString(ship_to_country)),
        ('postal area', if(ship_to_postal_code = '', '', concat(ship_to_country, ' ', substring(ship_to_postal_code, 1, 2)))), ('currency', toString(total_currency)),
        ('mapping', toString(mapping)), ('delivery method', delivery_method), ('fulfilled by', toString(fulfilled_by)), ('source', toString(source_kind)), ('origin', toString(_origin)),
        ('business', if(business, 'yes', ''))],
        arrayMap(s -> ('SKU', s), lines_sku), arrayMap(p -> ('payment', toString(p)), payments_method)))) AS has
    FROM (SELECT * FROM orders_normalized WHERE _unreadable = '' AND NOT _deleted AND (_at >= ? OR order_id IN (SELECT order_id FROM failed)) ORDER BY order_id, _offset DESC LIMIT 1 BY order_id)
    UNION ALL
    SELECT order_id, toDecimal128(0, 4) AS total, '' AS currency, NULL AS ship_by,
        [('party', toString(party)), ('channel', toString(channel)), ('origin', toString(origin))] AS has
    FROM (SELECT order_id, party, channel, origin FROM orders_raw WHERE _unreadable = '' AND (_at >= ? OR order_id IN (SELECT order_id FROM failed)) LIMIT 1 BY order_id)
    WHERE order_id NOT IN (SELECT order_id FROM orders_normalized WHERE _unreadable = '' AND NOT _deleted)
)`

// calledOrders are the orders of that time about which a party was called, with what their calls have in common with others. Whatever an order
// says of itself has the same name there, so that it is counted once.
const calledOrders = `(
    SELECT order_id, groupUniqArrayArray(arrayMap(p -> (transform(substring(p, 1, position(p, ' ') - 1), ['account', 'storefront', 'article'], ['party', 'marketplace', 'SKU'],
        substring(p, 1, position(p, ' ') - 1)), substring(p, position(p, ' ') + 1)), parts)) AS has
    FROM receipts WHERE _unreadable = '' AND notEmpty(parts) AND (_at >= ? OR order_id IN (SELECT order_id FROM failed)) GROUP BY order_id
)`

// causesQuery groups the open entries.
const causesQuery = `WITH failed AS ` + openEntries + `
SELECT f.fingerprint, any(f.of_step), any(f.of_class), argMax(f.said, f.began), sum(f.n), uniqExactIf(f.order_id, f.order_id != ''), min(f.began), max(f.ended),
    min(o.ship_by), sumMap(map(o.currency, o.total))
FROM (SELECT fingerprint, order_id, any(step) AS of_step, any(class) AS of_class, argMax(reason, first_at) AS said, count() AS n, min(first_at) AS began, max(first_at) AS ended
    FROM failed GROUP BY fingerprint, order_id) AS f
LEFT JOIN ` + knownOrders + ` AS o ON o.order_id = f.order_id
GROUP BY f.fingerprint ORDER BY 5 DESC, 1 LIMIT ?`

// sharedQuery ranks what the orders of each cause have in common, by the harmonic mean of how many of them have it, and how many of
// those that have it failed: what all orders have explains nothing, and neither does what one has.
const sharedQuery = `WITH failed AS ` + openEntries + `, known AS (
    SELECT o.order_id AS order_id, arrayDistinct(arrayConcat(o.has, c.has)) AS has
    FROM ` + knownOrders + ` AS o LEFT JOIN ` + calledOrders + ` AS c ON c.order_id = o.order_id
)
SELECT fingerprint, dim.1, dim.2, n_failed, n_all FROM (
    SELECT f.fingerprint AS fingerprint, o.dim AS dim, uniqExact(f.order_id) AS n_failed, any(a.n_all) AS n_all, any(t.n) AS n_of_cause
    FROM (SELECT DISTINCT fingerprint, order_id FROM failed) AS f
    INNER JOIN (SELECT order_id, arrayJoin(has) AS dim FROM known) AS o ON o.order_id = f.order_id
    INNER JOIN (SELECT arrayJoin(has) AS dim, uniqExact(order_id) AS n_all FROM known GROUP BY dim) AS a ON a.dim = o.dim
    INNER JOIN (SELECT fingerprint, uniqExact(order_id) AS n FROM failed GROUP BY fingerprint) AS t ON t.fingerprint = f.fingerprint
    GROUP BY f.fingerprint, o.dim
)
ORDER BY fingerprint, 2 * n_failed / (n_of_cause + n_all) DESC, n_all, dim LIMIT ? BY fingerprint`

// Causes are what the open entries of the trash since then have in common, those with most entries first.
func (c *ClickHouse) Causes(ctx context.Context, since time.Time, most int) ([]Cause, error) {
	rows, err := c.conn.Query(ctx, causesQuery, since, since, since, most)
	if err != nil {
		return nil, fmt.Errorf("group what failed: %w", hinted(err))
	}
	defer rows.Close()
	var causes []Cause
	at := map[string]int{}
	for rows.Next() {
		var one Cause
		var risk map[string]decimal.Decimal
		if err := rows.Scan(&one.Fingerprint, &one.Step, &one.Class, &one.Reason, &one.Entries, &one.Orders, &one.FirstAt, &one.LastAt, &one.ShipBy, &risk); err != nil {
			return nil, fmt.Errorf("group what failed: %w", err)
		}
		one.AtRisk = map[string]string{}
		for currency, total := range risk {
			if currency != "" {
				one.AtRisk[currency] = total.String()
			}
		}
		at[one.Fingerprint] = len(causes)
		causes = append(causes, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("group what failed: %w", err)
	}
	return causes, c.share(ctx, since, causes, at)
}

// share adds to causes what their orders have in common.
func (c *ClickHouse) share(ctx context.Context, since time.Time, causes []Cause, at map[string]int) error {
	if len(causes) == 0 {
		return nil
	}
	rows, err := c.conn.Query(ctx, sharedQuery, since, since, since, since, likelyMax)
	if err != nil {
		return fmt.Errorf("look what failed orders have in common: %w", hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var fingerprint string
		var s Shared
		if err := rows.Scan(&fingerprint, &s.Dimension, &s.Value, &s.Failed, &s.Of); err != nil {
			return fmt.Errorf("look what failed orders have in common: %w", err)
		}
		if i, is := at[fingerprint]; is {
			causes[i].Likely = append(causes[i].Likely, s)
		}
	}
	return rows.Err()
}
