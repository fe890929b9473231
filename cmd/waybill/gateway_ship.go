package main

import (
	"context"
	"errors"
	"fmt"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/schemas"
)

// ship tells a channel that a parcel is on its way. The channel is looked at before, by its connector, and after.
func (p accountParty) ship(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	shipper, s, err := addressed[marketplaces.Shipper](p, task, schemas.ParseShipping)
	if err != nil {
		return gateway.Answer{}, err
	}
	switch said, err := shipper.Ship(ctx, s); {
	case errors.Is(err, remote.ErrAbsent):
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Business, Code: "not_found", Reason: fmt.Sprintf("%s knows no order %s", p.party.Name, s.Ref)}
	case err != nil:
		return answered(s.Number, said, err)
	}
	return p.readBack(ctx, task)
}

// shipped looks whether a channel knows of a parcel.
func (p accountParty) shipped(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	shipper, s, err := addressed[marketplaces.Shipper](p, task, schemas.ParseShipping)
	if err != nil {
		return gateway.Answer{}, err
	}
	said, err := shipper.Shipped(ctx, s)
	return answered(s.Number, said, err)
}

// tellStatus tells a channel how a parcel stands. The channel is looked at before, by its connector, and after.
func (p accountParty) tellStatus(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	teller, s, err := addressed[marketplaces.Teller](p, task, schemas.ParseStanding)
	if err != nil {
		return gateway.Answer{}, err
	}
	switch said, err := teller.Tell(ctx, s); {
	case errors.Is(err, remote.ErrAbsent):
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Transient, Code: "not_shipped", Reason: fmt.Sprintf("%s does not know yet that parcel %s has left", p.party.Name, s.Number)}
	case err != nil:
		return answered(s.Number, said, err)
	}
	return p.readBack(ctx, task)
}

// toldStatus looks whether a channel was told.
func (p accountParty) toldStatus(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	teller, s, err := addressed[marketplaces.Teller](p, task, schemas.ParseStanding)
	if err != nil {
		return gateway.Answer{}, err
	}
	said, err := teller.Told(ctx, s)
	return answered(s.Number, said, err)
}
