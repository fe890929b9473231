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

	Settled time.Duration // how soon an order is to be accepted or rejected, before it is said that it is not; 0: nobody waits for that

	WhyNotRejected  string // the channel is not told that an order is rejected; "" if it is
	ERPCancelReason string // with which it is told so of an order that somebody cancels at the ERP; "": a person tells it
}

// provisionalAt is the share of the time, in per cent, that the ERP has before an order is accepted without it.
const provisionalAt = 80

// Acknowledge tells the channel that an order is accepted, once, as soon as the ERP has it; before the time is over even if it has not,
// if the seller wants that. It says so when the time runs out. Of an order whose payment was refused it tells the channel that it is rejected.
func Acknowledge(s Sources) Processor {
	return Processor{
		Name:   "acknowledge",
		Reads:  []*topics.Topic{topics.OrdersNormalized, topics.OrdersPlaced, topics.OrdersAcknowledged},
		Back:   topics.StepAcknowledge,
		Table:  topics.TableAcknowledge,
		Writes: append([]*topics.Topic{topics.OrdersAcknowledged, topics.Missing, topics.Receipts}, outboxes()...),
		State:  schemas.OrderAcceptanceSchema,
		Handle: func(event *topics.Event, state any) (Result, error) {
			a := acknowledging{event: event, known: state.(*schemas.OrderAcceptance)}
			if order, is := event.Value.(*schemas.Order); is {
				a.known.Party, a.known.Ref, a.known.Marketplace = order.Party, order.Ref, order.Marketplace
			}
			terms := s.terms(a.known.Party)
			a.terms, a.refusal = terms.Acceptance, terms.Refusal
			return a.run()
		},
	}
}

// acknowledging is one event on its way.
type acknowledging struct {
	event   *topics.Event
	known   *schemas.OrderAcceptance
	terms   Acceptance
	refusal schemas.Refusal
}

func (a *acknowledging) run() (Result, error) {
	switch value := a.event.Value.(type) {
	case nil:
		return a.woken()
	case *schemas.Acknowledgement:
		return a.told(value)
	case *schemas.Order:
		if value.Placement != nil {
			return a.placed()
		}
		return a.changed(value)
	default:
		return Result{}, Dead(schemas.ClassMalformed, fmt.Errorf("acknowledge got a %T", value))
	}
}

// changed takes note of what the channel says: from when on it waits for our word, or that it waits no more.
func (a *acknowledging) changed(order *schemas.Order) (Result, error) {
	switch k := a.known; {
	case a.refusal.Tells(order):
		return a.refused()
	case k.Over:
	case order.Status == schemas.StatusCancelled:
		return a.end(k.TaskID != "")
	case k.Due == nil && isToPlace(order):
		paid, err := a.paidAtLast()
		if err != nil {
			return Result{}, err
		}
		result, err := a.begin()
		result.Messages = append(result.Messages, paid...)
		return result, err
	}
	return Result{Repeat: true}, nil
}

// begin is when the order is ready: from now on the channel waits for our word.
func (a *acknowledging) begin() (Result, error) {
	k := a.known
	k.Due = new(a.event.At + schemas.Millis(a.terms.Within.Milliseconds()))
	if a.terms.WhyNot != "" {
		k.Over = true
		return a.say(schemas.AckNotAsked, a.terms.WhyNot)
	}
	k.Expected = expect(schemas.MissingAccepted, a.event.At, a.terms.Within)
	k.Unsettled = expect(schemas.MissingSettled, a.event.At, a.terms.Settled)
	if k.Placed && !a.terms.Manual {
		return a.accept(false)
	}
	return Result{Wake: a.wake()}, nil
}

// placed is when the ERP has it.
func (a *acknowledging) placed() (Result, error) {
	k := a.known
	if k.Placed = true; k.Over || k.TaskID != "" || a.terms.Manual {
		return Result{Repeat: true}, nil
	}
	if k.Due == nil { // the order itself is still to be read
		return Result{}, nil
	}
	return a.accept(false)
}

// told is when the channel knows.
func (a *acknowledging) told(ack *schemas.Acknowledgement) (Result, error) {
	if ack.State == schemas.AckAsked || ack.State == schemas.AckProvisional || a.known.Over {
		return Result{Repeat: true}, nil
	}
	if ack.State == schemas.AckRejected && ack.Pieces > 0 { // of the others it is still to hear
		return Result{Repeat: true}, nil
	}
	return a.end(false)
}

// end is when nothing is to be said any more. What was asked for and has not been said is taken back; what has been said stays said.
func (a *acknowledging) end(withdrawn bool) (result Result, err error) {
	k := a.known
	result.Messages = append(tellCame(a.event, k.Party, k.Expected), tellCame(a.event, k.Party, k.Unsettled)...)
	k.Over, k.Expected, k.Unsettled = true, nil, nil
	if withdrawn {
		call, err := channelCall(k.Party, a.event.Key, KindWithdraw, schemas.Accepting{Ref: k.Ref})
		if err != nil {
			return Result{}, Dead(schemas.ClassInvalid, err)
		}
		result.Messages = append(result.Messages, call)
	}
	return result, nil
}

// woken is when a part of the time is over.
func (a *acknowledging) woken() (result Result, err error) {
	k := a.known
	if k.Over || k.Expected == nil {
		return Result{Repeat: true}, nil
	}
	if err := a.standsProvisional(&result); err != nil {
		return result, err
	}
	if a.isInNeed() && a.event.At >= shareAt(k.Expected, provisionalAt) {
		accepted, err := a.accept(true)
		if err != nil {
			return result, err
		}
		result.Messages = append(result.Messages, accepted.Messages...)
	}
	result.Messages = append(result.Messages, tellMissing(a.event, k.Party, k.Expected, inAdvance)...)
	result.Messages = append(result.Messages, tellMissing(a.event, k.Party, k.Unsettled, onceLate)...)
	result.Wake = a.wake()
	return result, nil
}

// isInNeed tells of an order that is to be accepted in time whatever the ERP does.
func (a *acknowledging) isInNeed() bool {
	return a.known.Expected != nil && a.terms.Provisional && !a.terms.Manual && !a.known.Placed && a.known.TaskID == ""
}

// wake is when there is something to say or to do, if nothing comes.
func (a *acknowledging) wake() *Wake {
	next := nextWake(a.known.Expected, inAdvance)
	by := func(at schemas.Millis) {
		if next == nil || at < next.At {
			next = &Wake{At: at, What: wakeMissing}
		}
	}
	if a.isInNeed() {
		by(shareAt(a.known.Expected, provisionalAt))
	}
	if x := a.known.Unsettled; x != nil && !a.known.Provisional {
		by(x.Since + provisionalAfter)
	} else if late := nextWake(x, onceLate); late != nil {
		by(late.At)
	}
	return next
}

func (a *acknowledging) accept(provisional bool) (Result, error) {
	k := a.known
	call, err := AcceptCall(k.Party, a.event.Key, schemas.Accepting{Ref: k.Ref, Due: k.Due, Provisional: provisional, Marketplace: k.Marketplace})
	if err != nil {
		return Result{}, Dead(schemas.ClassInvalid, err)
	}
	k.TaskID = call.Key
	reason := ""
	if provisional {
		reason = "provisionally: the ERP does not have it yet, and the time is nearly over"
	}
	said, err := a.say(schemas.AckAsked, reason)
	said.Messages, said.Wake = append(said.Messages, call), a.wake()
	return said, err
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

// sequences say which of the calls about a whole order takes the place of which.
var sequences = map[string]int64{KindAccept: 0, KindReject: 1, KindWithdraw: 2}

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
	if kind == KindReject {
		for _, piece := range what.Pieces {
			task.TaskID += fmt.Sprintf("#%s*%d", piece.LineRef, piece.Quantity)
		}
	}
	if len(what.Pieces) == 0 { // who says that no piece comes does not accept the order any more
		task.Lane, task.Sequence = KindAccept+":"+orderID, sequences[kind]
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
	said := []topics.Message{{Topic: topics.OrdersAcknowledged, Key: task.OrderID, Value: ack}}
	if ack.State != schemas.AckRejected {
		return said, nil
	}
	fetch, err := FetchCall(task.Party, schemas.Fetching{Kind: schemas.FetchOrder, Ref: what.Ref}, task.OrderID, task.TaskID) // as it is there now
	return append(said, fetch), err
}
