package processors

import (
	"errors"
	"fmt"

	"waybill/schemas"
	"waybill/topics"
)

// KindTracking is the call that tells the ERP what is known of a parcel on its way.
const KindTracking = "tracking"

// TrackingCall tells the ERP of a parcel of an order, once for each time at which something was so. A lane a parcel keeps what is newer:
// that has the number of its milliseconds, so that a person and a step who both speak of a parcel need not know of each other.
// It holds no order: a parcel is on its way, whatever else the ERP refuses to hear of its order.
func TrackingCall(orderID string, t schemas.Tracking) (topics.Message, error) {
	if orderID == "" || t.Carrier == "" || t.Number == "" || t.At <= 0 {
		return topics.Message{}, errors.New("tracking needs an order, a carrier, a number, and the time at which it was so")
	}
	payload, err := t.Body()
	if err != nil {
		return topics.Message{}, fmt.Errorf("write down what is known of parcel %s: %w", t.Number, err)
	}
	parcel := KindTracking + ":" + orderID + "#" + t.Carrier + ":" + t.Number
	task := &schemas.Task{
		TaskID: fmt.Sprintf("%s/%s@%d", topics.ERP, parcel, t.At), Party: topics.ERP, Kind: KindTracking, OrderID: orderID,
		Lane: parcel, Sequence: int64(t.At), Payload: payload,
	}
	return topics.Message{Topic: topics.OutboxERP, Key: task.TaskID, Value: task, Headers: []topics.Header{
		{Key: topics.HeaderOrderID, Value: []byte(orderID)},
	}}, nil
}
