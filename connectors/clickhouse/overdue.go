package clickhouse

import (
	"context"
	"fmt"
	"time"
)

// Due is how long an entry of the trash may lie whose order names no time to ship by.
type Due struct {
	Hours   int            // after its arrival
	ByClass map[string]int // for classes that differ
}

// Overdue is how many entries of a class and a party should have been closed by now.
type Overdue struct {
	Class, Party string
	Entries      uint64
}

// OverdueQuery counts what is left to do by class and party, late or not, so that a count that falls to nothing is said too. It is asked with
// the classes that differ, their hours, the hours of the others, and now.
const OverdueQuery = `SELECT class, party, countIf(coalesce(ship_by, first_at + toIntervalHour(transform(class, ?, ?, ?))) < ?) AS entries
FROM (SELECT class, party, state, first_at, ship_by FROM trash WHERE _unreadable = '' ORDER BY trash_id, _offset DESC LIMIT 1 BY trash_id)
WHERE state IN ('open', 'waiting') GROUP BY class, party ORDER BY class, party`

// Overdue counts the open and waiting entries of the trash that are late, by class and party; 0 where none is.
func (c *ClickHouse) Overdue(ctx context.Context, due Due, now time.Time) ([]Overdue, error) {
	classes, hours := []string{""}, []int64{int64(due.Hours)} // of an empty list nobody knows the type
	for class, n := range due.ByClass {
		classes, hours = append(classes, class), append(hours, int64(n))
	}
	rows, err := c.conn.Query(ctx, OverdueQuery, classes, hours, int64(due.Hours), now.UTC())
	if err != nil {
		return nil, fmt.Errorf("count what is overdue in the trash: %w", hinted(err))
	}
	defer rows.Close()
	var all []Overdue
	for rows.Next() {
		var o Overdue
		if err := rows.Scan(&o.Class, &o.Party, &o.Entries); err != nil {
			return nil, fmt.Errorf("count what is overdue in the trash: %w", err)
		}
		all = append(all, o)
	}
	return all, rows.Err()
}
