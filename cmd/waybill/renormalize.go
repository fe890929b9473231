package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

func (a *app) renormalize() *cobra.Command {
	var with string
	var send bool
	cmd := verb("ask", "renormalize ORDER-ID", "Read again what was sent about an order, by the mapping of then or another", func(cmd *cobra.Command, args []string) error {
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		deliveries, err := stack.deliveries(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if send {
			return a.sendAgain(cmd.Context(), stack, deliveries, with)
		}
		r := &rereading{config: stack.config, with: with}
		orders, err := r.orders(deliveries)
		for _, order := range orders {
			if err := a.printOrder(order); err != nil {
				return err
			}
		}
		return err
	})
	cmd.Args = cobra.ExactArgs(1)
	cmd.Long = `Prints every version of the order that came of what was sent, in order, each as the mapping read it that was in use then,
or as --with reads it. Nothing is changed, unless --send puts the last delivery back into normalize: if that reads it
otherwise than before, the order is amended.`
	cmd.Example = `  waybill renormalize allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 -o json
  waybill renormalize allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 --with allegro/2 --send`
	cmd.Flags().StringVar(&with, "with", "", "mapping to read it by, such as allegro/1 (default: that of then; with --send the one in use)")
	cmd.Flags().BoolVar(&send, "send", false, "put the last delivery back into normalize")
	stackFlags(cmd)
	return cmd
}

func (s *stack) deliveries(ctx context.Context, orderID string) ([]clickhouse.RawDelivery, error) {
	store, err := s.clickhouse(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	deliveries, err := store.RawDeliveries(ctx, orderID)
	if err == nil && len(deliveries) == 0 {
		err = fmt.Errorf("order %s: nothing that was sent about it has landed", orderID)
	}
	return deliveries, err
}

// rereading runs the deliveries of one order through a normalize of its own, which remembers nothing but them.
type rereading struct {
	config *config.Config
	with   string
	event  string // mapping of the delivery that is read
}

// Channel is the party's as the mapping of the delivery reads it.
func (r *rereading) Channel(party, _ string) (processors.Channel, error) {
	settings, known := r.config.Parties[party]
	if !known {
		return nil, nil
	}
	if r.event == "" {
		return marketplaces.Open(settings.Channel, settings.Settings)
	}
	return marketplaces.OpenMapping(r.event, settings.Settings)
}

func (r *rereading) orders(deliveries []clickhouse.RawDelivery) (orders []*schemas.Order, failed error) {
	step := processors.Normalize(processors.Sources{Channels: r, Terms: r.terms})
	state := step.State.New()
	for i := range deliveries {
		d := &deliveries[i]
		if r.event = d.Mapping; r.with != "" {
			r.event = r.with
		}
		event := &topics.Event{Topic: topics.OrdersRaw, Partition: d.Partition, Offset: d.Offset, Key: d.Raw.OrderID, Value: &d.Raw}
		result, err := step.Handle(event, state)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", event.Position(), err))
		}
		for _, m := range result.Messages {
			if order, is := m.Value.(*schemas.Order); is {
				orders = append(orders, order)
			}
		}
	}
	return orders, failed
}

func (r *rereading) terms(party string) processors.Terms {
	terms, err := termsOf(r.config.Parties[party])
	if err != nil {
		return processors.Terms{}
	}
	return terms
}

// sendAgain puts the last whole delivery of an order back into its step.
func (a *app) sendAgain(ctx context.Context, stack *stack, deliveries []clickhouse.RawDelivery, with string) error {
	i := len(deliveries) - 1
	for i > 0 && deliveries[i].Raw.Form != schemas.FormWhole {
		i--
	}
	last := deliveries[i]
	message := topics.Message{
		Topic: topics.StepNormalize, Key: last.Raw.OrderID, Value: &last.Raw,
		Headers: []topics.Header{
			{Key: topics.HeaderOrderID, Value: []byte(last.Raw.OrderID)},
			{Key: topics.HeaderOrigin, Value: []byte(schemas.OriginReplay)},
			{Key: topics.HeaderCause, Value: []byte(schemas.Position(topics.OrdersRaw.Name, last.Partition, last.Offset))},
		},
	}
	if with != "" {
		if !slices.Contains(marketplaces.Mappings(last.Raw.Channel), with) {
			return usage("--with %s: this program does not have it; known: %s", with, strings.Join(marketplaces.Mappings(last.Raw.Channel), ", "))
		}
		message.Headers = append(message.Headers, topics.Header{Key: topics.HeaderMapping, Value: []byte(with)})
	}
	if err := stack.store(ctx, []topics.Message{message}); err != nil {
		return err
	}
	a.say("order %s: its last delivery is on its way through normalize again", last.Raw.OrderID)
	return nil
}
