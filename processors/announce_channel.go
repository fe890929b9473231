package processors

import (
	"fmt"

	"waybill/schemas"
	"waybill/topics"
)

// KindStatus is the call that tells a channel how a parcel stands.
const KindStatus = "status"

// tellChannel tells the channel how a parcel stands, or takes down why it is not told (items 116, 120).
func (a *announcing) tellChannel(p *schemas.AnnouncedParcel, shipmentID string) error {
	party := a.channel()
	if schemas.IsSynthetic(a.event.Key) {
		return nil
	}
	terms := a.sources.terms(party)
	word := terms.Words[p.Status]
	of := KindStatus + ":" + shipmentID + "/" + p.Number
	task := &schemas.Task{
		TaskID: fmt.Sprintf("%s/%s@%d", party, of, p.Sequence), Party: party, Kind: KindStatus, OrderID: a.event.Key,
		Lane: of, Sequence: p.Sequence, Holds: []string{parcelHold(shipmentID, p.Number)},
	}
	outbox := topics.Named(topics.OutboxName(party))
	if word.Send == "" || outbox == nil || !terms.Ships {
		why := word.Why
		if why == "" {
			why = "the channel is not called"
		}
		a.said = append(a.said, topics.Message{Topic: topics.Receipts, Key: a.event.Key, Value: &schemas.Receipt{
			TaskID: task.TaskID, Party: party, Kind: KindStatus, OrderID: a.event.Key, Outcome: schemas.CallNotAccepted, Code: p.Status, Reason: why, At: a.event.At,
		}})
		return nil
	}
	_, ref, _ := schemas.SplitOrderID(a.event.Key)
	payload, err := schemas.Standing{Ref: ref, Carrier: a.carrier(p.Carrier), Number: p.Number, Status: p.Status, Word: word.Send, At: p.At}.Body()
	if err != nil {
		return fmt.Errorf("write down what %s is to hear of parcel %s: %w", party, p.Number, err)
	}
	task.Payload = payload
	a.said = append(a.said, topics.Message{Topic: outbox, Key: task.TaskID, Value: task})
	return nil
}

// carrier is whose account it is.
func (a *announcing) carrier(account string) string {
	if c := a.sources.terms(account).carrier(); c != "" {
		return c
	}
	return account
}

// parcelHold is what the calls about a parcel at a channel hold: of one that is not told that it has left, nothing more is told.
func parcelHold(shipmentID, number string) string { return "parcel:" + shipmentID + "/" + number }
