package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
)

// causesMax is how many causes are shown.
const causesMax = 50

func (a *app) trashCauses() *cobra.Command {
	var since string
	cmd := &cobra.Command{Use: "causes", Short: "Say of each cause what is at risk by it, and what those orders have in common that others have not"}
	cmd.Example = `  waybill trash causes --since 6h`
	cmd.Long = "Say of each cause what is at risk by it, and what those orders have in common that others have not.\n\n" +
		"It is counted in ClickHouse, over all that is open in the trash since then, and compared with all orders of that time. What comes first has most of the\n" +
		"failed orders and few others: an account, a country, an area, an article, a version of a mapping; and what their calls said that they may\n" +
		"fail by alone, such as a carrier, a service, or a route, which is a service to a country."
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		from, err := timeOf("--since", since, time.Now())
		if err != nil {
			return err
		}
		_, store, done, err := a.openTables(cmd)
		if err != nil {
			return err
		}
		defer done()
		causes, err := store.Causes(cmd.Context(), from.Time(), causesMax)
		if err != nil {
			return err
		}
		p := a.printer("fingerprint", "step", "entries", "orders", "at risk", "ship by", "in common", "reason")
		for _, c := range causes {
			if err := p.row(c, c.Fingerprint, c.Step, c.Entries, c.Orders, atRisk(c.AtRisk), shipBy(c.ShipBy), inCommon(&c), clip(c.Reason)); err != nil {
				return err
			}
		}
		return p.end()
	}
	cmd.Flags().StringVar(&since, "since", "24h", "that came then or later: 24h (ago), 2026-05-01, or a time (RFC 3339)")
	stackFlags(cmd)
	return cmd
}

func atRisk(by map[string]string) string {
	var all []string
	for _, currency := range slices.Sorted(maps.Keys(by)) {
		all = append(all, by[currency]+" "+currency)
	}
	return strings.Join(all, ", ")
}

func shipBy(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.UTC().Format("2006-01-02 15:04")
}

// inCommon is the likeliest, with how much speaks for it.
func inCommon(c *clickhouse.Cause) string {
	if len(c.Likely) == 0 || c.Orders == 0 {
		return "-"
	}
	l := c.Likely[0]
	return fmt.Sprintf("%s %s: %d %% of these, and %d %% of its %d orders failed", l.Dimension, l.Value, 100*l.Failed/c.Orders, 100*l.Failed/l.Of, l.Of)
}
