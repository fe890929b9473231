package processors

import (
	"fmt"

	"waybill/schemas"
	"waybill/topics"
)

// KindFetch is the call that asks a channel for what it only told of.
const KindFetch = "fetch"

// FetchCall asks a channel for an order or a piece of one. The cause says why it is asked now: for one cause it is asked once. What
// comes is taken by its own time, so that calls need not wait for one another.
func FetchCall(party string, what schemas.Fetching, orderID, cause string) (topics.Message, error) {
	outbox := topics.Named(topics.OutboxName(party))
	if outbox == nil {
		return topics.Message{}, notCalled(party)
	}
	payload, err := what.Body()
	if err != nil {
		return topics.Message{}, fmt.Errorf("write down what is to be fetched: %w", err)
	}
	task := &schemas.Task{
		TaskID: party + "/" + KindFetch + ":" + what.Kind + ":" + what.Ref + "#" + cause, Party: party, Kind: KindFetch, OrderID: orderID, Payload: payload,
	}
	return topics.Message{Topic: outbox, Key: task.TaskID, Value: task}, nil
}

func notCalled(party string) error {
	return fmt.Errorf("party %s is not called: its settings have no api_url", party)
}
