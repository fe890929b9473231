package processors

import (
	"errors"
	"fmt"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// The calls that tell a channel what becomes of an order.
const (
	KindAccept   = "accept"
	KindReject   = "reject"
	KindWithdraw = "withdraw" // no call: what was to be said about the order is not to be said any more
)

// Acceptance is what the seller has settled for a party about the acceptance of its orders.
type Acceptance struct {
	WhyNot      string        // the channel is not told; "" if it is
	Manual      bool          // a person decides about each
	Within      time.Duration // how soon the channel is to know, from when the order is ready
	Provisional bool          // it is accepted in time, though the ERP does not have it yet
}

// provisionalAt is the share of the time, in per cent, that the ERP has before an order is accepted without it.
const provisionalAt = 80

// wakeAccept is what acknowledge wants to be woken for.
const wakeAccept = "accept"

// Acknowledge tells the channel that an order is accepted, once, as soon as the ERP has it; before the time is over even if it has not,
// if the seller wants that.
func Acknowledge(s Sources) Processor {
	return Step(Processor{
		Name:   "acknowledge",
		Reads:  []*topics.Topic{topics.OrdersNormalized, topics.OrdersPlaced},
		Back:   topics.StepAcknowledge,
		Table:  topics.TableAcknowledge,
		Writes: append([]*topics.Topic{topics.OrdersAcknowledged}, outboxes()...),
		State:  schemas.OrderAcceptanceSchema,
	}, func(event *topics.Event, order *schemas.Order, known *schemas.OrderAcceptance) (Result, error) {
		a := acknowledging{event: event, known: known}
		if order == nil {
			a.terms = s.terms(known.Party).Acceptance
			return a.woken()
		}
		a.terms = s.terms(order.Party).Acceptance
		known.Party, known.Ref = order.Party, order.Ref
		if order.Placement != nil {
			return a.placed(order)
		}
		return a.changed(order)
	})
}

// acknowledging is one event on its way.
type acknowledging struct {
	event *topics.Event
	known *schemas.OrderAcceptance
	terms Acceptance
}

// changed takes note of what the channel says: from when on it waits for our word, or that it waits no more.
func (a *acknowledging) changed(order *schemas.Order) (Result, error) {
	switch k := a.known; {
	case k.Over:
	case order.Status == schemas.StatusCancelled:
		k.Over = true
		if k.TaskID != "" {
			return a.withdraw()
		}
	case k.Due == nil && isToPlace(order):
		k.Due = new(a.event.At + schemas.Millis(a.terms.Within.Milliseconds()))
		if a.terms.WhyNot != "" {
			k.Over = true
			return a.say(schemas.AckNotAsked, a.terms.WhyNot)
		}
		if a.terms.Provisional && !a.terms.Manual && !k.Placed {
			return Result{Wake: &Wake{At: a.event.At + schemas.Millis(a.terms.Within.Milliseconds()*provisionalAt/100), What: wakeAccept}}, nil
		}
		if k.Placed {
			return a.accept(false)
		}
	}
	return Result{Repeat: true}, nil
}

// placed is when the ERP has it.
func (a *acknowledging) placed(order *schemas.Order) (Result, error) {
	k := a.known
	if k.Placed = true; k.Over || k.TaskID != "" || a.terms.Manual {
		return Result{Repeat: true}, nil
	}
	if k.Due == nil { // the order itself is still to be read
		return Result{}, nil
	}
	return a.accept(false)
}

// woken is when the time is nearly over.
func (a *acknowledging) woken() (Result, error) {
	if k := a.known; topics.Find(a.event.Headers, topics.HeaderWake) != wakeAccept || k.Over || k.TaskID != "" || k.Placed || !a.terms.Provisional {
		return Result{Repeat: true}, nil
	}
	return a.accept(true)
}

func (a *acknowledging) accept(provisional bool) (Result, error) {
	k := a.known
	call, err := AcceptCall(k.Party, a.event.Key, schemas.Accepting{Ref: k.Ref, Due: k.Due, Provisional: provisional})
	if err != nil {
		return Result{}, Dead(schemas.ClassInvalid, err)
	}
	k.TaskID = call.Key
	reason := ""
	if provisional {
		reason = "provisionally: the ERP does not have it yet, and the time is nearly over"
	}
	said, err := a.say(schemas.AckAsked, reason)
	said.Messages = append(said.Messages, call)
	return said, err
}

// withdraw takes back what was asked for and has not been said. What has been said stays said.
func (a *acknowledging) withdraw() (Result, error) {
	call, err := channelCall(a.known.Party, a.event.Key, KindWithdraw, schemas.Accepting{Ref: a.known.Ref})
	if err != nil {
		return Result{}, Dead(schemas.ClassInvalid, err)
	}
	return Result{Messages: []topics.Message{call}}, nil
}

func (a *acknowledging) say(state, reason string) (Result, error) {
	ack := &schemas.Acknowledgement{OrderID: a.event.Key, Party: a.known.Party, State: state, Reason: reason, Due: a.known.Due, At: a.event.At, By: "acknowledge"}
	return Result{Messages: []topics.Message{{Topic: topics.OrdersAcknowledged, Key: a.event.Key, Value: ack}}}, nil
}

// AcceptCall tells the order's channel that it is accepted. It is one call, whoever asks for it.
func AcceptCall(party, orderID string, what schemas.Accepting) (topics.Message, error) {
	return channelCall(party, orderID, KindAccept, what)
}

// RejectCall tells the order's channel that pieces of it, or all of it, will not be delivered: one call for each set of pieces.
func RejectCall(party, orderID string, what schemas.Accepting) (topics.Message, error) {
	if what.Reason == "" {
		return topics.Message{}, errors.New("a rejection needs a reason that the channel knows")
	}
	return channelCall(party, orderID, KindReject, what)
}

// channelCall is a call about an order. What is said of one is said in turn; a withdrawal drops what waits.
func channelCall(party, orderID, kind string, what schemas.Accepting) (topics.Message, error) {
	outbox := topics.Named(topics.OutboxName(party))
	if outbox == nil {
		return topics.Message{}, notCalled(party)
	}
	payload, err := what.Body()
	if err != nil {
		return topics.Message{}, fmt.Errorf("write down what is to be said: %w", err)
	}
	task := &schemas.Task{
		TaskID: party + "/" + kind + ":" + orderID, Party: party, Kind: kind, OrderID: orderID, Holds: []string{orderID}, Deadline: what.Due, Payload: payload,
	}
	switch kind {
	case KindReject:
		for _, piece := range what.Pieces {
			task.TaskID += fmt.Sprintf("#%s*%d", piece.LineRef, piece.Quantity)
		}
	default:
		task.Lane = KindAccept + ":" + orderID
		if kind == KindWithdraw {
			task.Sequence = 1
		}
	}
	return topics.Message{Topic: outbox, Key: task.TaskID, Value: task}, nil
}

// AcceptThen is what follows once the channel knows; theirRef is empty if it knows no such order.
func AcceptThen(task *schemas.Task, theirRef string, at schemas.Millis) ([]topics.Message, error) {
	what, err := schemas.ParseAccepting(task.Payload)
	if err != nil {
		return nil, err
	}
	ack := &schemas.Acknowledgement{
		OrderID: task.OrderID, Party: task.Party, State: schemas.AckAccepted, Due: what.Due, Provisional: what.Provisional, At: at, By: what.By, Reason: what.Why,
	}
	switch {
	case theirRef == "":
		ack.State, ack.Reason = schemas.AckNotAsked, "the channel knows no such order"
	case task.Kind == KindReject:
		ack.State = schemas.AckRejected
		for _, piece := range what.Pieces {
			ack.Pieces += piece.Quantity
		}
	}
	return []topics.Message{{Topic: topics.OrdersAcknowledged, Key: task.OrderID, Value: ack}}, nil
}
