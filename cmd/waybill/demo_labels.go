package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/sync/errgroup"

	"waybill/internal/labels"
	sandboxprinter "waybill/internal/sandbox/printer"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// The operations of the carriers' books that are billed, and of the ERP's that name a parcel.
var billed = map[string]string{
	"dhl": "orders.create", "dpd": "shipments.create", "gls": "shipments.create", "inpost": "shipments.create", "ups": "shipments.create",
}

// confirmations are the operations of the channels' books by which they know of a parcel, or of a piece in one.
var confirmations = []string{"order-units.send", "shipments.add", "shipment.confirm", "fulfillment.ship"}

const bookedTracking = "orders.tracking"

// The warehouse packs so many orders at a time, and so often.
const (
	packedAtOnce = 500
	packEvery    = 500 * time.Millisecond
)

// ship has the sandbox's warehouse pack what is placed, bit by bit while the pipeline is disturbed, and waits until everybody knows of its
// parcels. It comes behind the sweep: to the channels, what is shipped is another version of its order.
func (d *demonstration) ship(ctx context.Context) error {
	group, killing := errgroup.WithContext(ctx)
	group.Go(func() error { return d.disturb(killing, d.chaos.kills-d.chaos.kills/4) })
	group.Go(func() error {
		for killing.Err() == nil && d.ground.Pack(packedAtOnce) > 0 {
			select {
			case <-killing.Done():
			case <-time.After(packEvery):
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return d.awaitPacked(ctx)
}

// awaitPacked waits until the pipeline has heard of all that is packed, and nothing came of that any more.
func (d *demonstration) awaitPacked(ctx context.Context) error {
	for ctx.Err() == nil {
		heard := map[string]bool{}
		err := d.pipeline.stack.readTopic(ctx, topics.ERPRaw, func(r *kgo.Record) error {
			var raw schemas.ERPRaw
			if err := d.pipeline.registry.Decode(ctx, topics.ERPRaw.Schema, r.Value, &raw); err != nil {
				return err
			}
			if raw.Kind != schemas.ERPEdited {
				heard[string(r.Key)] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(heard) >= d.ground.Packed() {
			return d.awaitDone(ctx)
		}
		pause, cancel := context.WithTimeout(ctx, packEvery)
		<-pause.Done()
		cancel()
	}
	return ctx.Err()
}

// auditLabels holds what the pipeline says of labels against the carriers' own books. One that was asked for, and is neither in the label store
// nor anywhere explained, is lost.
func (d *demonstration) auditLabels(ctx context.Context, c *account) error {
	for carrier, operation := range billed {
		books := d.ground.Books()[carrier].Operations[operation]
		c.LabelsBilled += books.Effects
		c.DoubleBilled += books.Repeated
	}
	for _, party := range topics.Called() {
		for _, operation := range confirmations {
			books := d.ground.Books()[party].Operations[operation]
			c.ChannelConfirmed += books.Subjects
			c.Doubled += books.Repeated
		}
	}
	printed := d.ground.Books()[lentPrinter].Operations[sandboxprinter.Print]
	c.Printed, c.Doubled = printed.Subjects, c.Doubled+c.DoubleBilled+printed.Repeated
	c.ERPTracking = d.ground.Books()[topics.ERP].Operations[bookedTracking].Subjects
	onPaper := 0 // as we know it: of some that are in doubt, the printer knows better
	for _, call := range d.calls.last {
		switch {
		case call.kind == processors.KindPrint:
			switch call.state {
			case schemas.TaskDone:
				onPaper++
			case schemas.TaskDoubt:
				c.PrintsInDoubt++
			}
		case call.kind != processors.KindBook && call.kind != processors.KindComplete:
		case call.state == schemas.TaskDoubt:
			c.LabelsInDoubt++
		case call.state == schemas.TaskTrashed:
			c.Refused++
		}
	}
	wanted, err := d.wantedLabels(ctx)
	if err != nil {
		return err
	}
	store, err := openLabels(d.pipeline.config)
	if err != nil {
		return err
	}
	defer store.Close()
	for _, hashes := range wanted {
		c.Shipments++
		for _, hash := range hashes {
			_, err := store.Get(ctx, labels.Label, hash)
			if err != nil && !errors.Is(err, labels.ErrAbsent) {
				return err
			}
			if err == nil {
				c.LabelsCached++
			}
		}
	}
	c.Lost += max(0, c.Shipments-c.LabelsCached-c.LabelsInDoubt-c.Refused) + max(0, onPaper-c.Printed)
	return nil
}

// wantedLabels are the shipments that were asked for and not taken back, with the hashes of their labels. A demo packs a shipment in one
// parcel.
func (d *demonstration) wantedLabels(ctx context.Context) (map[string][]string, error) {
	wanted := map[string][]string{}
	err := d.pipeline.stack.readTopic(ctx, topics.Shipments, func(r *kgo.Record) error {
		var s schemas.Shipment
		if err := d.pipeline.registry.Decode(ctx, schemas.ShipmentSchema, r.Value, &s); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		switch s.State {
		case schemas.ShipmentRequested:
			wanted[s.ShipmentID] = nil
		case schemas.ShipmentLabelled:
			for _, p := range s.Parcels {
				wanted[s.ShipmentID] = append(wanted[s.ShipmentID], p.LabelSHA256)
			}
		case schemas.ShipmentWithdrawn, schemas.ShipmentVoided:
			delete(wanted, s.ShipmentID)
		}
		return nil
	})
	return wanted, err
}
