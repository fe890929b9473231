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
	do, _, a, err := p.accepting(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	switch _, err := do(ctx, a); {
	case errors.Is(err, remote.ErrAbsent): // it was joined with others there, or never was
		return gateway.Answer{Needless: true, Receipt: []byte(`{"found":false}`), At: time.Now()}, nil
	case err != nil:
		return answered("", nil, err)
	}
	return p.readBack(ctx, task)
}

// readBack looks whether a channel has what it said it took. If it has not, it may still come, or never will: that is asked later.
func (p accountParty) readBack(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
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
	_, look, a, err := p.accepting(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	said, err := look(ctx, a)
	return answered(a.Ref, said, err)
}

// saying is a call about an order, or a look at what became of it.
type saying func(ctx context.Context, a schemas.Accepting) ([]byte, error)

// accepting is how a channel is told what a task says, and how it is looked at.
func (p accountParty) accepting(task *schemas.Task) (do, look saying, a schemas.Accepting, err error) {
	parse := func(b schemas.Body) (schemas.Accepting, error) {
		a, err := schemas.ParseAccepting(b)
		if err == nil && a.Ref == "" {
			err = errors.New("it names no order: $.ref is missing")
		}
		return a, err
	}
	if task.Kind == processors.KindReject {
		rejecter, a, err := addressed[marketplaces.Rejecter](p, task, parse)
		if err != nil {
			return nil, nil, a, err
		}
		return rejecter.Reject, rejecter.Rejected, a, nil
	}
	accepter, a, err := addressed[marketplaces.Accepter](p, task, parse)
	if err != nil {
		return nil, nil, a, err
	}
	return accepter.Accept, accepter.Accepted, a, nil
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
