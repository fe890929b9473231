package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
	"waybill/connectors/marketplaces"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// decision is what a person says about an order.
type decision struct {
	by, why, reason string
	lines           []string
	wait            time.Duration
}

func (d *decision) flags(cmd *cobra.Command) {
	cmd.Args = cobra.ExactArgs(1)
	signFlags(cmd, &d.by, &d.why)
	cmd.Flags().DurationVar(&d.wait, "wait", 30*time.Second, "how long to wait until the channel knows")
	stackFlags(cmd)
}

func (a *app) accept() *cobra.Command {
	var d decision
	cmd := verb("keep", "accept ORDER", "Tell the channel that an order is accepted", func(cmd *cobra.Command, args []string) error {
		return a.decide(cmd, args[0], &d, marketplaces.WhyNotAccepted, func(_ context.Context, _ *clickhouse.ClickHouse, party string, what schemas.Accepting) (topics.Message, error) {
			return processors.AcceptCall(party, args[0], what)
		})
	})
	cmd.Long = `Tells the channel that an order is accepted, as Waybill does by itself unless the party's setting "accept" is manual. Told twice is told once.`
	cmd.Example = "  waybill accept kaufland/M53KUW5 --why \"the goods have come in\""
	d.flags(cmd)
	return cmd
}

func (a *app) reject() *cobra.Command {
	var d decision
	cmd := verb("keep", "reject ORDER --reason REASON", "Tell the channel that an order, or a part of it, will not be delivered", func(cmd *cobra.Command, args []string) error {
		return a.decide(cmd, args[0], &d, marketplaces.WhyNotRejected, func(ctx context.Context, store *clickhouse.ClickHouse, party string, what schemas.Accepting) (topics.Message, error) {
			there, err := store.Pieces(ctx, args[0])
			if err == nil && len(d.lines) > 0 {
				what.Pieces, err = piecesNamed(args[0], d.lines, there)
			}
			if err != nil {
				return topics.Message{}, err
			}
			what.Reason = d.reason
			return processors.RejectCall(party, args[0], what)
		})
	})
	cmd.Long = `Tells the channel that an order will not be delivered, or of a line so many pieces of it. What the channel then says of the order reaches the ERP
as any other change. Kaufland takes single pieces, Allegro whole orders only, Shopify whole orders that nobody has paid; Amazon has no such call.`
	cmd.Example = `  waybill reject kaufland/M53KUW5 --reason NoInventory
  waybill reject kaufland/M53KUW5 --reason NoInventory --line 314568015275035=1`
	d.flags(cmd)
	cmd.Flags().StringVar(&d.reason, "reason", "", "the channel's own word for why; at Kaufland NoInventory, BuyerCancelled, WrongPrice and others, at Shopify DECLINED, FRAUD, INVENTORY")
	cmd.Flags().StringArrayVar(&d.lines, "line", nil, "LINE or LINE=PIECES: only of that line, all its pieces or so many; may be given several times")
	_ = cmd.MarkFlagRequired("reason") // the flag is ours
	return cmd
}

// decide asks for the call that says so, and waits until the channel knows.
func (a *app) decide(cmd *cobra.Command, id string, d *decision, whyNot func(channel string) string,
	call func(context.Context, *clickhouse.ClickHouse, string, schemas.Accepting) (topics.Message, error),
) error {
	party, ref, is := schemas.SplitOrderID(id)
	if !is || ref == "" {
		return usage("order %q: an order id is PARTY/REFERENCE", id)
	}
	by, err := whoDoes(d.by)
	if err != nil {
		return err
	}
	stack, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	settled, is := stack.config.Parties[party]
	if !is {
		return unknownParty(stack.config, party)
	}
	if why := whyNot(settled.Channel); why != "" {
		return usage("%s: %s", id, why)
	}
	store, err := stack.clickhouse(cmd.Context())
	if err != nil {
		return err
	}
	defer store.Close()
	message, err := call(cmd.Context(), store, party, schemas.Accepting{Ref: ref, By: by, Why: d.why})
	if err != nil {
		return err
	}
	if err := stack.store(cmd.Context(), []topics.Message{message}); err != nil {
		return err
	}
	return a.awaitTold(cmd.Context(), store, id, message.Key, d.wait)
}

// piecesNamed are those that were named by their lines.
func piecesNamed(id string, named []string, there []schemas.Rejected) (pieces []schemas.Rejected, err error) {
	for _, text := range named {
		line, number, limited := strings.Cut(text, "=")
		i := slices.IndexFunc(there, func(p schemas.Rejected) bool { return p.LineRef == line })
		if i < 0 {
			return nil, usage("--line %s: order %s has the lines %s", text, id, linesIn(there))
		}
		piece := there[i]
		if limited {
			n, err := strconv.ParseInt(number, 10, 64)
			if err != nil || n < 1 || n > piece.Quantity {
				return nil, usage("--line %s: give from 1 to %d pieces", text, piece.Quantity)
			}
			piece.Quantity = n
			piece.UnitRefs = piece.UnitRefs[:min(int(n), len(piece.UnitRefs))]
		}
		pieces = append(pieces, piece)
	}
	return pieces, nil
}

func linesIn(there []schemas.Rejected) string {
	if len(there) == 0 {
		return "none: it is not known here"
	}
	names := make([]string, len(there))
	for i, p := range there {
		names[i] = fmt.Sprintf("%s (%d)", p.LineRef, p.Quantity)
	}
	return strings.Join(names, ", ")
}

// awaitTold prints what became of the call.
func (a *app) awaitTold(ctx context.Context, store *clickhouse.ClickHouse, id, taskID string, wait time.Duration) error {
	receipt := clickhouse.Receipt{TaskID: taskID, Receipt: "pending"}
	for until := time.Now().Add(wait); ; {
		all, err := store.Receipts(ctx, id)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(r clickhouse.Receipt) bool { return r.TaskID == taskID }); i >= 0 {
			receipt = all[i]
		}
		if receipt.Receipt != "pending" && receipt.Receipt != "sent" || time.Now().After(until) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err() // what was asked for still comes
		case <-time.After(lookAgain):
		}
	}
	p := a.printer("fact", "participant", "receipt", "failure")
	if err := p.row(receipt, receipt.Fact, receipt.Participant, receipt.Receipt, strings.TrimSpace(receipt.Class+" "+receipt.Code)); err != nil {
		return err
	}
	if err := p.end(); err != nil || receipt.Receipt == "confirmed" {
		return err
	}
	return &exitError{code: exitPartial, err: fmt.Errorf("the channel does not know it: it is %s; see 'waybill order %s --receipts'%s", receipt.Receipt, id, cmp.Or(map[string]string{
		"needless": " (the channel has no such order, or it was cancelled)", "rejected": " and 'waybill trash list'",
	}[receipt.Receipt], ""))}
}
