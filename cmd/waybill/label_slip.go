package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/printers"
	"waybill/internal/paper"
	"waybill/schemas"
	"waybill/topics"
)

// printedSlip is a packing slip that was written to a file, or printed.
type printedSlip struct {
	OrderID   string   `json:"order_id"`
	Shipments []string `json:"shipments"` // none: it is of the whole order
	File      string   `json:"file,omitempty"`
	Printer   string   `json:"printer,omitempty"`
	Bytes     int      `json:"bytes"`
}

// printSlip writes the packing slip of an order, or of one of its shipments. It is made of what is known, the same each time.
func (a *app) printSlip(cmd *cobra.Command, id string, r reprint) error {
	if (r.out == "") == (r.printer == "") {
		return usage("give --out with the file that the slip goes to, or --printer with the printer")
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	ctx := cmd.Context()
	orderID, contents, err := stack.contentsOf(ctx, id)
	if err != nil {
		return err
	}
	order, err := stack.orderNow(ctx, orderID)
	if err != nil {
		return err
	}
	told := printedSlip{OrderID: orderID, Shipments: []string{}, File: r.out, Printer: r.printer}
	for _, c := range contents {
		told.Shipments = append(told.Shipments, c.ShipmentID)
	}
	if contents == nil {
		contents = []paper.Content{paper.Whole(order)}
	}
	slip, err := paper.Slips(order, contents, r.withoutPrices)
	if err != nil {
		return fmt.Errorf("write the packing slip of order %s: %w", orderID, err)
	}
	if told.Bytes = len(slip); r.printer == "" {
		if err := os.WriteFile(r.out, slip, 0o600); err != nil {
			return fmt.Errorf("write the packing slip of order %s: %w", orderID, err)
		}
		return a.result(told, "%s: the packing slip of order %s\n", r.out, orderID)
	}
	printer, err := printerNamed(stack.config, r.printer)
	if err != nil {
		return err
	}
	if err := a.send(ctx, printer, printers.Job{Name: orderID, Format: schemas.LabelPDF, Content: slip}, r); err != nil {
		return fmt.Errorf("print the packing slip of order %s at %s: %w", orderID, r.printer, err)
	}
	return a.result(told, "%s: the packing slip of order %s\n", r.printer, orderID)
}

// contentsOf is what is in the shipments that a name stands for, and whose order they are; none if it is of an order that has no shipment yet.
func (s *stack) contentsOf(ctx context.Context, id string) (orderID string, contents []paper.Content, err error) {
	known, err := s.shipmentsOf(ctx, id)
	if errors.Is(err, errNoShipment) && strings.Contains(id, "/") && !strings.Contains(id, "#") {
		return id, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	known.shipments = slices.DeleteFunc(known.shipments, func(l *shipmentLife) bool { return l.last.State == schemas.ShipmentScanned }) // of which nothing is known but codes
	if len(known.shipments) == 0 {
		orderID, ref, isShipment := schemas.SplitShipmentID(id)
		if !isShipment {
			return id, nil, nil
		}
		return "", nil, fmt.Errorf("shipment %s of order %s has no packing slip yet: it was scanned, and the ERP does not say that it is packed", ref, orderID)
	}
	for _, l := range known.shipments {
		over := []string{schemas.ShipmentHeld, schemas.ShipmentCancelled, schemas.ShipmentRecalled, schemas.ShipmentVoided, schemas.ShipmentWithdrawn}
		if len(l.last.Lines) > 0 && !slices.Contains(over, l.last.State) {
			contents = append(contents, paper.Content{ShipmentID: l.last.ShipmentID, Lines: l.last.Lines})
		}
	}
	last := known.shipments[len(known.shipments)-1].last
	if contents == nil {
		return "", nil, fmt.Errorf("shipment %s has no packing slip: it is %s%s", last.ShipmentID, strings.ReplaceAll(last.State, "_", " "), because(last))
	}
	return last.OrderID, contents, nil
}

// orderNow is the newest that is known of an order.
func (s *stack) orderNow(ctx context.Context, id string) (*schemas.Order, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	var newest *kgo.Record
	err = s.readTopic(ctx, topics.OrdersNormalized, func(r *kgo.Record) error {
		if string(r.Key) == id {
			newest = r
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if newest == nil {
		return nil, fmt.Errorf("order %s is not on %s: nothing was heard of it for as long as that is kept; 'waybill renormalize' reads it again", id, topics.OrdersNormalized.Name)
	}
	order := new(schemas.Order)
	if err := registry.Decode(ctx, schemas.OrderSchema, newest.Value, order); err != nil {
		return nil, fmt.Errorf("%s: %w", schemas.Position(newest.Topic, newest.Partition, newest.Offset), err)
	}
	return order, nil
}
