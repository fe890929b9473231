package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waybill/connectors/carriers"
	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/internal/gateway/limit"
	"waybill/internal/labels"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// carrierParty is an account of a carrier as a gateway speaks with it.
type carrierParty struct {
	carrier string
	account carriers.Carrier
	asker   carriers.Asker // nil: it is not asked for parcels
	asking  carriers.Asking
	settles time.Duration // how long after a call it may not show what that has done
	labels  *labels.Store
	odd     func(parcel string, warnings []string) // tells what is odd about a label
}

// withdrawMax is how long it may take to see that nothing is to be sent.
const withdrawMax = 5 * time.Second

// kinds are the calls at a carrier. To book is to buy: it is never repeated, and asked about where the carrier can be asked.
func (p carrierParty) kinds() []gateway.Kind {
	t := p.account.Traits()
	settles := p.settles
	if !t.Finds { // nobody is asked, so nothing is to settle before
		settles = 0
	}
	made := func(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
		return processors.BookThen(task, answer.TheirRef, answer.Document, schemas.At(answer.At))
	}
	ended := func(follows func(*schemas.Task, schemas.Millis) ([]topics.Message, error)) func(*schemas.Task, gateway.Answer) ([]topics.Message, error) {
		return func(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
			return follows(task, schemas.At(answer.At))
		}
	}
	return append([]gateway.Kind{
		{Name: processors.KindBook, Findable: t.Finds, CallMax: t.CallMax, SettleTime: settles, Priority: limit.Interactive, Parts: partsOfCarriage, Then: made, Else: bookingRefused},
		{Name: processors.KindQuote, Repeatable: true, CallMax: t.CallMax, Priority: limit.Interactive, Parts: partsOfCarriage, Then: quoted},
		{Name: processors.KindComplete, Repeatable: true, CallMax: t.CallMax, Priority: limit.Interactive, Parts: partsOfCarriage, Then: made},
		{Name: processors.KindVoid, Repeatable: true, CallMax: t.CallMax, SettleTime: p.settles, Priority: limit.Interactive, Parts: partsOfCarriage, Then: ended(processors.VoidThen)},
		{Name: processors.KindWithdraw, Repeatable: true, CallMax: withdrawMax, Priority: limit.Interactive, Then: ended(processors.WithdrawThen)},
	}, p.asks()...)
}

func bookingRefused(task *schemas.Task, code, reason string, at time.Time) ([]topics.Message, error) {
	return processors.RefusedThen(task, code, reason, schemas.At(at))
}

// Call does what a task says. What is withdrawn comes in turn behind its booking, so there is nothing left to be done about it.
func (p carrierParty) Call(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	switch task.Kind {
	case processors.KindTrack, processors.KindFollow, processors.KindProof:
		return p.track(ctx, task)
	}
	c, err := carriageOf(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	switch task.Kind {
	case processors.KindWithdraw:
		return gateway.Answer{At: time.Now()}, nil
	case processors.KindVoid:
		return p.void(ctx, c)
	case processors.KindComplete:
		booked, said, err := p.account.Complete(ctx, c.Ref, &c.Booking)
		if err == nil && booked.Pending {
			return gateway.Answer{}, &gateway.Failure{Class: gateway.Pending, Code: "not_confirmed", Reason: "the carrier has it, and its label is still to come", RetryAfter: completeAgain}
		}
		return p.bought(ctx, c, booked, said, asking(err))
	}
	fitted, err := p.fitted(c)
	if task.Kind == processors.KindQuote {
		return p.quotes(ctx, &fitted, err)
	}
	if err != nil {
		return gateway.Answer{}, err
	}
	booked, said, err := p.account.Create(ctx, &fitted)
	return p.bought(ctx, c, booked, said, err)
}

func quoted(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
	return processors.QuoteThen(task, answer.Document, schemas.At(answer.At))
}

// quotes asks what a shipment would cost. A carrier that does not say, or can not be asked, is no failure: another is chosen.
func (p carrierParty) quotes(ctx context.Context, b *schemas.Booking, failed error) (gateway.Answer, error) {
	var q schemas.Quoted
	var said []byte
	if failed == nil {
		q.Quotes, said, failed = p.account.Quotes(ctx, b)
	}
	if failed != nil {
		_, failed = answered("", nil, failed)
		q.Why = failed.Error()
	}
	document, err := json.Marshal(q)
	return gateway.Answer{Receipt: said, Document: document, At: time.Now()}, err
}

// completeAgain is how soon a carrier that is still at it is asked again.
const completeAgain = 2 * time.Second

// Find looks whether a booking was made.
func (p carrierParty) Find(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	c, err := carriageOf(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	fitted, err := p.fitted(c)
	if err != nil {
		return gateway.Answer{}, err
	}
	booked, said, err := p.account.Find(ctx, &fitted)
	return p.bought(ctx, c, booked, said, err)
}

// fitted is the booking as the carrier can print it. With an address that it can not deliver to, nothing is sent.
func (p carrierParty) fitted(c *schemas.Carriage) (schemas.Booking, error) {
	fitted, faults, _, err := carriers.Check(p.carrier, c.Booking)
	if err != nil {
		return fitted, &gateway.Failure{Class: gateway.Permanent, Code: "unknown_carrier", Reason: err.Error(), Unsent: true}
	}
	if len(faults) == 0 {
		return fitted, nil
	}
	f := faults[0]
	where := "$.booking." + f.Field
	if f.Offset >= 0 {
		where += fmt.Sprintf(" at character %d", f.Offset)
	}
	return fitted, &gateway.Failure{Class: gateway.Business, Code: f.Code, Reason: where + ": " + f.Text, Unsent: true}
}

// void takes a shipment back. One that the carrier has nothing of costs nothing.
func (p carrierParty) void(ctx context.Context, c *schemas.Carriage) (gateway.Answer, error) {
	said, err := p.account.Cancel(ctx, c.Ref)
	if errors.Is(err, remote.ErrAbsent) {
		return gateway.Answer{TheirRef: c.Ref, Receipt: []byte(`{"found":false}`), At: time.Now()}, nil
	}
	return answered(c.Ref, said, err)
}

// saidMax is the longest answer of a carrier that is kept as it was: in a longer one is the label, which lies in the store.
const saidMax = 16 << 10

// bought keeps the labels of what a carrier has booked, before anybody hears of it (invariant 2). If they can not be kept, the booking stands
// all the same: the carrier is asked for them once more.
func (p carrierParty) bought(ctx context.Context, c *schemas.Carriage, booked schemas.Booked, said []byte, err error) (gateway.Answer, error) {
	if err != nil {
		return answered("", nil, err)
	}
	made := schemas.Bought{Ref: booked.Ref, Pending: booked.Pending, Warnings: booked.Warnings, Cost: booked.Cost}
	for _, parcel := range booked.Parcels {
		one, warnings, err := p.keep(ctx, parcel, c.Booking.Format)
		if err != nil {
			made.Pending, made.Parcels = true, nil
			made.Warnings = append(made.Warnings, "its label could not be kept, and is asked for again")
			break
		}
		made.Parcels, made.Warnings = append(made.Parcels, one), append(made.Warnings, warnings...)
	}
	document, err := json.Marshal(made)
	if err != nil {
		return gateway.Answer{}, err
	}
	if len(said) > saidMax {
		said = document
	}
	return gateway.Answer{TheirRef: booked.Ref, Receipt: said, Document: document, At: time.Now()}, nil
}

// keepTries is how often a label is given to the store.
const keepTries = 3

// keep puts a label into the store.
func (p carrierParty) keep(ctx context.Context, parcel schemas.BookedParcel, asked string) (one schemas.BoughtParcel, warnings []string, err error) {
	one = schemas.BoughtParcel{Number: parcel.Number, Bytes: int64(len(parcel.Label))}
	if asked == "" {
		asked = parcel.Format
	}
	one.Format, warnings = labels.Look(parcel.Label, asked)
	for range keepTries {
		if one.SHA256, err = p.labels.Put(ctx, labels.Label, parcel.Label); err == nil {
			warnings = append(warnings, p.drift(ctx, parcel, one.Format)...)
			p.odd(parcel.Number, warnings)
			return one, warnings, nil
		}
	}
	return one, warnings, err
}

// drift is a warning if the label looks like none of the carrier before. That it can not be told is no reason to keep a label back.
func (p carrierParty) drift(ctx context.Context, parcel schemas.BookedParcel, format string) []string {
	drifts, err := p.labels.Drifts(ctx, p.carrier, format, parcel.Label, parcel.Number, time.Now())
	switch {
	case err != nil:
		return []string{"whether its label looks as those before can not be told: " + err.Error()}
	case drifts:
		return []string{"its label looks like none of " + p.carrier + " before: print it, and scan what is on it"}
	}
	return nil
}

func carriageOf(task *schemas.Task) (*schemas.Carriage, error) {
	c, err := schemas.ParseCarriage(task.Payload)
	if err != nil {
		return nil, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error(), Unsent: true}
	}
	return c, nil
}
