package main

import (
	"bufio"
	"strings"

	"github.com/spf13/cobra"

	"waybill/internal/sandbox"
)

func (a *app) simulate() *cobra.Command {
	o := sandbox.Options{}
	cmd := verb("feed", "simulate", "Print generated orders in a channel's own wire format, NDJSON", func(cmd *cobra.Command, _ []string) error {
		payloads, err := sandbox.Generate(o)
		if err != nil {
			return usage("%v", err)
		}
		out := bufio.NewWriterSize(a.stdout, 1<<20)
		for p := range payloads {
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			if _, err := out.Write(p.Body); err != nil {
				return err
			}
			if err := out.WriteByte('\n'); err != nil {
				return err
			}
		}
		return out.Flush()
	})
	simulationFlags(cmd, &o)
	cmd.Flags().StringVar(&o.Channel, "channel", "allegro", "channel whose format to write: "+strings.Join(sandbox.Channels(), ", "))
	cmd.Flags().Float64Var(&o.Duplicates, "duplicates", 0, "repeats to add, in per cent of the orders")
	cmd.Flags().Float64Var(&o.Broken, "broken", 0, "payloads to add that no reader may accept, in per cent of the orders")
	cmd.Flags().Float64Var(&o.Amendments, "amendments", 0, "later versions to add, in per cent of the orders")
	return cmd
}

func simulationFlags(cmd *cobra.Command, o *sandbox.Options) {
	cmd.Flags().IntVar(&o.Orders, "orders", 1000, "how many orders")
	cmd.Flags().Uint64Var(&o.Seed, "seed", 1, "the same seed gives the same bytes")
}
