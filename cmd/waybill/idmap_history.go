package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
)

func (a *app) idmapHistory() *cobra.Command {
	var p pairing
	var at string
	cmd := &cobra.Command{Use: "history PARTY/REFERENCE", Short: "Print what was ever said about a pair, by whom and why", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := p.check(); err != nil {
			return err
		}
		key, _, _, err := p.key(args[0])
		if err != nil {
			return err
		}
		until, err := timeOf("--at", at, time.Now())
		if err != nil {
			return err
		}
		if until == 0 {
			until = schemas.At(time.Now().Add(time.Hour)) // of whatever clock
		}
		_, store, done, err := a.openTables(cmd)
		if err != nil {
			return err
		}
		defer done()
		changes, err := store.PairHistory(cmd.Context(), p.topic(), key, until.Time())
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			return fmt.Errorf("%s %s: nothing that was said about it has landed", p.kind, args[0])
		}
		if at != "" {
			changes = changes[len(changes)-1:]
		}
		out := a.printer("at", "is", "by", "reason")
		for _, c := range changes {
			is := c.Was
			if c.Removed {
				is = "taken away"
			}
			if err := out.row(c, c.At, is, c.By, c.Reason); err != nil {
				return err
			}
		}
		return out.end()
	}
	cmd.Example = `  waybill idmap history allegro/12345
  waybill idmap history allegro/12345 --at 2026-11-20T12:00:00Z`
	p.flag(cmd)
	cmd.Flags().StringVar(&at, "at", "", "print only what it was at that time: 2026-05-01T12:00:00Z, or 24h ago as 24h")
	stackFlags(cmd)
	return cmd
}
