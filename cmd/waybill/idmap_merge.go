package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
	"waybill/topics"
)

func (a *app) idmapMerge() *cobra.Command {
	var r reasoned
	var preview bool
	cmd := &cobra.Command{Use: "merge PARTY/CUSTOMER PARTY/INTO", Short: "Follow the ERP where it has made one customer of two; both references stay known", Args: cobra.ExactArgs(2)}
	cmd.Long = `The ERP merges customers, and moves their orders and addresses: Tryton by Party > Replace, Odoo by Contacts > Merge. This is how Waybill hears of it: both references lead to the
one customer from then on, so does our id of the other, and the orders in flight are said to be of the one.`
	cmd.Example = `  waybill idmap merge erp/17 erp/23 --reason "the same person, with two addresses" --preview`
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if r.reason == "" && !preview {
			return usage("idmap merge: say why with --reason: it stands in the history")
		}
		by, err := whoDoes(r.by)
		if err != nil {
			return err
		}
		var keys, refs [2]string
		var party [2]string
		customers := pairing{kind: schemas.LinkCustomer}
		for i, name := range args {
			if keys[i], party[i], refs[i], err = customers.key(name); err != nil {
				return err
			}
		}
		if party[0] != party[1] || refs[0] == refs[1] {
			return usage("idmap merge %s %s: give two customers of one ERP", args[0], args[1])
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		m := &merger{stack: stack, into: refs[1], by: by, reason: r.reason}
		if err := m.look(cmd.Context(), keys[0], keys[1]); err != nil {
			return err
		}
		if preview {
			return a.previewChange(cmd.Context(), stack, m.of, nil)
		}
		return a.merge(cmd.Context(), m)
	}
	r.flags(cmd)
	cmd.Flags().BoolVar(&preview, "preview", false, "only list the orders in flight that would be said to be of the one")
	stackFlags(cmd)
	return cmd
}

// merger makes one customer of two.
type merger struct {
	stack            *stack
	of               *schemas.Link // of the one that is no more
	was, now         string        // our ids, after what was merged before
	into, by, reason string
}

// look looks both up.
func (m *merger) look(ctx context.Context, of, into string) error {
	all, merged, err := m.stack.links(ctx)
	if err != nil {
		return err
	}
	for _, link := range all {
		switch schemas.LinkKey(link.Party, link.Kind, link.Ref) {
		case of:
			m.of, m.was = link, nowOf(link.OurID, merged)
		case into:
			m.now = nowOf(link.OurID, merged)
		}
	}
	for key, known := range map[string]string{of: m.was, into: m.now} {
		if known == "" {
			return fmt.Errorf("there is no %s in id.map: no order was placed for such a customer", key)
		}
	}
	return nil
}

// merge says where both lead, and then order by order whose it is. Whoever is interrupted merges them again.
func (a *app) merge(ctx context.Context, m *merger) error {
	orders, err := m.stack.inFlight(ctx, m.of, nil)
	if err != nil {
		return err
	}
	links := m.links()
	if err := m.stack.store(ctx, links); err != nil {
		return err
	}
	placed, err := m.placed(ctx, orders)
	if err != nil {
		return err
	}
	if err := m.stack.store(ctx, placed); err != nil {
		return err
	}
	a.say("%s of %s is said to be of %s now", orderCount(len(placed)), m.of.Ref, m.into)
	return a.printPair(links[0].Value)
}

// links lead from both references, and from our id of the other, to the one customer.
func (m *merger) links() []topics.Message {
	link := func(party, ref string) topics.Message {
		return topics.Message{Topic: topics.IDMap, Key: schemas.LinkKey(party, schemas.LinkCustomer, ref), Value: &schemas.Link{
			Party: party, Kind: schemas.LinkCustomer, Ref: ref, OurID: m.now, At: schemas.At(time.Now()), By: m.by,
			Reason: fmt.Sprintf("merged into %s: %s", m.into, m.reason),
		}}
	}
	links := []topics.Message{link(m.of.Party, m.of.Ref)}
	if m.was != m.now {
		links = append(links, link(schemas.PartyOurs, m.was))
	}
	return links
}

// placed are the orders as they stand in the ERP now: for the one customer.
func (m *merger) placed(ctx context.Context, orders []string) (moved []topics.Message, err error) {
	wanted := map[string]bool{}
	for _, id := range orders {
		wanted[id] = true
	}
	err = m.stack.pairs(ctx, topics.OrdersPlaced, func(id string) bool { return wanted[id] }, func(id string, value any) error {
		order := value.(*schemas.Order)
		if p := order.Placement; p != nil && p.CustomerRef == m.of.Ref {
			p.CustomerRef, p.By = m.into, m.by
			moved = append(moved, topics.Message{Topic: topics.OrdersPlaced, Key: id, Value: order, Headers: []topics.Header{
				{Key: topics.HeaderOrderID, Value: []byte(id)}, {Key: topics.HeaderOrigin, Value: []byte(schemas.OriginManual)},
			}})
		}
		return nil
	})
	return moved, err
}
