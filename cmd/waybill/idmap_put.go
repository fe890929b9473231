package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/rights"
	"waybill/internal/runner"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// put is what idmap put was told.
type put struct {
	pairing
	reasoned
	sku, quantity, unit, stockUnit string
	price, currency, title         string
	eans, components               []string
	ours                           string
	grams                          int64
	preview                        bool
}

func (a *app) idmapPut() *cobra.Command {
	var p put
	cmd := &cobra.Command{Use: "put PARTY/REFERENCE", Short: "Set one pair; orders that wait for it go on"}
	cmd.Args = cobra.ExactArgs(1)
	cmd.Example = `  waybill idmap put allegro/12345 --sku MUG-RED --reason "new offer"
  waybill idmap put allegro/12346 --sku MUG-RED --quantity 1 --unit case/12
  waybill idmap put allegro/12347 --component MUG-RED=2 --component TRAY=1
  waybill idmap put tryton/4711 --kind order --our-id allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6`
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.putPair(cmd, &p, args[0]) }
	p.pairing.flag(cmd)
	p.reasoned.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&p.sku, "sku", "", "your own article number")
	flags.StringVar(&p.quantity, "quantity", "1", "how much of the article one sold piece is")
	flags.StringVar(&p.unit, "unit", schemas.UnitPiece, "of that quantity: piece, case/12, kg, lb, m …")
	flags.StringVar(&p.stockUnit, "stock-unit", "", "unit the warehouse counts the article in (default: the same)")
	flags.StringArrayVar(&p.components, "component", nil, "SKU=QUANTITY of an article of a bundle; repeat it")
	flags.StringVar(&p.price, "price", "", "what you ask for it, such as 12.50; needs --currency")
	flags.StringVar(&p.currency, "currency", "", "of the price, ISO 4217")
	flags.StringVar(&p.title, "title", "", "what the offer is called")
	flags.StringSliceVar(&p.eans, "ean", nil, "article numbers on the goods (GTIN)")
	flags.Int64Var(&p.grams, "grams", 0, "what one sold piece weighs: a parcel that weighs another is told")
	flags.StringVar(&p.ours, "our-id", "", "our id, of a link")
	flags.BoolVar(&p.preview, "preview", false, "only list the orders in flight that it would change something for")
	stackFlags(cmd)
	return cmd
}

func (a *app) putPair(cmd *cobra.Command, p *put, name string) error {
	if err := p.check(); err != nil {
		return err
	}
	by, err := whoDoes(p.by)
	if err != nil {
		return err
	}
	key, party, ref, err := p.key(name)
	if err != nil {
		return err
	}
	var value any
	if p.kind == "offer" {
		value, err = p.entry(party, ref, by)
	} else if p.ours == "" {
		err = usage("idmap put --kind %s: give --our-id, which the reference leads to", p.kind)
	} else {
		value = &schemas.Link{Party: party, Kind: p.kind, Ref: ref, OurID: p.ours, At: schemas.At(time.Now()), By: by, Reason: p.reason}
	}
	if err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	if err := p.checkParty(stack.config, party); err != nil {
		return err
	}
	was, err := stack.pair(cmd.Context(), p.topic(), key)
	if err != nil {
		return err
	}
	if p.preview {
		return a.previewChange(cmd.Context(), stack, was, value)
	}
	a.sayInFlight(cmd.Context(), stack, was, value)
	if err := stack.store(cmd.Context(), []topics.Message{{Topic: p.topic(), Key: key, Value: value}}); err != nil {
		return err
	}
	return a.printPair(value)
}

func (p *put) entry(party, ref, by string) (*schemas.CatalogueEntry, error) {
	entry := &schemas.CatalogueEntry{
		Party: party, OfferRef: ref, SKU: p.sku, Quantity: p.quantity, Unit: p.unit, StockUnit: p.stockUnit, Title: p.title, EANs: p.eans,
		Grams: p.grams, At: schemas.At(time.Now()), By: by, Reason: p.reason,
	}
	if p.price != "" {
		price, err := schemas.ParseMoney(p.price, p.currency)
		if err != nil {
			return nil, usage("--price %s --currency %s: %v", p.price, p.currency, err)
		}
		entry.Price = &price
	}
	for _, text := range p.components {
		i := strings.LastIndexByte(text, '=')
		if i < 0 {
			return nil, usage("--component %s: give SKU=QUANTITY", text)
		}
		entry.Components = append(entry.Components, schemas.BundlePart{SKU: text[:i], Quantity: text[i+1:], Unit: schemas.UnitPiece})
	}
	if faults := processors.CheckEntry(entry); len(faults) > 0 {
		return nil, usage("%s/%s: %v", party, ref, faults)
	}
	return entry, nil
}

// store writes messages as a door does.
func (s *stack) store(ctx context.Context, messages []topics.Message) error {
	registry, err := s.schemas()
	if err != nil {
		return err
	}
	if err := s.mustLet(ctx, rights.Keeper, rights.ToWrite(topicsOf(messages)...)...); err != nil {
		return err
	}
	store, err := runner.NewStore(s.kafka, registry)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Store(ctx, messages); err != nil {
		return fmt.Errorf("%w ('waybill doctor' looks at what is wrong)", err)
	}
	return nil
}

func topicsOf(messages []topics.Message) []*topics.Topic {
	var used []*topics.Topic
	for _, m := range messages {
		if !slices.Contains(used, m.Topic) {
			used = append(used, m.Topic)
		}
	}
	return used
}
