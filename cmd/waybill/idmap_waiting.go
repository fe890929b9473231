package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
	"waybill/connectors/marketplaces"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// missingPair is an offer that an order waits for.
type missingPair struct {
	OrderID     string                  `json:"order_id"`
	Since       schemas.Millis          `json:"since"`
	Party       string                  `json:"party"`
	OfferRef    string                  `json:"offer_ref"`
	SKU         string                  `json:"sku"` // as the channel has it
	Title       string                  `json:"title"`
	Suggestions []clickhouse.Suggestion `json:"suggestions"`
}

func (a *app) idmapWaiting() *cobra.Command {
	var limit int
	cmd := &cobra.Command{Use: "waiting", Short: "List the offers that orders wait for, with articles they may be", Args: cobra.NoArgs}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		missing, err := stack.missingPairs(cmd.Context())
		if err != nil || len(missing) == 0 {
			return err
		}
		store, err := stack.clickhouse(cmd.Context())
		if err != nil {
			return err
		}
		defer store.Close()
		p := a.printer("order", "offer", "title", "may be", "to set it")
		for i := range missing {
			m := &missing[i]
			if m.Suggestions, err = store.Suggest(cmd.Context(), m.line, limit); err != nil {
				return err
			}
			best, set := "", fmt.Sprintf("waybill idmap put %s/%s --sku …", m.Party, m.OfferRef)
			if len(m.Suggestions) > 0 {
				s := m.Suggestions[0]
				best, set = fmt.Sprintf("%s (%s)", s.SKU, s.Why), fmt.Sprintf("waybill idmap put %s/%s --sku %s", m.Party, m.OfferRef, s.SKU)
			}
			if err := p.row(m.missingPair, m.OrderID, m.OfferRef, clip(m.Title), best, set); err != nil {
				return err
			}
		}
		return p.end()
	}
	cmd.Flags().IntVar(&limit, "suggestions", 3, "how many articles to suggest for each")
	stackFlags(cmd)
	return cmd
}

// missing is a missingPair with the line it is about.
type missing struct {
	missingPair
	line *schemas.Line
}

// missingPairs are those that orders wait for: of each order that waits, the offers that are not in id.catalogue.
func (s *stack) missingPairs(ctx context.Context) ([]missing, error) {
	entries, err := s.trash(ctx)
	if err != nil {
		return nil, err
	}
	var all []missing
	wanted := map[string]bool{}
	for _, e := range entries {
		if e.State != schemas.TrashWaiting || e.Class != schemas.ClassMissingPair || e.Value == nil {
			continue
		}
		order, err := s.readAgain(ctx, e.TrashEntry)
		if err != nil {
			return nil, err
		}
		for i := range order.Lines {
			l := &order.Lines[i]
			if l.FulfilledBy == schemas.FulfilledByChannel {
				continue // needs none
			}
			offer := processors.OfferOf(l)
			wanted[schemas.OfferKey(e.Party, offer)] = true
			all = append(all, missing{missingPair{OrderID: e.OrderID, Since: e.FirstAt, Party: e.Party, OfferRef: offer, SKU: l.SKU, Title: l.Title}, l})
		}
	}
	there := map[string]bool{}
	err = s.pairs(ctx, topics.IDCatalogue, func(key string) bool { return wanted[key] }, func(key string, _ any) error {
		there[key] = true
		return nil
	})
	lacking := all[:0]
	for _, m := range all {
		if !there[schemas.OfferKey(m.Party, m.OfferRef)] {
			lacking = append(lacking, m)
		}
	}
	return lacking, err
}

// readAgain says the order of an entry in our words.
func (s *stack) readAgain(ctx context.Context, e *schemas.TrashEntry) (*schemas.Order, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	var raw schemas.RawOrder
	if err := registry.Decode(ctx, schemas.RawOrderSchema, e.Value.Bytes, &raw); err != nil {
		return nil, fmt.Errorf("order %s: %w", e.OrderID, err)
	}
	channel, err := marketplaces.Open(raw.Channel, s.config.Parties[raw.Party].Settings)
	if err != nil {
		return nil, fmt.Errorf("order %s: %w", e.OrderID, err)
	}
	order, err := channel.Normalize(&raw)
	if errors.As(err, new(schemas.Faults)) {
		return &schemas.Order{}, nil // a part, which alone says nothing
	}
	return order, err
}
