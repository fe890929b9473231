package clickhouse

import (
	"context"
	"fmt"
	"time"
)

// Arrivals is how much came from a party, by the minute.
type Arrivals struct {
	Party       string
	First, Last time.Time // minutes in which something came
	Recent      uint64    // what came in that time before the end of the last
	Yesterday   uint64    // what came a day ago, from so long before the time of the last until so long after now
}

// ArrivalsQuery is asked with now, with how many seconds are recent, and twice with how many are around a time of day.
const ArrivalsQuery = `WITH toDateTime(?, 'UTC') AS now,
    minutes AS (SELECT minute, party, sum(events) AS events FROM minute_events FINAL
        WHERE topic = 'orders.raw' AND minute > now - INTERVAL 8 DAY GROUP BY minute, party),
    ends AS (SELECT party, min(minute) AS first, max(minute) AS last FROM minutes GROUP BY party)
SELECT party, any(first), any(last), sumIf(events, minute > last - toIntervalSecond(?)),
    sumIf(events, minute > last - INTERVAL 1 DAY - toIntervalSecond(?) AND minute <= now - INTERVAL 1 DAY + toIntervalSecond(?))
FROM minutes JOIN ends USING (party) GROUP BY party ORDER BY party`

// Arrivals are those of every party that sent something in the last eight days.
func (c *ClickHouse) Arrivals(ctx context.Context, now time.Time, recent, around time.Duration) (all []Arrivals, err error) {
	rows, err := c.conn.Query(ctx, ArrivalsQuery, now.UTC().Format(time.DateTime), int64(recent.Seconds()), int64(around.Seconds()), int64(around.Seconds()))
	if err != nil {
		return nil, fmt.Errorf("ask how much came from each party: %w", hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var a Arrivals
		if err := rows.Scan(&a.Party, &a.First, &a.Last, &a.Recent, &a.Yesterday); err != nil {
			return nil, fmt.Errorf("ask how much came from each party: %w", err)
		}
		all = append(all, a)
	}
	return all, rows.Err()
}
