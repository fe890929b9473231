package clickhouse

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/pressly/goose/v3"

	"waybill/topics"
)

// migrationFiles only go up, and each statement of theirs can be run again: two instances may start at the same time.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// withMigrations opens what goose works on for the time of do.
func (c *ClickHouse) withMigrations(do func(*goose.Provider, *sql.DB) error) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	options := *c.options
	db := clickhouse.OpenDB(&options)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectClickHouse, db, files)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	return do(provider, db)
}

// migrationChanges are the files that have not been run. It writes nothing, not even goose's own table.
func (c *ClickHouse) migrationChanges(ctx context.Context, _ []*topics.Topic) ([]Change, error) {
	var changes []Change
	err := c.withMigrations(func(provider *goose.Provider, db *sql.DB) error {
		var tables int
		err := db.QueryRowContext(ctx, "SELECT toInt64(count()) FROM system.tables WHERE database = currentDatabase() AND name = ?", goose.DefaultTablename).Scan(&tables)
		if err != nil {
			return fmt.Errorf("look for earlier migrations: %w", err)
		}
		var applied int64
		if tables > 0 {
			if applied, err = provider.GetDBVersion(ctx); err != nil {
				return fmt.Errorf("read which migrations have run: %w", err)
			}
		}
		for _, source := range provider.ListSources() {
			if source.Version <= applied {
				continue
			}
			text, err := migrationFiles.ReadFile("migrations/" + source.Path)
			if err != nil {
				return err
			}
			changes = append(changes, Change{"run " + source.Path, string(text)})
		}
		return nil
	})
	return changes, err
}

func (c *ClickHouse) migrate(ctx context.Context, _ []Change) error {
	return c.withMigrations(func(provider *goose.Provider, _ *sql.DB) error {
		_, err := provider.Up(ctx)
		return err
	})
}
