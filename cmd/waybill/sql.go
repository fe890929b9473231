package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) sql() *cobra.Command {
	cmd := verb("ask", "sql QUERY", "Run a read-only query on ClickHouse", func(cmd *cobra.Command, args []string) error {
		_, store, done, err := a.openTables(cmd)
		if err != nil {
			return err
		}
		defer done()
		var p *printer
		err = store.Query(cmd.Context(), args[0], func(columns []string, values []any) error {
			if p == nil {
				p = a.printer(columns...)
			}
			return p.row(rowOf{columns, values}, cells(values)...)
		})
		if err != nil || p == nil {
			return err
		}
		return p.end()
	})
	cmd.Args = cobra.ExactArgs(1)
	cmd.Example = `  waybill sql "SELECT order_id, status, total FROM orders_normalized FINAL LIMIT 10"
  waybill sql "SELECT * FROM v_orders_per_minute ORDER BY minute DESC LIMIT 10" -o json
  waybill sql "SHOW TABLES"`
	stackFlags(cmd)
	return cmd
}

// rowOf is a row as a JSON object whose fields stand in the order of the query.
type rowOf struct {
	columns []string
	values  []any
}

// MarshalJSON writes texts as they are: an & is no \u0026 to an analyst.
func (r rowOf) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, c := range r.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(c); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(r.values[i]); err != nil {
			return nil, fmt.Errorf("column %s: %w", c, err)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func cells(values []any) []any {
	cells := make([]any, len(values))
	for i, v := range values {
		if v != nil {
			cells[i] = v
		} else {
			cells[i] = ""
		}
	}
	return cells
}
