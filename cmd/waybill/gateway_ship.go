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

// ship tells a channel that a parcel is on its way. The channel is looked at first, by its connector.
func (p accountParty) ship(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	shipper, s, err := p.shipping(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	said, err := shipper.Ship(ctx, s)
	if errors.Is(err, remote.ErrAbsent) {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Business, Code: "not_found", Reason: fmt.Sprintf("%s knows no order %s", p.party.Name, s.Ref)}
	}
	answer, err := answered(s.Number, said, err)
	answer.At = time.Now()
	return answer, err
}

// shipped looks whether a channel knows of a parcel.
func (p accountParty) shipped(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	shipper, s, err := p.shipping(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	said, err := shipper.Shipped(ctx, s)
	answer, err := answered(s.Number, said, err)
	answer.At = time.Now()
	return answer, err
}

func (p accountParty) shipping(task *schemas.Task) (marketplaces.Shipper, schemas.Shipping, error) {
	shipper, is := p.account.(marketplaces.Shipper)
	s, err := schemas.ParseShipping(task.Payload)
	if !is {
		err = fmt.Errorf("%s takes no %s", p.party.Channel, task.Kind)
	}
	if err != nil {
		return nil, s, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	return shipper, s, nil
}
