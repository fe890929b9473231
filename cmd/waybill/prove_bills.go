package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/bills"
	"waybill/connectors/clickhouse"
)

// invoices are the files that --bills names.
type invoices struct {
	files    []string
	columns  bills.Columns
	currency string
	read     []*bills.Invoice
}

func (i *invoices) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&i.files, "bills", nil, "a carrier's invoice, CSV with a header or NDJSON; may be given several times; - is stdin")
	cmd.Flags().StringVar(&i.currency, "currency", "", "of the amounts, where the invoice has no column for it, such as EUR")
	for _, c := range []struct {
		name, what string
		to         *string
	}{
		{"number-column", "the tracking number", &i.columns.Number},
		{"reference-column", "our reference", &i.columns.Reference},
		{"amount-column", "the amount", &i.columns.Amount},
		{"currency-column", "the currency", &i.columns.Currency},
		{"charge-column", "what is billed", &i.columns.Charge},
	} {
		cmd.Flags().StringVar(c.to, c.name, "", "what the invoice calls the column of "+c.what+" (default: a usual name)")
	}
}

// readInvoices reads all of them before anything is kept of any.
func (a *app) readInvoices(i *invoices) error {
	if len(i.files) == 0 && (i.columns != bills.Columns{} || i.currency != "") {
		return usage("columns and currency are of an invoice: give --bills with its file")
	}
	for _, file := range i.files {
		err := a.reading(file, func(in io.Reader, _ int64) error {
			invoice, err := bills.Read(in, i.columns, i.currency)
			i.read = append(i.read, invoice)
			return err
		})
		if err != nil {
			return fmt.Errorf("read the invoice %s: %w; nothing of it is kept", file, err)
		}
	}
	return nil
}

func (i *invoices) keep(ctx context.Context, store *clickhouse.ClickHouse) error {
	for n, invoice := range i.read {
		var rows []clickhouse.Bill
		for _, b := range invoice.Bills {
			rows = append(rows, clickhouse.Bill(b))
		}
		if err := store.AddBills(ctx, invoice.SHA256, filepath.Base(i.files[n]), rows, time.Now()); err != nil {
			return err
		}
	}
	return nil
}
