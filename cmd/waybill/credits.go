package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
	"waybill/topics"
)

func (a *app) credits() *cobra.Command {
	cmd := &cobra.Command{GroupID: "ask", Use: "credits", Short: "Look at labels that were taken back, and whether their money is; settle those that no invoice settles"}
	cmd.AddCommand(a.creditsList(), a.creditsSettle())
	return cmd
}

func (a *app) creditsList() *cobra.Command {
	var all bool
	cmd := &cobra.Command{Use: "list", Short: "List the labels that were taken back and are not settled, the oldest first", Args: cobra.NoArgs}
	cmd.Long = `A label that was taken back is settled when its invoices give back what they asked for it ('waybill prove labels --bills'), or when somebody says so
('waybill credits settle'). What is not after expect.credited_days is missing: 'waybill missing --what credit'.`
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		_, store, done, err := a.openTables(cmd)
		if err != nil {
			return err
		}
		defer done()
		credits, err := store.Credits(cmd.Context(), "", all)
		if err != nil {
			return err
		}
		p := a.printer("shipment", "carrier", "taken back", "cost", "billed", "state", "by", "why")
		for _, c := range credits {
			err := p.row(c, partName(c), c.Carrier, c.VoidedAt.Time().Format(time.DateTime), amountIn(c.Cost.String(), c.Currency), amountIn(c.Billed.String(), c.BilledIn), c.State, c.By, clip(c.Why))
			if err != nil {
				return err
			}
		}
		return p.end()
	}
	cmd.Flags().BoolVar(&all, "all", false, "those that are settled too")
	stackFlags(cmd)
	return cmd
}

// amountIn is empty where nobody has said any.
func amountIn(amount, currency string) string {
	if currency == "" {
		return ""
	}
	return amount + " " + currency
}

// partName is a shipment, and which of its bookings if it took several.
func partName(c clickhouse.Credit) string {
	if c.Parts < 2 {
		return c.ShipmentID
	}
	return fmt.Sprintf("%s (%d of %d)", c.ShipmentID, c.Part, c.Parts)
}

func (a *app) creditsSettle() *cobra.Command {
	var credited, charged bool
	var by, why string
	cmd := &cobra.Command{Use: "settle ORDER|SHIPMENT|NUMBER", Short: "Say what became of the money for a label that was taken back", Args: cobra.ExactArgs(1)}
	cmd.Example = `  waybill credits settle 00340434161094042557 --credited --why "never on an invoice, says DHL"
  waybill credits settle allegro/1#SO17 --charged --why "taken back too late, says UPS"`
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		by, err := whoDoes(by)
		if err != nil {
			return err
		}
		stack, store, done, err := a.openTables(cmd)
		if err != nil {
			return err
		}
		defer done()
		open, err := store.Credits(cmd.Context(), args[0], false)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			return fmt.Errorf("%s has no label that was taken back and is not settled: 'waybill credits list' lists them", args[0])
		}
		state := schemas.ShipmentCredited
		if charged {
			state = schemas.ShipmentCharged
		}
		return a.settleCredits(cmd.Context(), stack, open, state, by, why)
	}
	cmd.Flags().BoolVar(&credited, "credited", false, "its money is back, or was never asked for")
	cmd.Flags().BoolVar(&charged, "charged", false, "the carrier keeps it")
	byFlag(cmd, &by)
	cmd.Flags().StringVar(&why, "why", "", "how you know, for the record; no personal data")
	cmd.MarkFlagsOneRequired("credited", "charged")
	cmd.MarkFlagsMutuallyExclusive("credited", "charged")
	_ = cmd.MarkFlagRequired("why") // the flag is ours
	stackFlags(cmd)
	return cmd
}

// settleCredits puts on record what became of the money.
func (a *app) settleCredits(ctx context.Context, stack *stack, open []clickhouse.Credit, state, by, why string) error {
	var words []topics.Message
	for _, c := range open {
		words = append(words, topics.Message{Topic: topics.Shipments, Key: c.OrderID, Value: &schemas.Shipment{
			ShipmentID: c.ShipmentID, OrderID: c.OrderID, Party: c.Party, Ref: c.Ref, State: state, Generation: c.Generation, Part: c.Part, Parts: c.Parts,
			Carrier: c.Carrier, BookingRef: c.BookingRef, At: schemas.At(time.Now()), By: by, Why: why,
		}, Headers: []topics.Header{{Key: topics.HeaderOrderID, Value: []byte(c.OrderID)}}})
	}
	if err := stack.store(ctx, words); err != nil {
		return err
	}
	for _, c := range open {
		a.say("%s is %s: %s", partName(c), state, why)
	}
	return nil
}

// settleByInvoices settles what the invoices that are kept give back.
func (a *app) settleByInvoices(ctx context.Context, stack *stack, store *clickhouse.ClickHouse) error {
	open, err := store.Credits(ctx, "", false)
	if err != nil {
		return err
	}
	var back []clickhouse.Credit
	for _, c := range open {
		if c.GivenBack && !c.Billed.IsPositive() {
			back = append(back, c)
		}
	}
	if len(back) == 0 {
		return nil
	}
	return a.settleCredits(ctx, stack, back, schemas.ShipmentCredited, "prove labels", "its invoices give back what they asked for it")
}
