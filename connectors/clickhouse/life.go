package clickhouse

import (
	"context"
	"fmt"
)

// Life names the present run of the server: another one after each start, however the former ended.
//
// A server has no such name of its own that all versions tell (the UUIDs of its databases in memory are of late ones only; its start is
// now() - uptime(), which is off by up to a second, longer than a start takes). A table in memory is empty after a start by its definition
// (https://clickhouse.com/docs/engines/table-engines/special/memory): whoever finds it so writes a name into it. Of two who do so at the
// same time the earlier stands.
func (c *ClickHouse) Life(ctx context.Context) (string, error) {
	name, err := c.name(ctx)
	if err == nil && name == "" {
		if err = c.undeduplicated(ctx, "INSERT INTO lives SELECT generateUUIDv4(), now64(3, 'UTC')"); err == nil {
			name, err = c.name(ctx)
		}
	}
	if err != nil {
		return "", fmt.Errorf("ask for the server's life: %w", hinted(err))
	}
	return name, nil
}

// name is empty if nobody has asked since the server started.
func (c *ClickHouse) name(ctx context.Context) (name string, err error) {
	err = c.conn.QueryRow(ctx, "SELECT if(count() = 0, '', toString(argMin(id, (at, id)))) FROM lives").Scan(&name)
	return name, err
}
