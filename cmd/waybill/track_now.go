package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
	"waybill/topics"
)

// askNow is what a person wants to know of parcels, or to decide about them.
type askNow struct {
	by, why string
	abandon bool
	wait    time.Duration
}

// trackNow has the carriers of an order's, or a shipment's, parcels asked at once, and prints all that is known of each.
func (a *app) trackNow(cmd *cobra.Command, id string, now askNow) error {
	by, err := whoDoes(now.by)
	if err != nil {
		return err
	}
	decision := schemas.Decision{Decision: schemas.DueWanted, By: by, Why: now.why}
	if now.abandon {
		if now.why == "" {
			return usage("track --abandon: say why with --why: it stands in the timeline")
		}
		decision.Decision = schemas.DecisionAbandoned
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	parcels, err := stack.parcelsOf(cmd.Context(), id)
	if err != nil {
		return err
	}
	since := time.Now()
	if err := stack.decide(cmd.Context(), parcels, decision); err != nil {
		return err
	}
	silent, err := stack.awaitAnswers(cmd.Context(), parcels, since, now)
	if err != nil {
		return err
	}
	tables, err := stack.clickhouse(cmd.Context())
	if err != nil {
		return err
	}
	defer tables.Close()
	if err := a.printParcels(cmd.Context(), tables, parcels); err != nil {
		return err
	}
	if len(silent) > 0 {
		return &exitError{code: exitPartial, err: fmt.Errorf("%s has not answered within %s about parcel %s; what is known stands above", silent[0].carrier, now.wait, silent[0].number)}
	}
	return nil
}

// onItsWay is a parcel, by its carrier's account and number.
type onItsWay struct{ carrier, number, orderID, shipmentID string }

func (p onItsWay) key() string { return schemas.LinkKey(p.carrier, schemas.LinkTracking, p.number) }

// parcelsOf are the parcels that an order id, the name of a shipment or a tracking number names. One whose label was taken back is none.
func (s *stack) parcelsOf(ctx context.Context, id string) (parcels []onItsWay, err error) {
	known, err := s.shipmentsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, shipment := range known.shipments {
		for _, part := range shipment.labelled {
			if shipment.over[part.Generation] != nil {
				continue
			}
			for _, p := range part.Parcels {
				if p.Number != "" && (id == part.OrderID || id == part.ShipmentID || id == p.Number) {
					parcels = append(parcels, onItsWay{part.Carrier, p.Number, part.OrderID, part.ShipmentID})
				}
			}
		}
	}
	if parcels == nil {
		return nil, fmt.Errorf("%s has no parcel with a label", id)
	}
	return parcels, nil
}

// decide writes a person's word on parcels down.
func (s *stack) decide(ctx context.Context, parcels []onItsWay, d schemas.Decision) error {
	var words []topics.Message
	for _, p := range parcels {
		d.ShipmentID = p.shipmentID
		word, err := decided(p.carrier, s.config.Parties[p.carrier].Carrier, p.number, d)
		if err != nil {
			return err
		}
		words = append(words, word)
	}
	return s.store(ctx, words)
}

// decided is a word on a parcel that no carrier has said.
func decided(party, carrier, number string, d schemas.Decision) (topics.Message, error) {
	body, err := d.Body()
	return topics.Message{Topic: topics.TrackingRaw, Key: schemas.LinkKey(party, schemas.LinkTracking, number), Value: &schemas.RawTracking{
		Party: party, Carrier: carrier, Number: number, Origin: schemas.OriginManual, ReceivedAt: schemas.At(time.Now()), Proven: true,
		ContentType: schemas.DecisionType, Body: body,
	}}, err
}

// awaitAnswers waits until the carriers have answered, and that has landed. Those that have not in time are silent.
func (s *stack) awaitAnswers(ctx context.Context, parcels []onItsWay, since time.Time, now askNow) (silent []onItsWay, err error) {
	ctx, cancel := context.WithTimeout(ctx, now.wait)
	defer cancel()
	open := map[string]onItsWay{}
	if !now.abandon {
		for _, p := range parcels {
			open[p.key()] = p
		}
	}
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(topics.TrackingRaw.Name), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeStartOffset(kgo.NewOffset().AfterMilli(since.UnixMilli())), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	}, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("wait for the carriers' answers: %w", err)
	}
	defer client.Close()
	for len(open) > 0 && ctx.Err() == nil {
		for r := range client.PollFetches(ctx).RecordsAll() {
			var raw schemas.RawTracking
			if err := registry.Decode(ctx, schemas.RawTrackingSchema, r.Value, &raw); err != nil {
				return nil, fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
			}
			if raw.Origin == schemas.OriginCron {
				delete(open, string(r.Key))
			}
		}
	}
	if err := s.awaitLanded(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	for _, p := range open {
		silent = append(silent, p)
	}
	return silent, nil
}

// printParcels prints all that is known of parcels, the oldest first.
func (a *app) printParcels(ctx context.Context, tables *clickhouse.ClickHouse, parcels []onItsWay) error {
	p := a.printer("at", "carrier", "tracking_number", "status", "origin", "code", "location", "stands", "why")
	for _, parcel := range parcels {
		events, err := tables.ParcelEvents(ctx, parcel.orderID, parcel.carrier, parcel.number)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			a.say("%s %s: nothing was heard of it yet", parcel.carrier, parcel.number)
		}
		for _, e := range events {
			if err := p.row(e, e.At, e.Party, e.Number, e.Status, e.Origin, e.Code, e.Location, e.Standing, e.Why); err != nil {
				return err
			}
		}
	}
	return p.end()
}
