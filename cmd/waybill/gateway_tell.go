package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/processors"
	"waybill/schemas"
)

// tell tells a channel what becomes of an order, and looks whether it took it: some say so, and did not.
func (p accountParty) tell(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	accepter, a, err := p.accepting(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	do := accepter.Accept
	if task.Kind == processors.KindReject {
		do = accepter.Reject
	}
	switch _, err := do(ctx, a); {
	case errors.Is(err, remote.ErrAbsent): // it was joined with others there, or never was
		return gateway.Answer{Needless: true, Receipt: []byte(`{"found":false}`), At: time.Now()}, nil
	case err != nil:
		return answered("", nil, err)
	}
	answer, err := p.Find(ctx, task)
	if err != nil {
		return answer, &gateway.Failure{
			Class: gateway.Transient, Code: "not_applied", Perhaps: true, Reason: fmt.Sprintf("it was acknowledged, and could not be read back: %v", err),
		}
	}
	return answer, nil
}

// Find looks whether a channel has been told.
func (p accountParty) Find(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	switch task.Kind {
	case processors.KindShip:
		return p.shipped(ctx, task)
	case processors.KindStatus:
		return p.toldStatus(ctx, task)
	}
	accepter, a, err := p.accepting(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	look := accepter.Accepted
	if task.Kind == processors.KindReject {
		look = accepter.Rejected
	}
	said, err := look(ctx, a)
	return answered(a.Ref, said, err)
}

func (p accountParty) accepting(task *schemas.Task) (marketplaces.Accepter, schemas.Accepting, error) {
	return addressed[marketplaces.Accepter](p, task, func(b schemas.Body) (schemas.Accepting, error) {
		a, err := schemas.ParseAccepting(b)
		if err == nil && a.Ref == "" {
			err = errors.New("it names no order: $.ref is missing")
		}
		return a, err
	})
}

// addressed is the account as one that takes such a call, and what the call says.
func addressed[A, P any](p accountParty, task *schemas.Task, parse func(schemas.Body) (P, error)) (account A, says P, err error) {
	account, is := p.account.(A)
	if is {
		says, err = parse(task.Payload)
	} else {
		err = fmt.Errorf("%s takes no %s", p.party.Channel, task.Kind)
	}
	if err != nil {
		err = &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	return account, says, err
}
