package main

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// calls follows what is asked of the ERP, and what becomes of it.
type calls struct {
	stack    *stack
	registry *schemas.Registry
	client   *kgo.Client
	next     map[string]int64 // by topic: where it is to be read on
	last     map[string]call  // by task id
}

// call is how a task stands.
type call struct{ state, orderID string }

func (s *stack) followCalls() (*calls, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(topics.OutboxERP.Name, topics.LedgerERP.Name), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
	}, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("follow the calls at the ERP: %w", err)
	}
	return &calls{stack: s, registry: registry, client: client, next: map[string]int64{}, last: map[string]call{}}, nil
}

// awaitEnd waits until every call that was asked for has an end: it was made, or waits for a person.
func (c *calls) awaitEnd(ctx context.Context) error {
	for ctx.Err() == nil {
		poll, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		fetches := c.client.PollFetches(poll)
		cancel()
		for r := range fetches.RecordsAll() {
			if err := c.take(ctx, r); err != nil {
				return err
			}
		}
		if fetches.NumRecords() > 0 || c.areUnderWay() {
			continue
		}
		if whole, err := c.isWhole(ctx); whole || err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (c *calls) take(ctx context.Context, r *kgo.Record) error {
	c.next[r.Topic] = r.Offset + 1
	id := string(r.Key)
	switch _, known := c.last[id]; {
	case r.Attrs.IsControl():
	case r.Topic == topics.OutboxERP.Name && !known:
		c.last[id] = call{state: schemas.TaskOpen}
	case r.Topic == topics.LedgerERP.Name:
		var row schemas.LedgerRow
		if err := c.registry.Decode(ctx, schemas.LedgerRowSchema, r.Value, &row); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		c.last[id] = call{row.State, row.Task.OrderID}
	}
	return nil
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
	ends, err := kadm.NewClient(c.client).ListCommittedOffsets(ctx, topics.OutboxERP.Name, topics.LedgerERP.Name)
	if err != nil {
		return false, fmt.Errorf("ask where the calls at the ERP end: %w", err)
	}
	whole = true
	ends.Each(func(end kadm.ListedOffset) { whole = whole && c.next[end.Topic] >= end.Offset })
	return whole, nil
}
