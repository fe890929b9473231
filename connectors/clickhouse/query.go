package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// readOnly are the options of a connection on which the server itself refuses to change anything, and bounds every answer.
func readOnly(options *clickhouse.Options, o Options) *clickhouse.Options {
	reading := *options
	reading.Settings = maps.Clone(options.Settings)
	for _, writing := range []string{"async_insert", "deduplicate_blocks_in_dependent_materialized_views", "max_partitions_per_insert_block", "optimize_on_insert"} {
		delete(reading.Settings, writing)
	}
	maps.Copy(reading.Settings, clickhouse.Settings{
		"readonly":             1,
		"max_execution_time":   o.QuerySeconds,
		"max_result_rows":      o.QueryRows,
		"max_result_bytes":     o.QueryBytes,
		"result_overflow_mode": "throw",
	})
	return &reading
}

var formatClause = regexp.MustCompile(`(?is)\sFORMAT\s+\w+\s*$`)

// Query runs one statement that only reads, and calls row for each row of its answer with values that JSON can hold: text, bool,
// integers, decimals as text, times as RFC 3339, arrays, maps, nil. The columns are the same slice for every row. An error of
// row ends the query and is returned as it is.
//
// The server enforces that nothing is changed (readonly = 1) and the limits of Options. Its errors name line and column.
func (c *ClickHouse) Query(ctx context.Context, sql string, row func(columns []string, values []any) error) error {
	sql = strings.TrimRight(sql, "; \t\r\n")
	if formatClause.MatchString(sql) {
		return errors.New("leave FORMAT away: the rows are read as they are and written in the form you ask the command for")
	}
	rows, err := c.reader.Query(ctx, sql)
	if err != nil {
		return c.refused(err)
	}
	defer rows.Close()
	columns, types := rows.Columns(), rows.ColumnTypes()
	pointers, values := make([]any, len(columns)), make([]any, len(columns))
	for i, t := range types {
		pointers[i] = reflect.New(t.ScanType()).Interface()
	}
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
		for i, t := range types {
			values[i] = jsonSafe(reflect.ValueOf(pointers[i]).Elem(), t.DatabaseTypeName())
		}
		if err := row(columns, values); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return c.refused(err)
	}
	return nil
}

// Codes of ClickHouse for what is not allowed and what is too much.
const (
	codeTimeout     = 159
	codeReadOnly    = 164
	codeDenied      = 497
	codeTooMany     = 396
	codeTooManyRows = 158
)

// refused says in a word what the server has against the query. Its own text follows, with line and column of a mistake.
func (c *ClickHouse) refused(err error) error {
	var exception *clickhouse.Exception
	if !errors.As(err, &exception) {
		return fmt.Errorf("ask ClickHouse at %s: %w", c.address, err)
	}
	err = &queryError{exception}
	switch exception.Code {
	case codeReadOnly, codeDenied:
		return fmt.Errorf("only reading is allowed here: %w", err)
	case codeTimeout:
		return fmt.Errorf("the query ran longer than %d s; narrow it: %w", c.limits.QuerySeconds, err)
	case codeTooMany, codeTooManyRows:
		return fmt.Errorf("the answer has more than %d rows or %d bytes; add a LIMIT: %w", c.limits.QueryRows, c.limits.QueryBytes, err)
	}
	return fmt.Errorf("run the query: %w", err)
}

// queryError is what the server says, without the driver's way to it and without the list of all that it would have understood.
type queryError struct{ exception *clickhouse.Exception }

func (e *queryError) Error() string {
	message, _, _ := strings.Cut(e.exception.Message, " Expected one of: ")
	return fmt.Sprintf("%s (code %d)", strings.TrimSuffix(message, "."), e.exception.Code)
}

func (e *queryError) Unwrap() error { return e.exception }
