package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waybill/connectors/carriers"
	"waybill/internal/gateway"
	"waybill/internal/gateway/limit"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// asks are the calls that ask a carrier for parcels, or to push what it hears of them; none if its account can not be asked.
func (p carrierParty) asks() []gateway.Kind {
	if p.asker == nil {
		return nil
	}
	kinds := []gateway.Kind{{
		Name: processors.KindTrack, Repeatable: true, CallMax: p.asking.CallMax, Priority: limit.Bulk, Then: func(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
			asking, err := schemas.ParseAsking(task.Payload)
			if err != nil {
				return nil, err
			}
			return processors.AskThen(task, p.carrier, p.spokenOf(answer.Document, asking.Numbers), answer.Document, schemas.At(answer.At)), nil
		},
	}}
	if carriers.ProverOf(p.asker) != nil {
		kinds = append(kinds, gateway.Kind{Name: processors.KindProof, Repeatable: true, CallMax: p.asking.CallMax, Priority: limit.Bulk, Then: p.proven})
	}
	if carriers.SubscriberOf(p.asker) != nil {
		kinds = append(kinds, gateway.Kind{Name: processors.KindFollow, Repeatable: true, CallMax: p.asking.CallMax, Priority: limit.Bulk})
	}
	return kinds
}

// spokenOf are the parcels that were asked for, and those that an answer speaks of beside them.
func (p carrierParty) spokenOf(said []byte, asked []string) []string {
	numbers := slices.Clone(asked)
	tracked, _ := p.read(said, asked) // it was read when it came
	for i := range tracked.Scans {
		scan := &tracked.Scans[i]
		if scan.Number != "" && !slices.Contains(numbers, scan.Number) && !slices.Contains(asked, scan.Requested) {
			numbers = append(numbers, scan.Number)
		}
	}
	return numbers
}

// read is an answer in our words. One that was asked for alone need not be named in it.
func (p carrierParty) read(said []byte, asked []string) (schemas.Tracked, error) {
	raw := &schemas.RawTracking{Carrier: p.carrier, Body: schemas.Body{Bytes: said}}
	if len(asked) == 1 {
		raw.Number = asked[0]
	}
	return trackedIn(raw)
}

// track asks a carrier for parcels. What can not be read at all is no answer.
func (p carrierParty) track(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	asked, err := schemas.ParseAsking(task.Payload)
	if err != nil || p.asker == nil {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: fmt.Sprintf("%s can not be asked for parcels: %v", p.carrier, err)}
	}
	switch task.Kind {
	case processors.KindFollow:
		subscriber := carriers.SubscriberOf(p.asker)
		if subscriber == nil {
			return gateway.Answer{Needless: true}, nil
		}
		said, err := subscriber.Subscribe(ctx, asked.Numbers)
		return answered("", said, asking(err))
	case processors.KindProof:
		return p.prove(ctx, asked.Numbers[0])
	}
	said, err := p.asker.Ask(ctx, asked.Numbers)
	if err != nil {
		return answered("", nil, asking(err))
	}
	tracked, err := p.read(said, asked.Numbers)
	if err = schemas.Timed(err); err != nil && len(tracked.Scans)+len(tracked.Absent) == 0 {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Transient, Code: "unreadable_answer", Reason: fmt.Sprintf("%s answered, and nothing of it can be read: %v", p.carrier, err)}
	}
	return gateway.Answer{Document: said, Receipt: fmt.Appendf(nil, `{"scans":%d,"absent":%d}`, len(tracked.Scans), len(tracked.Absent)), At: time.Now()}, nil
}
