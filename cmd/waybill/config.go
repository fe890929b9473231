package main

import (
	"github.com/spf13/cobra"

	"waybill/internal/config"
)

func (a *app) config() *cobra.Command {
	cmd := &cobra.Command{GroupID: "keep", Use: "config", Short: "Look at the configuration"}
	explain := &cobra.Command{
		Use: "explain", Short: "List every setting: its value, where that comes from, and what it means", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.settings(cmd)
			if err != nil {
				return err
			}
			p := a.printer("setting", "value", "from", "environment", "meaning")
			for _, k := range config.Explain(c) {
				from := string(k.Source)
				if k.Place != "" {
					from = k.Place
				}
				if err := p.row(k, k.Name, k.Value, from, k.Env, k.Doc); err != nil {
					return err
				}
			}
			return p.end()
		},
	}
	cmd.AddCommand(explain)
	return cmd
}
