package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
)

// proofOfLabels finds what must not be: a part of a shipment that was bought twice in one generation, another generation bought before the last
// was taken back, a label without a hash.
const proofOfLabels = `SELECT 'one booking has two names at its carrier' AS wrong, concat(shipment_id, '.', toString(part), '@', toString(generation)) AS what
FROM shipments WHERE state IN ('booked', 'labelled') GROUP BY shipment_id, part, generation HAVING uniqExact(booking_ref) > 1
UNION ALL SELECT 'bought again before it was taken back', concat(shipment_id, '.', toString(part))
FROM shipments GROUP BY shipment_id, part HAVING uniqExactIf(generation, state IN ('booked', 'labelled')) > uniqExactIf(generation, state = 'voided') + 1
UNION ALL SELECT 'its label is not kept', concat(shipment_id, '.', toString(part), '@', toString(generation))
FROM shipments WHERE state = 'labelled' AND arrayExists(hash -> hash = '', parcels_label_sha256)`

// proofOfCalls finds, of one carrier, calls that bought a label of which nobody heard, and labels that no call bought.
const proofOfCalls = `SELECT 'a call was made, and its label is not known' AS wrong, task_task_id AS what FROM v_calls_%[1]s WHERE task_kind = 'book' AND state = 'done'
AND task_task_id NOT IN (SELECT concat(carrier, '/book:', shipment_id, '.', toString(part), '@', toString(generation)) FROM shipments WHERE state IN ('booked', 'labelled'))
UNION ALL SELECT 'a label is known, and no call bought it', concat(carrier, '/book:', shipment_id, '.', toString(part), '@', toString(generation)) FROM shipments
WHERE carrier = '%[2]s' AND state IN ('booked', 'labelled')
AND concat(carrier, '/book:', shipment_id, '.', toString(part), '@', toString(generation)) NOT IN (SELECT task_task_id FROM v_calls_%[1]s WHERE task_kind = 'book' AND state = 'done')`

func (a *app) prove() *cobra.Command {
	var invoiced invoices
	cmd := verb("ask", "prove labels", "Prove that no label was bought twice: calls, bookings, labels and bills, held against each other", func(cmd *cobra.Command, args []string) error {
		if args[0] != "labels" {
			return usage("prove %s: there is a proof of labels alone", args[0])
		}
		if err := a.readInvoices(&invoiced); err != nil {
			return err
		}
		stack, store, done, err := a.openTables(cmd)
		if err != nil {
			return err
		}
		defer done()
		if err := invoiced.keep(cmd.Context(), store); err != nil {
			return err
		}
		if len(invoiced.read) == 0 {
			return a.proveLabels(cmd.Context(), store)
		}
		return errors.Join(a.settleByInvoices(cmd.Context(), stack, store), a.proveLabels(cmd.Context(), store))
	})
	cmd.Args = cobra.ExactArgs(1)
	cmd.Long = `Prints a row for each thing that must not be, and fails if there is any. 'waybill verify' proves beside it that all that was said has landed. With -v the
queries are printed: they can be asked with 'waybill sql' too.

--bills reads a carrier's invoice, CSV with a header or a JSON object a line, and keeps it in the table bills; all that are kept are held against the labels. What is
billed and has no label, or is billed twice, is wrong. A label that was taken back, and whose invoices give back what they asked, is settled ('waybill credits'). What may still come right is noted: a label that no invoice has yet, one that was taken back and is billed, a price
above the quote.`
	cmd.Example = `  waybill prove labels
  waybill prove labels --bills dhl-november.csv --bills dhl-december.csv
  waybill prove labels --bills ups.csv --number-column "Tracking Number" --amount-column "Net Amount" --currency EUR`
	stackFlags(cmd)
	invoiced.flags(cmd)
	return cmd
}

func (a *app) proveLabels(ctx context.Context, store *clickhouse.ClickHouse) error {
	queries := slices.Concat([]string{proofOfLabels}, clickhouse.ProofsOfBills)
	err := store.Query(ctx, "SELECT DISTINCT carrier FROM shipments WHERE state IN ('booked', 'labelled') ORDER BY carrier", func(_ []string, values []any) error {
		carrier := fmt.Sprint(values[0])
		queries = append(queries, fmt.Sprintf(proofOfCalls, strings.ReplaceAll(carrier, "-", "_"), carrier))
		return nil
	})
	if err != nil {
		return err
	}
	p := a.printer("wrong", "what")
	wrong, noted := 0, 0
	for _, query := range queries {
		if a.verbose {
			a.say("%s;", query)
		}
		err := store.Query(ctx, query, func(columns []string, values []any) error {
			if columns[0] == "noted" {
				noted++
				return p.row(map[string]any{"noted": values[0], "what": values[1]}, fmt.Sprint("noted: ", values[0]), values[1])
			}
			wrong++
			return p.row(map[string]any{"wrong": values[0], "what": values[1]}, values[0], values[1])
		})
		if err != nil {
			return err
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d rows are wrong", wrong)
	}
	a.say("0 rows are wrong, %d are noted: %d queries looked at all that was said of labels", noted, len(queries))
	return nil
}
