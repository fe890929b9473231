package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) idmapHistory() *cobra.Command {
	var p pairing
	cmd := &cobra.Command{Use: "history PARTY/REFERENCE", Short: "Print what was ever said about a pair, by whom and why", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := p.check(); err != nil {
			return err
		}
		key, _, _, err := p.key(args[0])
		if err != nil {
			return err
		}
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		store, err := stack.clickhouse(cmd.Context())
		if err != nil {
			return err
		}
		defer store.Close()
		changes, err := store.PairHistory(cmd.Context(), p.topic(), key)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			return fmt.Errorf("%s %s: nothing that was said about it has landed", p.kind, args[0])
		}
		out := a.printer("at", "is", "by", "reason")
		for _, c := range changes {
			if err := out.row(c, c.At, c.Was, c.By, c.Reason); err != nil {
				return err
			}
		}
		return out.end()
	}
	p.flag(cmd)
	stackFlags(cmd)
	return cmd
}
