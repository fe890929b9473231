package clickhouse

import (
	"context"
	"fmt"
	"time"
)

// Unconfirmed is what a party was told of an order and has not confirmed, or has confirmed after it was said to be missing.
type Unconfirmed struct {
	OrderID, Party string
	Facts          string    // what it was told, and how that stands
	AskedAt        time.Time // when the first of it was asked for
	Came           bool      // all is confirmed, or needless
}

// unconfirmedMost bounds what is told at one time: of a party that is down all calls are late, and the rest are told the next time.
const unconfirmedMost = 10_000

// Awaited are facts that parties have to confirm, and what a missing word calls that.
type Awaited struct {
	What  string
	Facts []string
	Other bool // all facts but these
}

// UnconfirmedQuery is asked with what a missing word is called, with facts and whether they are left out, and with the span of time.
// An order of which nothing is open any more has a word that it came.
const UnconfirmedQuery = `WITH said AS (SELECT order_id, party, since FROM v_missing WHERE what = ?),
    open AS (SELECT order_id, participant AS party, fact, receipt, asked_at FROM v_receipts_open WHERE order_id != '' AND has(?, fact) != ? AND asked_at <= toDateTime64(?, 3, 'UTC'))
SELECT order_id, party, facts, asked, came FROM (
    SELECT order_id, party, arrayStringConcat(arraySort(groupUniqArray(fact || ' ' || receipt)), ', ') AS facts, min(asked_at) AS asked, false AS came
    FROM open WHERE asked_at > toDateTime64(?, 3, 'UTC') AND (order_id, party) NOT IN (SELECT order_id, party FROM said) GROUP BY order_id, party
    UNION ALL
    SELECT order_id, party, '', since, true FROM said WHERE (order_id, party) NOT IN (SELECT order_id, party FROM open)
)
ORDER BY asked, order_id, party LIMIT ?`

// Unconfirmed is what was asked for in a span of time, is not confirmed, and was not said to be missing; and what was, and is open no more.
func (c *ClickHouse) Unconfirmed(ctx context.Context, awaited Awaited, from, until time.Time) (all []Unconfirmed, err error) {
	rows, err := c.conn.Query(ctx, UnconfirmedQuery, awaited.What, append([]string{""}, awaited.Facts...), awaited.Other, moment(until), moment(from), unconfirmedMost)
	if err != nil {
		return nil, fmt.Errorf("ask what no party has confirmed: %w", hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var u Unconfirmed
		if err := rows.Scan(&u.OrderID, &u.Party, &u.Facts, &u.AskedAt, &u.Came); err != nil {
			return nil, fmt.Errorf("ask what no party has confirmed: %w", err)
		}
		all = append(all, u)
	}
	return all, rows.Err()
}
