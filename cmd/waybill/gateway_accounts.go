package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/internal/gateway/limit"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// accountParty is an account of a channel as a gateway speaks with it.
type accountParty struct {
	account marketplaces.Account
	party   connectors.Party
	// delivered tells which of those orders came, and when the last time.
	delivered func(ctx context.Context, orderIDs []string) (map[string]time.Time, error)
	// fetched is when orders were fetched for the sweep, by reference: they may not have landed when it comes by again.
	fetched *sync.Map
}

// kinds are the calls at a channel. To ask may be repeated; what is told is looked for before it is told again.
func (p accountParty) kinds(t marketplaces.Traits) []gateway.Kind {
	kinds := []gateway.Kind{
		{Name: processors.KindFetch, Repeatable: true, CallMax: t.CallMax, Then: p.comesIn},
		{Name: processors.KindSweep, Repeatable: true, CallMax: t.ListMax, Priority: limit.Bulk, Then: func(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
			return processors.SweepThen(task, answer.Document, schemas.At(answer.At))
		}},
	}
	if t.PollEvery > 0 {
		kinds = append(kinds, gateway.Kind{Name: processors.KindPoll, Repeatable: true, CallMax: t.ListMax, Every: t.PollEvery, Then: ofDocument(processors.PollThen)})
	}
	told := func(name string) gateway.Kind {
		return gateway.Kind{
			Name: name, Findable: true, CallMax: t.CallMax, SettleTime: t.SettleTime, Priority: limit.Interactive, Parts: partsOfAcceptance, Then: func(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
				return processors.AcceptThen(task, answer.TheirRef, schemas.At(answer.At))
			},
		}
	}
	if _, is := p.account.(marketplaces.Rejecter); is {
		kinds = append(kinds, gateway.Kind{Name: processors.KindWithdraw, Needless: true}, told(processors.KindReject))
	}
	if _, is := p.account.(marketplaces.Accepter); is {
		kinds = append(kinds, told(processors.KindAccept))
	}
	if _, is := p.account.(marketplaces.Shipper); is {
		kinds = append(kinds, gateway.Kind{Name: processors.KindShip, Findable: true, CallMax: t.CallMax, SettleTime: t.SettleTime, Priority: limit.Interactive, Parts: partsOfShipping})
	}
	if _, is := p.account.(marketplaces.Teller); is {
		kinds = append(kinds, gateway.Kind{Name: processors.KindStatus, Findable: true, CallMax: t.CallMax, SettleTime: t.SettleTime, Parts: partsOfStanding})
	}
	return kinds
}

func ofDocument(then func(*schemas.Task, []byte) ([]topics.Message, error)) func(*schemas.Task, gateway.Answer) ([]topics.Message, error) {
	return func(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
		return then(task, answer.Document)
	}
}

// ratesOf are the limits of a channel.
func ratesOf(t marketplaces.Traits) rates {
	of := func(r marketplaces.Rate) limit.Rate { return limit.Rate(r) }
	r := rates{party: of(t.Rate), kinds: map[string]limit.Rate{}}
	for kind, rate := range map[string]marketplaces.Rate{processors.KindFetch: t.Fetches, processors.KindPoll: t.Polls, processors.KindSweep: t.Polls} {
		if rate.PerSecond > 0 {
			r.kinds[kind] = of(rate)
		}
	}
	return r
}

// Call does what a task names.
func (p accountParty) Call(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	switch task.Kind {
	case processors.KindSweep:
		return p.sweep(ctx, task)
	case processors.KindPoll:
		return p.poll(ctx, task)
	case processors.KindAccept, processors.KindReject:
		return p.tell(ctx, task)
	case processors.KindShip:
		return p.ship(ctx, task)
	case processors.KindStatus:
		return p.tellStatus(ctx, task)
	}
	return p.fetch(ctx, task)
}

func (p accountParty) fetch(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	what, err := schemas.ParseFetching(task.Payload)
	if err != nil {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	document, err := p.account.Fetch(ctx, what.Kind, what.Ref)
	told := what.Origin == schemas.OriginPoll || what.Origin == schemas.OriginSweep
	switch {
	case errors.Is(err, remote.ErrAbsent) && told: // Allegro's are joined when they are paid together: the one that they became is told too
		return gateway.Answer{Needless: true, Receipt: []byte(`{"found":false}`), At: time.Now()}, nil
	case errors.Is(err, remote.ErrAbsent):
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Business, Code: "not_found", Reason: fmt.Sprintf("%s knows no %s %s", p.party.Name, what.Kind, what.Ref)}
	case err != nil:
		return answered("", nil, err)
	}
	answer := gateway.Answer{TheirRef: what.Ref, Document: document, At: time.Now()}
	if _, err := connectors.Fetched(p.party, what.Origin, wholeRef(what), document, answer.At); err != nil { // it may be another the next time
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Transient, Code: "unexpected_answer", Reason: err.Error()}
	}
	return answer, nil
}

// wholeRef is the order that was asked for, "" if it was a piece of one.
func wholeRef(what schemas.Fetching) string {
	if what.Kind == schemas.FetchOrder {
		return what.Ref
	}
	return ""
}

// comesIn is what follows from what the channel handed over: it comes in like all else. That a piece has come, its order does not say.
func (p accountParty) comesIn(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
	what, err := schemas.ParseFetching(task.Payload)
	if err != nil {
		return nil, err
	}
	var ended []topics.Message
	if what.Origin == schemas.OriginSweep {
		p.fetched.Store(what.Ref, answer.At)
		ended = append(ended, processors.NoticeCame(task, schemas.At(answer.At)))
	}
	if answer.Needless {
		return ended, nil
	}
	messages, err := connectors.Fetched(p.party, what.Origin, wholeRef(what), answer.Document, answer.At)
	if messages = append(messages, ended...); err != nil || what.Kind != schemas.FetchUnit {
		return messages, err
	}
	return append(messages, topics.Message{Topic: topics.OrdersFetch, Key: task.OrderID, Value: &schemas.FetchTask{
		TaskID: task.OrderID, Party: p.party.Name, Seller: p.party.Seller, Channel: p.party.Channel, Kind: what.Kind, Ref: what.Ref,
		State: schemas.FetchDone, NoticedAt: schemas.At(answer.At),
	}}), nil
}
