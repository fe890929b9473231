package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// calls follows what is asked of all parties, and what becomes of it.
type calls struct {
	stack    *stack
	topics   []string
	registry *schemas.Registry
	client   *kgo.Client
	next     map[string]int64 // by topic: where it is to be read on
	last     map[string]call  // by task id
}

// call is how a task stands.
type call struct{ kind, state, orderID string }

func (s *stack) followCalls() (*calls, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	var followed []string
	for _, party := range slices.Concat(topics.Called(), topics.Carriers(), topics.Printers(), []string{topics.ERP}) {
		followed = append(followed, topics.OutboxName(party), topics.LedgerName(party))
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(followed...), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
	}, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("follow the calls: %w", err)
	}
	return &calls{stack: s, topics: followed, registry: registry, client: client, next: map[string]int64{}, last: map[string]call{}}, nil
}

// awaitEnd waits until every call that was asked for has an end: it was made, or waits for a person. It tells whether anything was heard of
// a call meanwhile, of which something may follow.
func (c *calls) awaitEnd(ctx context.Context) (heard bool, err error) {
	for ctx.Err() == nil {
		poll, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		fetches := c.client.PollFetches(poll)
		cancel()
		for r := range fetches.RecordsAll() {
			if err := c.take(ctx, r); err != nil {
				return heard, err
			}
			heard = heard || !isQuestion(r)
		}
		if fetches.NumRecords() > 0 || c.areUnderWay() {
			continue
		}
		if whole, err := c.isWhole(ctx); whole || err != nil {
			return heard, err
		}
	}
	return heard, ctx.Err()
}

func (c *calls) take(ctx context.Context, r *kgo.Record) error {
	c.next[r.Topic] = r.Offset + 1
	id := string(r.Key)
	if isQuestion(r) {
		return nil
	}
	switch _, known := c.last[id]; {
	case r.Attrs.IsControl():
	case strings.HasPrefix(r.Topic, "outbox."):
		if !known {
			c.last[id] = call{state: schemas.TaskOpen}
		}
	default:
		var row schemas.LedgerRow
		if err := c.registry.Decode(ctx, schemas.LedgerRowSchema, r.Value, &row); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		c.last[id] = call{row.Task.Kind, row.State, row.Task.OrderID}
	}
	return nil
}

// isQuestion tells the calls that ask a carrier for parcels: they go on until those are at their end, and who waits for that looks at the parcels.
func isQuestion(r *kgo.Record) bool {
	return strings.Contains(string(r.Key), "/"+processors.KindTrack+"@")
}

func (c *calls) areUnderWay() bool {
	for _, call := range c.last {
		if call.state == schemas.TaskOpen || call.state == schemas.TaskIntent || call.state == schemas.TaskWaiting {
			return true
		}
	}
	return false
}

// isWhole tells whether all that stands on the topics was read.
func (c *calls) isWhole(ctx context.Context) (whole bool, err error) {
	ends, err := kadm.NewClient(c.client).ListCommittedOffsets(ctx, c.topics...)
	if err != nil {
		return false, fmt.Errorf("ask where the calls end: %w", err)
	}
	whole = true
	ends.Each(func(end kadm.ListedOffset) { whole = whole && c.next[end.Topic] >= end.Offset })
	return whole, nil
}
