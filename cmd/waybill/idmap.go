package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/pairs"
	"waybill/internal/config"
	"waybill/schemas"
	"waybill/topics"
)

func (a *app) idmap() *cobra.Command {
	cmd := &cobra.Command{GroupID: "keep", Use: "idmap", Short: "Look at and set which offer is which article, and which of their references is which of our ids"}
	cmd.AddCommand(a.idmapGet(), a.idmapPut(), a.idmapRemove(), a.idmapMerge(), a.idmapImport(), a.idmapExport(), a.idmapHistory(), a.idmapWaiting())
	return cmd
}

// pairing is which pairs a verb is about.
type pairing struct{ kind string }

func (p *pairing) flag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.kind, "kind", "offer", "what the pairs are about: offer, "+strings.Join(pairs.Kinds(), ", "))
}

func (p *pairing) check() error {
	if p.kind != "offer" && !pairs.IsKind(p.kind) {
		return usage("--kind %s: give offer, %s", p.kind, strings.Join(pairs.Kinds(), ", "))
	}
	return nil
}

// checkParty refuses offers of a party that is not configured, for which no order can ever wait: its name was mistyped. Links may be
// of any system.
func (p *pairing) checkParty(c *config.Config, party string) error {
	if _, known := c.Parties[party]; !known && p.ofLinks() == "" {
		return unknownParty(c, party)
	}
	return nil
}

// ofLinks is the kind of link, "" if the pairs are of offers.
func (p *pairing) ofLinks() string {
	if p.kind == "offer" {
		return ""
	}
	return p.kind
}

func (p *pairing) topic() *topics.Topic {
	if p.kind == "offer" {
		return topics.IDCatalogue
	}
	return topics.IDMap
}

// key is that of PARTY/REFERENCE.
func (p *pairing) key(name string) (key, party, ref string, err error) {
	party, ref, ok := schemas.SplitOrderID(name)
	if !ok || party == "" || ref == "" {
		return "", "", "", usage("%q: a pair is named PARTY/REFERENCE, such as allegro/12345", name)
	}
	if p.kind == "offer" {
		return schemas.OfferKey(party, ref), party, ref, nil
	}
	return schemas.LinkKey(party, p.kind, ref), party, ref, nil
}

// pairs calls each with the last word on every pair of a topic that the filter takes, sorted by key.
func (s *stack) pairs(ctx context.Context, topic *topics.Topic, filter func(key string) bool, each func(key string, value any) error) error {
	return s.pairsFor(ctx, topic, "", filter, each)
}

// pair is the last word on one; nil if there is none.
func (s *stack) pair(ctx context.Context, topic *topics.Topic, key string) (pair any, err error) {
	err = s.pairsFor(ctx, topic, key, func(k string) bool { return k == key }, func(_ string, value any) error {
		pair = value
		return nil
	})
	return pair, err
}

func (s *stack) pairsFor(ctx context.Context, topic *topics.Topic, home string, filter func(key string) bool, each func(key string, value any) error) error {
	registry, err := s.schemas()
	if err != nil {
		return err
	}
	last := map[string][]byte{}
	err = s.readFor(ctx, topic, home, func(r *kgo.Record) error {
		key := string(r.Key)
		switch {
		case !filter(key):
		case r.Value == nil:
			delete(last, key)
		default:
			last[key] = r.Value
		}
		return nil
	})
	if err != nil {
		return err
	}
	keys := make([]string, 0, len(last))
	for key := range last {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		value := topic.Schema.New()
		if err := registry.Decode(ctx, topic.Schema, last[key], value); err != nil {
			return fmt.Errorf("%q in %s: %w", key, topic.Name, err)
		}
		if err := each(key, value); err != nil {
			return err
		}
	}
	return nil
}

func anyKey(string) bool { return true }

func (a *app) idmapGet() *cobra.Command {
	var p pairing
	var ours string
	cmd := &cobra.Command{Use: "get PARTY/REFERENCE", Short: "Print one pair, or with --our-id all references of one of our ids"}
	cmd.Args = cobra.MaximumNArgs(1)
	cmd.Example = `  waybill idmap get allegro/12345
  waybill idmap get tryton/4711 --kind order
  waybill idmap get --our-id allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6`
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := p.check(); err != nil {
			return err
		}
		if (len(args) == 1) == (ours != "") {
			return usage("idmap get: name one pair, or give --our-id")
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		if ours != "" {
			return a.printLinksOf(cmd.Context(), stack, ours)
		}
		key, _, _, err := p.key(args[0])
		if err != nil {
			return err
		}
		pair, err := stack.pair(cmd.Context(), p.topic(), key)
		if err != nil {
			return err
		}
		if pair == nil {
			return fmt.Errorf("there is no %s %s: 'waybill idmap put' sets one, and 'waybill idmap history' tells what there was", p.kind, args[0])
		}
		return a.printPair(pair)
	}
	p.flag(cmd)
	cmd.Flags().StringVar(&ours, "our-id", "", "our id whose references at all parties to print")
	stackFlags(cmd)
	return cmd
}

func (a *app) printLinksOf(ctx context.Context, stack *stack, ours string) error {
	all, merged, err := stack.links(ctx)
	if err != nil {
		return err
	}
	found, wanted := false, nowOf(ours, merged)
	for _, link := range all {
		if nowOf(link.OurID, merged) != wanted {
			continue
		}
		found = true
		if err := a.printPair(link); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("no reference leads to %s", ours)
	}
	return nil
}

// links are all of them, and what was merged: from an id of ours to what it is now.
func (s *stack) links(ctx context.Context) (all []*schemas.Link, merged map[string]string, err error) {
	merged = map[string]string{}
	err = s.pairs(ctx, topics.IDMap, anyKey, func(_ string, value any) error {
		link := value.(*schemas.Link)
		if all = append(all, link); link.Party == schemas.PartyOurs {
			merged[link.Ref] = link.OurID
		}
		return nil
	})
	return all, merged, err
}

// nowOf is what an id of ours is, after all that was merged.
func nowOf(id string, merged map[string]string) string {
	for range merged {
		next, is := merged[id]
		if !is {
			break
		}
		id = next
	}
	return id
}

// openTopics opens the stack, and on one that only this command runs makes what topics it lacks.
func (a *app) openTopics(cmd *cobra.Command) (*stack, error) {
	s, err := a.open(cmd)
	if err != nil || s.own == nil {
		return s, err
	}
	if err := s.provisionAll(cmd.Context(), a.log); err != nil {
		a.close(s)
		return nil, err
	}
	return s, nil
}

// reasoned is who changes something, and why.
type reasoned struct{ by, reason string }

func (r *reasoned) flags(cmd *cobra.Command) {
	byFlag(cmd, &r.by)
	cmd.Flags().StringVar(&r.reason, "reason", "", "why, for the record")
}
