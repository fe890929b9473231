package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"waybill/internal/graph"
	"waybill/processors"
	"waybill/topics"
)

func (a *app) graph() *cobra.Command {
	var svg string
	cmd := verb("ask", "graph", "Draw the pipeline from what its steps declare", func(*cobra.Command, []string) error {
		g := graph.Graph{
			Doors: []string{"webhooks", "feed", "orders"}, Enter: []*topics.Topic{topics.OrdersRaw}, Steps: processors.All(processors.Sources{}),
			Parties: processors.Gateways(), Landing: topics.Landing(),
		}
		switch svg {
		case "":
			_, err := fmt.Fprint(a.stdout, g.Text())
			return err
		case "-":
			_, err := fmt.Fprint(a.stdout, g.SVG())
			return err
		}
		if err := os.WriteFile(svg, []byte(g.SVG()), 0o644); err != nil {
			return fmt.Errorf("write the picture: %w", err)
		}
		return nil
	})
	cmd.Flags().StringVar(&svg, "svg", "", "write the picture to this file instead, - for stdout")
	return cmd
}
