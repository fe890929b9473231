package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waybill/internal/config"
)

func (a *app) runSteps() *cobra.Command {
	cmd := verb("run", "run [PART…]", "Run the named parts on a cluster; all that the configuration has a use for if none is named", func(cmd *cobra.Command, args []string) error {
		c, err := a.settings(cmd)
		if err != nil {
			return err
		}
		wanted := args
		if len(wanted) == 0 {
			wanted = partsUsed(c)
		}
		for _, part := range wanted {
			if !slices.Contains(parts(), part) {
				return usage("run %s: there is no such part; there are: %s", part, strings.Join(parts(), ", "))
			}
			if !slices.Contains(partsUsed(c), part) {
				return usage("run %s: %s", part, whyUnused(c))
			}
		}
		var s *stack
		switch {
		case len(c.Kafka.Brokers) == 0:
			s, err = a.embed(cmd.Context(), c, "waybill run")
		case slices.Contains(wanted, partLanding):
			s, err = a.external(c)
		default:
			s, err = a.withoutTables(c)
		}
		if err != nil {
			return err
		}
		defer a.close(s)
		return a.serve(cmd.Context(), s, wanted, simulation{})
	})
	cmd.Long = "Run the named parts on a cluster; all that the configuration has a use for if none is named. Parts: " + strings.Join(parts(), ", ") + ".\n\n" +
		"More processes with the same deployment share the work; each needs an --instance of its own, the same after a restart."
	cmd.Args = cobra.ArbitraryArgs
	stackFlags(cmd)
	cmd.Flags().String("instance", "", "name of this process among those that share the work (default: 1)")
	cmd.Flags().String("listen", "", "HOST:PORT of the doors (default: 127.0.0.1:8080)")
	cmd.Flags().String("ops-listen", "", "HOST:PORT of /metrics, /healthz, /readyz and /drain (default: a free port of 127.0.0.1)")
	return cmd
}

// whyUnused is what the configuration lacks for the parts that it has no use for.
func whyUnused(c *config.Config) string {
	if c.ERP.System == "" {
		return "no ERP is configured: set erp.system and erp.url"
	}
	return "no carrier is configured: give a party a carrier and the settings of its account, such as parties.dhl.carrier"
}
