package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waybill/schemas"
)

// inFlight are the orders, of which a piece is still to leave, that a pair means something for that was, and is to be another or none (nil).
func (s *stack) inFlight(ctx context.Context, was, is any) (orders []string, err error) {
	if was == nil || is != nil && digestOf(was) == digestOf(is) {
		return nil, nil
	}
	store, err := s.clickhouse(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	if offer, of := was.(*schemas.CatalogueEntry); of {
		return store.OrdersOfOffer(ctx, offer.Party, offer.OfferRef)
	}
	for _, pair := range []any{was, is} {
		if link, of := pair.(*schemas.Link); of {
			more, err := store.OrdersOfLink(ctx, link)
			if err != nil {
				return nil, err
			}
			orders = append(orders, more...)
		}
	}
	slices.Sort(orders)
	return slices.Compact(orders), nil
}

func orderCount(n int) string {
	if n == 1 {
		return "1 order"
	}
	return fmt.Sprintf("%d orders", n)
}

// affected is an order in flight.
type affected struct {
	OrderID string `json:"order_id"`
}

// previewChange lists the orders, and changes nothing.
func (a *app) previewChange(ctx context.Context, stack *stack, was, is any) error {
	orders, err := stack.inFlight(ctx, was, is)
	if err != nil {
		return err
	}
	a.say("it would change something for %s in flight; nothing was changed", orderCount(len(orders)))
	p := a.printer("order")
	for _, id := range orders {
		if err := p.row(affected{id}, id); err != nil {
			return err
		}
	}
	return p.end()
}

// inFlightSaid is how many orders are named before a change; --preview lists all.
const inFlightSaid = 20

// sayInFlight names the orders before a pair is changed. That they can not be asked for is no reason to leave it wrong.
func (a *app) sayInFlight(ctx context.Context, stack *stack, was, is any) {
	orders, err := stack.inFlight(ctx, was, is)
	switch {
	case err != nil:
		a.say("which orders in flight it changes something for can not be told: %v", err)
	case len(orders) > 0:
		some := orders[:min(inFlightSaid, len(orders))]
		more := ""
		if len(some) < len(orders) {
			more = ", …"
		}
		a.say("%s in flight: %s%s", orderCount(len(orders)), strings.Join(some, ", "), more)
		if _, of := was.(*schemas.CatalogueEntry); of {
			a.say("what they were read with they keep, until 'waybill renormalize ORDER --send' has one read again")
		}
	}
}
