package clickhouse

import (
	"context"
	"fmt"

	"waybill/topics"
)

// Change is one step that brings the database up to date.
type Change struct {
	What string // for people: "create table orders_raw, 24 columns"
	SQL  string
}

// Migrate brings the database up to date with the topics that land, and says what it changed; with dryRun it only says what it
// would. The typed tables and views are derived from the schemas; everything else is in migrations/, each file run once. A
// second Migrate changes nothing. The database itself must exist.
func (c *ClickHouse) Migrate(ctx context.Context, landing []*topics.Topic, dryRun bool) ([]Change, error) {
	var done []Change
	steps := []func(context.Context, []*topics.Topic) ([]Change, error){c.tableChanges, c.migrationChanges, c.viewChanges, c.receiptChanges}
	apply := []func(context.Context, []Change) error{c.apply, c.migrate, c.apply, c.apply}
	for i, plan := range steps {
		changes, err := plan(ctx, landing)
		if err != nil {
			return done, fmt.Errorf("plan the tables of ClickHouse at %s: %w", c.address, err)
		}
		if !dryRun && len(changes) > 0 {
			if err := apply[i](ctx, changes); err != nil {
				return done, fmt.Errorf("bring ClickHouse at %s up to date: %w", c.address, err)
			}
		}
		done = append(done, changes...)
	}
	return done, nil
}

func (c *ClickHouse) apply(ctx context.Context, changes []Change) error {
	for _, change := range changes {
		if err := c.conn.Exec(ctx, change.SQL); err != nil {
			return fmt.Errorf("%s: %w", change.What, err)
		}
	}
	return nil
}

// tableChanges are what the typed tables lack.
func (c *ClickHouse) tableChanges(ctx context.Context, landing []*topics.Topic) ([]Change, error) {
	present, err := c.columnsPresent(ctx)
	if err != nil {
		return nil, err
	}
	shapes, err := c.shapesPresent(ctx)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, topic := range landing {
		t := c.table(topic)
		if present[t.name] == nil {
			changes = append(changes, Change{fmt.Sprintf("create table %s, %d columns", t.name, len(t.columns)), t.create()})
			continue
		}
		if err := t.fits(shapes[t.name]); err != nil {
			return nil, err
		}
		lacking, err := t.lacks(present[t.name])
		if err != nil {
			return nil, err
		}
		changes = append(changes, lacking...)
	}
	return changes, nil
}

// lacks are the columns that a table has not yet, and the comments that are out of date. Columns that only an older or newer
// schema knows stay.
func (t *table) lacks(present map[string]columnPresent) ([]Change, error) {
	var changes []Change
	after := ""
	for _, c := range t.columns {
		has, found := present[c.name]
		switch {
		case !found:
			changes = append(changes, Change{
				What: fmt.Sprintf("add column %s to %s", c.name, t.name),
				SQL:  fmt.Sprintf("ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s%s", t.name, c.definition(), after),
			})
		case has.kind != c.kind:
			return nil, fmt.Errorf("column %s of table %s is %s and its schema says %s; alter it back, or rename the table away and let 'waybill provision' make it anew",
				c.name, t.name, has.kind, c.kind)
		case has.doc != c.doc:
			changes = append(changes, Change{
				What: fmt.Sprintf("comment column %s of %s", c.name, t.name),
				SQL:  fmt.Sprintf("ALTER TABLE %s COMMENT COLUMN %s %s", t.name, c.name, quoted(c.doc)),
			})
		}
		after = " AFTER " + c.name
	}
	return changes, nil
}

type columnPresent struct{ kind, doc string }

// columnsPresent are the columns of all tables and views that are there.
func (c *ClickHouse) columnsPresent(ctx context.Context) (map[string]map[string]columnPresent, error) {
	rows, err := c.conn.Query(ctx, "SELECT table, name, type, comment FROM system.columns WHERE database = currentDatabase()")
	if err != nil {
		return nil, fmt.Errorf("read which columns there are: %w", err)
	}
	defer rows.Close()
	present := map[string]map[string]columnPresent{}
	for rows.Next() {
		var table, name string
		var column columnPresent
		if err := rows.Scan(&table, &name, &column.kind, &column.doc); err != nil {
			return nil, fmt.Errorf("read which columns there are: %w", err)
		}
		if present[table] == nil {
			present[table] = map[string]columnPresent{}
		}
		present[table][name] = column
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read which columns there are: %w", err)
	}
	return present, nil
}
