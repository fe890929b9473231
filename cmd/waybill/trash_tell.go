package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// tellChannels is what becomes of orders that were given up, at their channels (item 152): with a reason each hears that nothing will be
// delivered, without one it is said how to tell them. A channel that can not be told is named, with why.
func (a *app) tellChannels(ctx context.Context, s *stack, job *schemas.TrashJob, chosen []*trashItem, reason string) error {
	var calls []topics.Message
	expected, untold := ordersOf(s.config, chosen)
	for _, order := range expected {
		party, ref, _ := schemas.SplitOrderID(order)
		call, err := processors.RejectCall(party, order, schemas.Accepting{Ref: ref, By: job.By, Why: job.Why, Reason: reason})
		if err != nil && reason != "" {
			return fmt.Errorf("%s was dismissed, its channel was not told: %w", order, err)
		}
		calls = append(calls, call)
	}
	for _, line := range untold {
		a.say("%s", line)
	}
	switch {
	case len(expected) == 0:
		return nil
	case reason == "":
		a.say("the channel still waits for %s: 'waybill reject ORDER --reason …' tells it that nothing will be delivered", some(expected))
		return nil
	}
	if err := s.store(ctx, calls); err != nil {
		return fmt.Errorf("the entries were dismissed, but the channel was not told: %w ('waybill reject' does that)", err)
	}
	a.say("the channel is told that nothing will be delivered of %s; 'waybill order ORDER --receipts' shows when it knows", some(expected))
	return nil
}

// ordersOf are the orders of entries whose channels can be told, each once; and a line for each of the others.
func ordersOf(c *config.Config, chosen []*trashItem) (told, untold []string) {
	seen := map[string]bool{}
	for _, t := range chosen {
		party, ref, is := schemas.SplitOrderID(t.OrderID)
		if !is || ref == "" || seen[t.OrderID] {
			continue
		}
		seen[t.OrderID] = true
		settled, known := c.Parties[party]
		if !known {
			continue // it is of no channel
		}
		if why := marketplaces.WhyNotRejected(settled.Channel); why != "" {
			untold = append(untold, fmt.Sprintf("%s: its channel can not be told: %s", t.OrderID, why))
		} else if topics.Named(topics.OutboxName(party)) == nil {
			untold = append(untold, fmt.Sprintf("%s: its channel is not told: nobody makes calls there", t.OrderID))
		} else {
			told = append(told, t.OrderID)
		}
	}
	slices.Sort(told)
	return told, untold
}

// some are the first few of many.
func some(orders []string) string {
	const few = 3
	text := strings.Join(orders[:min(few, len(orders))], ", ")
	if more := len(orders) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
