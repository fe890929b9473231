package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/internal/runner"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// onItsWayMax is how long what a channel tells by itself may take: what changed since then is left to the next sweep.
const onItsWayMax = 2 * time.Minute

// sweeps asks each account that this process calls, every so often, what changed there lately: what never came is found so.
func (p *pipeline) sweeps(ctx context.Context, parties []string) error {
	every := time.Duration(p.config.Sweep.EverySeconds) * time.Second
	if every == 0 || len(parties) == 0 {
		return nil
	}
	store, err := runner.NewStore(p.stack.kafka, p.registry)
	if err != nil {
		return err
	}
	defer store.Close()
	for {
		at := time.Now().UTC().Truncate(every)
		to := at.Add(-min(onItsWayMax, every))
		span := schemas.Sweeping{From: to.Add(-time.Duration(p.config.Sweep.WindowHours) * time.Hour), To: to}
		for _, party := range parties {
			call, err := processors.SweepCall(party, span)
			if err == nil {
				err = store.Store(ctx, []topics.Message{call})
			}
			if err != nil && ctx.Err() == nil {
				p.app.log.Warn("what never came is not looked for now", "party", party, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Until(at.Add(every))):
		}
	}
}

// lookUpMax is how many orders are looked up at once.
const lookUpMax = 1000

// sweep compares what changed at the channel with what came of it.
func (p accountParty) sweep(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	span, err := schemas.ParseSweeping(task.Payload)
	if err != nil {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	p.fetched.Range(func(ref, at any) bool { // of before, nothing is listed
		if at.(time.Time).Before(span.From) {
			p.fetched.Delete(ref)
		}
		return true
	})
	listed, err := p.account.Changed(ctx, span.From)
	if errors.Is(err, remote.ErrAbsent) {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "not_found", Reason: p.party.Name + " has no list of orders: look at its api_url"}
	}
	if err != nil {
		return answered("", nil, err)
	}
	swept := schemas.Swept{Listed: len(listed), Missed: []schemas.Missed{}}
	for some := range slices.Chunk(listed, lookUpMax) {
		ids := make([]string, len(some))
		for i, one := range some {
			ids[i] = schemas.OrderID(p.party.Name, one.Ref)
		}
		delivered, err := p.delivered(ctx, ids)
		if err != nil {
			return gateway.Answer{}, &gateway.Failure{Class: gateway.Transient, Code: "not_compared", Reason: err.Error()}
		}
		for i, one := range some {
			if at, is := p.fetched.Load(one.Ref); is && !at.(time.Time).Before(one.Changed) {
				continue
			}
			if came, is := delivered[ids[i]]; one.Changed.Before(span.To) && (!is || came.Before(one.Changed)) {
				swept.Missed = append(swept.Missed, one)
			}
		}
	}
	document, err := json.Marshal(swept)
	if err != nil {
		return gateway.Answer{}, err
	}
	receipt := fmt.Appendf(nil, `{"listed":%d,"missed":%d}`, swept.Listed, len(swept.Missed))
	return gateway.Answer{TheirRef: fmt.Sprintf("%d of %d missed", len(swept.Missed), swept.Listed), Receipt: receipt, Document: document, At: time.Now()}, nil
}
