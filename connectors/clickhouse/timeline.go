package clickhouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"waybill/schemas"
)

// TimelineEvent is one event in the life of an order.
type TimelineEvent struct {
	At        schemas.Millis `json:"at"`
	Topic     string         `json:"topic"`
	Kind      string         `json:"kind"`
	Summary   string         `json:"summary"`
	Partition int32          `json:"partition"`
	Offset    int64          `json:"offset"`
	EventID   string         `json:"event_id"`
	Cause     string         `json:"cause"` // topic/partition/offset of the event that led to it
	Party     string         `json:"party"`
}

// timelineEventsMax bounds a timeline. An order has a dozen events; only a fault or a test has thousands.
const timelineEventsMax = 10_000

// TimelineQuery asks for the events of an order, at most so many.
const TimelineQuery = `SELECT DISTINCT toUnixTimestamp64Milli(at) AS millis, topic, kind, summary, partition, offset, event_id, cause, party
FROM audit WHERE order_id = ? ORDER BY at, topic, partition, offset LIMIT ?`

// Timeline is everything that happened to an order, the oldest first, and an event never before its cause. An order that
// nothing is known of has none.
func (c *ClickHouse) Timeline(ctx context.Context, orderID string) ([]TimelineEvent, error) {
	rows, err := c.conn.Query(ctx, TimelineQuery, orderID, timelineEventsMax)
	if err != nil {
		return nil, fmt.Errorf("read the timeline of %s: %w", orderID, hinted(err))
	}
	defer rows.Close()
	var events []TimelineEvent
	for rows.Next() {
		var e TimelineEvent
		var at int64
		if err := rows.Scan(&at, &e.Topic, &e.Kind, &e.Summary, &e.Partition, &e.Offset, &e.EventID, &e.Cause, &e.Party); err != nil {
			return nil, fmt.Errorf("read the timeline of %s: %w", orderID, err)
		}
		e.At = schemas.Millis(at)
		events = append(events, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the timeline of %s: %w", orderID, err)
	}
	return causally(events), nil
}

// causally sorts events by time, but every one behind its cause: their times are of different clocks, and a millisecond is
// long.
func causally(events []TimelineEvent) []TimelineEvent {
	byPosition := make(map[string]int, len(events))
	for i, e := range events {
		byPosition[schemas.Position(e.Topic, e.Partition, e.Offset)] = i
	}
	type place struct {
		at    schemas.Millis // not before its cause's
		depth int            // how many causes stand before it
	}
	places := make([]place, len(events))
	var find func(i, depth int) place
	find = func(i, steps int) place {
		if places[i].depth > 0 {
			return places[i]
		}
		p := place{events[i].At, 1}
		// A chain longer than there are events is a circle, which only a forged header makes.
		if cause, known := byPosition[events[i].Cause]; known && steps < len(events) {
			before := find(cause, steps+1)
			p = place{max(p.at, before.at), before.depth + 1}
		}
		places[i] = p
		return p
	}
	order := make([]int, len(events))
	for i := range events {
		order[i] = i
		find(i, 0)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(places[a].at, places[b].at), cmp.Compare(places[a].depth, places[b].depth))
	})
	sorted := make([]TimelineEvent, len(events))
	for i, at := range order {
		sorted[i] = events[at]
	}
	return sorted
}
