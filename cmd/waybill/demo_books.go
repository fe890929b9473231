package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/marketplaces"
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
		if call.state == schemas.TaskDoubt {
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

// auditChannels holds what the pipeline says of the channels against what they themselves have. An order that its channel wants to hear
// of, and that neither is accepted there nor is anywhere explained, is lost.
func (d *demonstration) auditChannels(ctx context.Context, c *account) error {
	explained := d.explained()
	last := map[string]*schemas.Order{}
	_, err := d.pipeline.keysOf(ctx, topics.OrdersNormalized, func(o *schemas.Order) bool {
		last[o.OrderID] = o
		return false
	})
	if err != nil {
		return err
	}
	for id, o := range last {
		if o.Status == schemas.StatusCancelled || o.Status == schemas.StatusPending || marketplaces.WhyNotAccepted(o.Channel) != "" {
			continue
		}
		switch accepted, asks := d.ground.Accepted(o.Party, o.Ref); {
		case !asks:
		case accepted:
			c.Acknowledged++
		case !explained[id]:
			c.Lost++
		}
	}
	for _, operation := range []string{"order-units.fulfil", "checkout-forms.fulfillment"} {
		for _, party := range topics.Called() {
			c.Doubled += d.ground.Books()[party].Operations[operation].Repeated
		}
	}
	late, swept := map[string]bool{}, map[string]bool{}
	err = d.pipeline.stack.readTopic(ctx, topics.OrdersAcknowledged, func(r *kgo.Record) error {
		var a schemas.Acknowledgement
		if err := d.pipeline.registry.Decode(ctx, schemas.AcknowledgementSchema, r.Value, &a); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		if a.State == schemas.AckAccepted && a.Due != nil && a.At > *a.Due {
			late[a.OrderID] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = d.pipeline.stack.readTopic(ctx, topics.OrdersRaw, func(r *kgo.Record) error {
		if slices.ContainsFunc(r.Headers, func(h kgo.RecordHeader) bool {
			return h.Key == topics.HeaderOrigin && string(h.Value) == schemas.OriginSweep
		}) {
			swept[string(r.Key)] = true
		}
		return nil
	})
	c.AckLate, c.Swept = len(late), len(swept)
	return err
}

// explained are the orders with a call that waits for a person.
func (d *demonstration) explained() map[string]bool {
	orders := map[string]bool{}
	for _, call := range d.calls.last {
		if call.state == schemas.TaskDoubt || call.state == schemas.TaskTrashed {
			orders[call.orderID] = true
		}
	}
	return orders
}
