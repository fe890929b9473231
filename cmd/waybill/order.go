package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) order() *cobra.Command {
	cmd := verb("ask", "order ID", "Print the timeline of an order", func(cmd *cobra.Command, args []string) error {
		id := args[0]
		if !strings.Contains(id, "/") {
			return usage("order %q: an order id is PARTY/REFERENCE, such as allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6", id)
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
		events, err := store.Timeline(cmd.Context(), id)
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
	})
	cmd.Args = cobra.ExactArgs(1)
	stackFlags(cmd)
	return cmd
}
