package processors

import (
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// refuseWithin is how soon a channel is to know that an order's payment was refused (item 15).
const refuseWithin = time.Minute

// codeRefused is what is said of an order whose payment was refused.
const codeRefused = "payment_refused"

// refused tells the channel that nothing will be delivered, because the payment was refused: once. What was ready before may be packed
// already: of that a person decides.
func (a *acknowledging) refused() (Result, error) {
	k := a.known
	if k.Refused || schemas.IsSynthetic(a.event.Key) {
		return Result{Repeat: true}, nil
	}
	k.Refused = true
	why := a.refusal.Why
	switch {
	case k.Due != nil:
		why = "it was ready before its payment was refused: 'waybill reject' tells the channel that nothing will be delivered"
	case a.refusal.Send == "":
	case topics.Named(topics.OutboxName(k.Party)) == nil:
		why = notCalled(k.Party).Error()
	default:
		call, err := RejectCall(k.Party, a.event.Key, schemas.Accepting{
			Ref: k.Ref, Due: new(a.event.At + schemas.Millis(refuseWithin.Milliseconds())), By: "acknowledge", Why: "its payment was refused", Reason: a.refusal.Send,
			Marketplace: k.Marketplace,
		})
		if err != nil {
			return Result{}, Dead(schemas.ClassInvalid, err)
		}
		return Result{Messages: []topics.Message{call}}, nil
	}
	return Result{Messages: []topics.Message{{Topic: topics.Receipts, Key: a.event.Key, Value: &schemas.Receipt{
		TaskID: k.Party + "/" + KindReject + ":" + a.event.Key, Party: k.Party, Kind: KindReject, OrderID: a.event.Key,
		Outcome: schemas.CallNotAccepted, Code: codeRefused, Reason: why, At: a.event.At,
	}}}}, nil
}

// paidAtLast takes back that an order's payment was refused, as far as the channel does not know it yet.
func (a *acknowledging) paidAtLast() ([]topics.Message, error) {
	if !a.known.Refused || a.refusal.Send == "" || topics.Named(topics.OutboxName(a.known.Party)) == nil {
		return nil, nil
	}
	call, err := channelCall(a.known.Party, a.event.Key, KindWithdraw, schemas.Accepting{Ref: a.known.Ref})
	if err != nil {
		return nil, Dead(schemas.ClassInvalid, err)
	}
	return []topics.Message{call}, nil
}
