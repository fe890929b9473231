package main

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// The operations of the ERP's books.
const (
	bookedOrders    = "orders.create"
	bookedCustomers = "customers.create"
)

// audit holds what the pipeline says of the ERP against the ERP's own books. An order that was to be placed, and neither stands in those
// books nor is anywhere explained, is lost.
func (d *demonstration) audit(ctx context.Context, c *account) error {
	books := d.ground.Books()[topics.ERP].Operations
	c.Customers, c.ERPOrders, c.ERPDuplicates = books[bookedCustomers].Subjects, books[bookedOrders].Subjects, books[bookedOrders].Repeated
	c.Doubled += c.ERPDuplicates + books[bookedCustomers].Repeated
	explained := d.explained()
	for _, call := range d.calls.last {
		if call.state == schemas.TaskDoubt && call.kind != processors.KindPrint {
			c.InDoubt++
		}
	}
	placed, err := d.pipeline.keysOf(ctx, topics.OrdersPlaced, func(*schemas.Order) bool { return true })
	if err != nil {
		return err
	}
	c.Placed = len(placed)
	ready, err := d.pipeline.keysOf(ctx, topics.OrdersNormalized, func(o *schemas.Order) bool {
		return o.Status == schemas.StatusReady || o.Status == schemas.StatusShipped
	})
	if err != nil {
		return err
	}
	ledger := d.ground.Ledger(topics.ERP)
	for order := range ready {
		if !explained[order] && ledger.Times(bookedOrders, order) == 0 {
			c.Lost++
		}
	}
	return d.pipeline.tables.Query(ctx, "SELECT count() FROM v_receipts_open", func(_ []string, values []any) error {
		_, err := fmt.Sscan(fmt.Sprint(values[0]), &c.ReceiptsOpen)
		return err
	})
}

// keysOf are the orders of a topic of orders of which a version is as it is asked for.
func (p *pipeline) keysOf(ctx context.Context, topic *topics.Topic, is func(*schemas.Order) bool) (map[string]bool, error) {
	keys := map[string]bool{}
	err := p.stack.readTopic(ctx, topic, func(r *kgo.Record) error {
		var o schemas.Order
		if err := p.registry.Decode(ctx, schemas.OrderSchema, r.Value, &o); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		if is(&o) {
			keys[o.OrderID] = true
		}
		return nil
	})
	return keys, err
}

// explained are the orders with a call that waits for a person.
func (d *demonstration) explained() map[string]bool {
	orders := map[string]bool{}
	for _, call := range d.calls.last {
		if (call.state == schemas.TaskDoubt || call.state == schemas.TaskTrashed) && call.kind != processors.KindPrint {
			orders[call.orderID] = true
		}
	}
	return orders
}
