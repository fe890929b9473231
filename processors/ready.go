package processors

import (
	"cmp"
	"regexp"

	"waybill/schemas"
	"waybill/topics"
)

// KindReady is the standing call that asks the ERP which shipments are ready for a carrier.
const KindReady = "ready"

// ReadyThen keeps what the ERP said, a record for each shipment and order, and for each of its states.
func ReadyThen(task *schemas.Task, said []byte, at schemas.Millis) ([]topics.Message, error) {
	readies, err := schemas.ParseReadies(said)
	if err != nil {
		return nil, err
	}
	var kept []topics.Message
	for _, one := range readies.Told {
		raw := &schemas.ERPRaw{
			Party: task.Party, Kind: one.Kind, Ref: one.Ref, OrderID: oursIn(one.OrderID), Revision: one.Revision, ReceivedAt: at,
			Origin: schemas.OriginPoll, Body: schemas.Body{Bytes: one.Body},
		}
		kept = append(kept, topics.Message{Topic: topics.ERPRaw, Key: cmp.Or(raw.OrderID, one.Ref), Value: raw, Headers: []topics.Header{
			{Key: topics.HeaderOrderID, Value: []byte(raw.OrderID)}, {Key: topics.HeaderOrigin, Value: []byte(raw.Origin)},
		}})
	}
	return kept, nil
}

// ourID is an order id: a party's name, and what it calls the order.
var ourID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*/.+$`)

// oursIn is our id in what the ERP carries for one. A merchant may have written anything there, a name for one, which has no place in a
// timeline.
func oursIn(carried string) string {
	if !ourID.MatchString(carried) {
		return ""
	}
	return carried
}
