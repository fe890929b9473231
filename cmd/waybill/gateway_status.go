package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/schemas"
)

// tellStatus tells a channel how a parcel stands. The channel is looked at first, by its connector.
func (p accountParty) tellStatus(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	teller, s, err := p.standing(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	said, err := teller.Tell(ctx, s)
	if errors.Is(err, remote.ErrAbsent) {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Transient, Code: "not_shipped", Reason: fmt.Sprintf("%s does not know yet that parcel %s has left", p.party.Name, s.Number)}
	}
	answer, err := answered(s.Number, said, err)
	answer.At = time.Now()
	return answer, err
}

// toldStatus looks whether a channel was told.
func (p accountParty) toldStatus(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	teller, s, err := p.standing(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	said, err := teller.Told(ctx, s)
	answer, err := answered(s.Number, said, err)
	answer.At = time.Now()
	return answer, err
}

func (p accountParty) standing(task *schemas.Task) (marketplaces.Teller, schemas.Standing, error) {
	teller, is := p.account.(marketplaces.Teller)
	s, err := schemas.ParseStanding(task.Payload)
	if !is {
		err = fmt.Errorf("%s takes no %s", p.party.Channel, task.Kind)
	}
	if err != nil {
		return nil, s, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	return teller, s, nil
}
