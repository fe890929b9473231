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

// acceptances are the operations of the channels' books by which an order is accepted.
var acceptances = []string{"order-units.fulfil", "checkout-forms.fulfillment"}

// auditChannels holds what the pipeline says of the channels against what they themselves have.
func (d *demonstration) auditChannels(ctx context.Context, c *account) error {
	if err := d.countAccepted(ctx, c); err != nil {
		return err
	}
	for _, party := range topics.Called() {
		for _, operation := range acceptances {
			c.Doubled += d.ground.Books()[party].Operations[operation].Repeated
		}
	}
	late, swept := map[string]bool{}, map[string]bool{}
	err := d.pipeline.stack.readTopic(ctx, topics.OrdersAcknowledged, func(r *kgo.Record) error {
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
		if slices.ContainsFunc(r.Headers, isOfSweep) {
			swept[string(r.Key)] = true
		}
		return nil
	})
	c.AckLate, c.Swept = len(late), len(swept)
	return err
}

func isOfSweep(h kgo.RecordHeader) bool {
	return h.Key == topics.HeaderOrigin && string(h.Value) == schemas.OriginSweep
}

// countAccepted asks the channels. An order that its channel wants to hear of, and that neither is accepted there nor is anywhere explained,
// is lost.
func (d *demonstration) countAccepted(ctx context.Context, c *account) error {
	explained, last := d.explained(), map[string]schemas.Order{}
	_, err := d.pipeline.keysOf(ctx, topics.OrdersNormalized, func(o *schemas.Order) bool {
		last[o.OrderID] = *o
		return true
	})
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
	return err
}
