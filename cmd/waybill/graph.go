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
	cmd := verb("ask", "graph", "Draw the pipeline from what its steps declare", func(cmd *cobra.Command, _ []string) error {
		if _, err := a.settings(cmd); err != nil { // whose accounts have a road of their own
			return err
		}
		g := graph.Graph{
			Doors: []string{"webhooks", "feed", "orders", "tracking"}, Enter: []*topics.Topic{topics.OrdersRaw, topics.TrackingRaw}, Steps: processors.All(processors.Sources{}),
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
