package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
	"waybill/internal/config"
	"waybill/schemas"
)

func (a *app) order() *cobra.Command {
	var payloads, byRef, receipts, lines bool
	cmd := verb("ask", "order ID", "Print the timeline of an order, where its pieces are, and who knows what of it", func(cmd *cobra.Command, args []string) error {
		id := args[0]
		if !byRef && !strings.Contains(id, "/") {
			return usage("order %q: an order id is PARTY/REFERENCE, such as allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6; or give --ref", id)
		}
		stack, store, done, err := a.openTables(cmd)
		if err != nil {
			return err
		}
		defer done()
		if byRef {
			if id, err = orderNamed(cmd.Context(), store, id, stack.config.Parties); err != nil {
				return err
			}
		}
		if payloads {
			return a.printPayloads(cmd.Context(), store, id)
		}
		if lines {
			return a.printPieces(cmd.Context(), store, id)
		}
		if !receipts {
			if err := a.printTimeline(cmd.Context(), store, id); err != nil || a.output == "json" {
				return err
			}
			if err := a.printPieces(cmd.Context(), store, id); err != nil {
				return err
			}
		}
		return a.printReceipts(cmd.Context(), store, id)
	})
	cmd.Args = cobra.ExactArgs(1)
	cmd.Flags().BoolVar(&byRef, "ref", false, "ID is what somebody calls the order, a marketplace, an ERP or a carrier: REFERENCE at any configured party, or PARTY/REFERENCE")
	cmd.Flags().BoolVar(&receipts, "receipts", false, "print only who knows what since when; with -o json the timeline has no receipts among it")
	cmd.Flags().BoolVar(&lines, "lines", false, "print only where its pieces are, line by line: shipped, cancelled or open; with -o json the timeline does not have that either")
	cmd.Flags().BoolVar(&payloads, "payloads", false, "print what was sent, byte for byte, the oldest first: it may hold personal data")
	cmd.MarkFlagsMutuallyExclusive("lines", "receipts")
	cmd.MarkFlagsMutuallyExclusive("lines", "payloads")
	stackFlags(cmd)
	return cmd
}

func (a *app) printTimeline(ctx context.Context, store *clickhouse.ClickHouse, id string) error {
	events, err := store.Timeline(ctx, id)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return fmt.Errorf("order %s: no event of it has landed", id)
	}
	p := a.printer("at", "topic", "kind", "summary", "partition", "offset")
	for _, e := range events {
		if err := p.row(e, e.At, e.Topic, e.Kind, e.Summary, e.Partition, e.Offset); err != nil {
			return err
		}
	}
	return p.end()
}

// printPieces says of every line where its pieces are, and how far the order is.
func (a *app) printPieces(ctx context.Context, store *clickhouse.ClickHouse, id string) error {
	all, err := store.Fulfilment(ctx, id)
	if err != nil || len(all) == 0 {
		return err
	}
	if a.output != "json" {
		fmt.Fprintf(a.stdout, "\npieces: %s\n", strings.ReplaceAll(all[0].State, "_", " "))
	}
	p := a.printer("line", "sku", "ordered", "shipped", "cancelled", "open", "in a shipment")
	for _, l := range all {
		if err := p.row(l, l.LineRef, l.SKU, l.Ordered, l.Shipped, l.Cancelled, l.Open, l.InShipment); err != nil {
			return err
		}
	}
	if err := p.end(); err != nil || a.output == "json" {
		return err
	}
	return a.printRefund(ctx, store, id)
}

// printRefund says what was paid back, if anything was.
func (a *app) printRefund(ctx context.Context, store *clickhouse.ClickHouse, id string) error {
	r, err := store.Refund(ctx, id)
	if err != nil || r == nil {
		return err
	}
	more := ""
	if r.Exceeds {
		more = ", which is more than was paid"
	}
	decimals, _ := schemas.Exponent(r.Currency)
	fmt.Fprintf(a.stdout, "paid back: %s of %s %s%s\n", r.Amount.StringFixed(decimals), r.Paid.StringFixed(decimals), r.Currency, more)
	return nil
}

// printReceipts says of every fact that somebody was to hear of whether they know it.
func (a *app) printReceipts(ctx context.Context, store *clickhouse.ClickHouse, id string) error {
	all, err := store.Receipts(ctx, id)
	if err != nil || len(all) == 0 {
		return err
	}
	if a.output != "json" {
		fmt.Fprintln(a.stdout)
	}
	p := a.printer("fact", "participant", "receipt", "since", "evidence", "failure", "attempts")
	for _, r := range all {
		if err := p.row(r, r.Fact, r.Participant, r.Receipt, r.Since, r.Evidence, strings.TrimSpace(r.Class+" "+r.Code), r.Attempts); err != nil {
			return err
		}
	}
	return p.end()
}

// orderNamed is the id of the one order that goes by a reference.
func orderNamed(ctx context.Context, store *clickhouse.ClickHouse, ref string, configured map[string]config.Party) (string, error) {
	parties := slices.Sorted(maps.Keys(configured))
	if party, rest, named := strings.Cut(ref, "/"); named {
		parties, ref = []string{party}, rest
	}
	orders, err := store.OrdersNamed(ctx, ref, parties)
	switch {
	case err != nil:
		return "", err
	case len(orders) == 0:
		return "", fmt.Errorf("no order goes by %s at %s; if it is a reference of another party, give PARTY/REFERENCE", ref, strings.Join(parties, ", "))
	case len(orders) > 1:
		return "", fmt.Errorf("%d orders go by %s: %s; give one of these ids without --ref", len(orders), ref, strings.Join(orders, ", "))
	}
	return orders[0], nil
}

// delivered is what was sent about an order. Bytes that are no UTF-8 do not survive in JSON: the hash tells.
type delivered struct {
	At          schemas.Millis `json:"at"`
	Origin      string         `json:"origin"`
	ContentType string         `json:"content_type"`
	Mapping     string         `json:"mapping,omitempty"` // that read it
	SHA256      string         `json:"sha256"`
	Body        string         `json:"body"`
	Partition   int32          `json:"partition"`
	Offset      int64          `json:"offset"`
}

func (a *app) printPayloads(ctx context.Context, store *clickhouse.ClickHouse, id string) error {
	deliveries, err := store.RawDeliveries(ctx, id)
	if err == nil && len(deliveries) == 0 {
		err = fmt.Errorf("order %s: nothing that was sent about it has landed", id)
	}
	if err != nil {
		return err
	}
	for _, d := range deliveries {
		body := d.Raw.Body.Bytes
		if a.output == "json" {
			sum := sha256.Sum256(body)
			err = a.json(delivered{
				At: d.Raw.ReceivedAt, Origin: d.Raw.Origin, ContentType: d.Raw.ContentType, Mapping: d.Mapping,
				SHA256: hex.EncodeToString(sum[:]), Body: string(body), Partition: d.Partition, Offset: d.Offset,
			})
		} else {
			_, err = a.stdout.Write(append(body, '\n'))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
