package clickhouse

import (
	"context"
	"time"
)

// Due is how long an entry of the trash may lie whose order names no time to ship by.
type Due struct {
	Hours   int            // after its arrival
	ByClass map[string]int // for classes that differ
}

// Overdue is how much of a kind, at a party, should have been done by now.
type Overdue struct {
	Kind, Party string
	Count       uint64
}

// OverdueTrashQuery counts what is left to do by class and party, late or not, so that a count that falls to nothing is said too. It is asked with
// the classes that differ, their hours, the hours of the others, and now.
const OverdueTrashQuery = `SELECT class, party, countIf(coalesce(ship_by, first_at + toIntervalHour(transform(class, ?, ?, ?))) < ?) AS entries
FROM (SELECT class, party, state, first_at, ship_by FROM trash WHERE _unreadable = '' ORDER BY trash_id, _offset DESC LIMIT 1 BY trash_id)
WHERE state IN ('open', 'waiting') GROUP BY class, party ORDER BY class, party`

// OverdueTrash counts the open and waiting entries of the trash that are late, by class and party; 0 where none is.
func (c *ClickHouse) OverdueTrash(ctx context.Context, due Due, now time.Time) ([]Overdue, error) {
	classes, hours := []string{""}, []int64{int64(due.Hours)} // of an empty list nobody knows the type
	for class, n := range due.ByClass {
		classes, hours = append(classes, class), append(hours, int64(n))
	}
	return c.overdue(ctx, OverdueTrashQuery, classes, hours, int64(due.Hours), now.UTC())
}

// OverdueMissingQuery counts what is missing by what it is and by party, late or not. It is asked with now.
const OverdueMissingQuery = `SELECT what, party, countIf(due <= toDateTime64(?, 3, 'UTC')) AS late FROM v_missing GROUP BY what, party ORDER BY what, party`

// OverdueMissing counts what should have come by now and has not, by what it is and by party; 0 where all that is missing has time left.
func (c *ClickHouse) OverdueMissing(ctx context.Context, now time.Time) ([]Overdue, error) {
	return c.overdue(ctx, OverdueMissingQuery, moment(now))
}

func (c *ClickHouse) overdue(ctx context.Context, query string, args ...any) (all []Overdue, err error) {
	rows, err := c.conn.Query(ctx, query, args...)
	if err != nil {
		return nil, hinted(err)
	}
	defer rows.Close()
	for rows.Next() {
		var o Overdue
		if err := rows.Scan(&o.Kind, &o.Party, &o.Count); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, rows.Err()
}
