package clickhouse

import (
	"context"
	"fmt"
	"time"

	"waybill/schemas"
)

// MissingWanted says what is asked for of what is missing; zero is all of it.
type MissingWanted struct {
	What  string // "": whatever it is
	Party string // "": of any
	Late  bool   // only what is late, not what will be soon
	Most  int
}

// Missing is something that should have come and has not.
type Missing struct {
	OrderID string         `json:"order_id"` // "": of a whole source
	Party   string         `json:"party"`
	What    string         `json:"what"`
	Share   int64          `json:"share"` // of its time, in per cent, when that was said last
	Since   schemas.Millis `json:"since"`
	Due     schemas.Millis `json:"due"`
	ToldAt  schemas.Millis `json:"told_at"`
	Reason  string         `json:"reason,omitempty"`
}

const missingQuery = `SELECT order_id, party, what, share, toUnixTimestamp64Milli(since), toUnixTimestamp64Milli(due), toUnixTimestamp64Milli(told_at), reason
FROM v_missing WHERE (? = '' OR what = ?) AND (? = '' OR party = ?) AND (NOT ? OR due <= toDateTime64(?, 3, 'UTC')) ORDER BY due, order_id, what, party LIMIT ?`

// Missing is what is missing now, what was due first at the top.
func (c *ClickHouse) Missing(ctx context.Context, wanted MissingWanted, now time.Time) (all []Missing, err error) {
	rows, err := c.conn.Query(ctx, missingQuery, wanted.What, wanted.What, wanted.Party, wanted.Party, wanted.Late, moment(now), wanted.Most)
	if err != nil {
		return nil, fmt.Errorf("list what is missing: %w", hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var m Missing
		var since, due, told int64
		if err := rows.Scan(&m.OrderID, &m.Party, &m.What, &m.Share, &since, &due, &told, &m.Reason); err != nil {
			return nil, fmt.Errorf("list what is missing: %w", err)
		}
		m.Since, m.Due, m.ToldAt = schemas.Millis(since), schemas.Millis(due), schemas.Millis(told)
		all = append(all, m)
	}
	return all, rows.Err()
}
