package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"waybill/schemas"
	"waybill/topics"
)

func (a *app) idmapRemove() *cobra.Command {
	var p pairing
	var r reasoned
	var preview bool
	cmd := &cobra.Command{Use: "remove PARTY/REFERENCE", Short: "Take one pair away; its history stays", Args: cobra.ExactArgs(1)}
	cmd.Long = `Names the orders in flight first that the pair means something for. Orders that come for the offer afterwards wait for another pair, where their
party requires one. Of a parcel whose tracking number is taken away nobody asks the carrier any more.`
	cmd.Example = `  waybill idmap remove allegro/12345 --reason "the offer is of somebody else"
  waybill idmap remove erp/4711 --kind order --preview`
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := p.check(); err != nil {
			return err
		}
		if r.reason == "" && !preview {
			return usage("idmap remove: say why with --reason: it stands in the history")
		}
		by, err := whoDoes(r.by)
		if err != nil {
			return err
		}
		key, _, _, err := p.key(args[0])
		if err != nil {
			return err
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		was, err := stack.pair(cmd.Context(), p.topic(), key)
		if err != nil {
			return err
		}
		if was == nil {
			return fmt.Errorf("there is no %s %s: 'waybill idmap history' tells what there was", p.kind, args[0])
		}
		if preview {
			return a.previewChange(cmd.Context(), stack, was, nil)
		}
		a.sayInFlight(cmd.Context(), stack, was, nil)
		if err := stack.removePair(cmd.Context(), p.topic(), key, was, by, r.reason); err != nil {
			return err
		}
		a.say("taken away: what it was stands in 'waybill idmap history'")
		return a.printPair(was)
	}
	p.flag(cmd)
	r.flags(cmd)
	cmd.Flags().BoolVar(&preview, "preview", false, "only list the orders in flight that it would change something for")
	stackFlags(cmd)
	return cmd
}

// removePair deletes the key of a pair. Its tombstone says by whom and why, and stays where it lands.
func (s *stack) removePair(ctx context.Context, topic *topics.Topic, key string, was any, by, reason string) error {
	gone := topics.Message{Topic: topic, Key: key, Headers: []topics.Header{
		{Key: topics.HeaderBy, Value: []byte(by)}, {Key: topics.HeaderReason, Value: []byte(reason)}, {Key: topics.HeaderOrigin, Value: []byte(schemas.OriginManual)},
	}}
	link, of := was.(*schemas.Link)
	if !of {
		return s.store(ctx, []topics.Message{gone})
	}
	switch link.Kind {
	case schemas.LinkOrder, schemas.LinkUnit:
		gone.Headers = append(gone.Headers, topics.Header{Key: topics.HeaderOrderID, Value: []byte(link.OurID)})
	case schemas.LinkTracking:
		word, err := decided(link.Party, s.config.Parties[link.Party].Carrier, link.Ref, schemas.Decision{
			Decision: schemas.DecisionAbandoned, ShipmentID: link.OurID, By: by, Why: reason,
		})
		if err != nil {
			return err
		}
		return s.store(ctx, []topics.Message{gone, word})
	}
	return s.store(ctx, []topics.Message{gone})
}
