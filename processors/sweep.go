package processors

import (
	"encoding/json"
	"fmt"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// KindSweep is the call that lists what changed at a channel.
const KindSweep = "sweep"

// SweepCall asks a channel what changed in a span of time. It is named by the end of that: whoever asks for it, it is one call.
func SweepCall(party string, span schemas.Sweeping) (topics.Message, error) {
	outbox := topics.Named(topics.OutboxName(party))
	if outbox == nil {
		return topics.Message{}, notCalled(party)
	}
	payload, err := span.Body()
	if err != nil {
		return topics.Message{}, fmt.Errorf("write down what is to be swept: %w", err)
	}
	task := &schemas.Task{TaskID: party + "/" + KindSweep + "#" + span.To.UTC().Format(time.RFC3339), Party: party, Kind: KindSweep, Payload: payload}
	return topics.Message{Topic: outbox, Key: task.TaskID, Value: task}, nil
}

// SweepThen asks for each order that was missed, once for each time it changed, and says that its channel's word is missing.
func SweepThen(task *schemas.Task, swept []byte, at schemas.Millis) ([]topics.Message, error) {
	var found schemas.Swept
	if err := json.Unmarshal(swept, &found); err != nil {
		return nil, fmt.Errorf("read what was swept: %w", err)
	}
	var calls []topics.Message
	for _, missed := range found.Missed {
		what := schemas.Fetching{Kind: schemas.FetchOrder, Ref: missed.Ref, Origin: schemas.OriginSweep}
		call, err := FetchCall(task.Party, what, schemas.OrderID(task.Party, missed.Ref), KindSweep+":"+missed.Changed.UTC().Format(time.RFC3339))
		if err != nil {
			return nil, err
		}
		missing := missedNotice(task.Party, schemas.OrderID(task.Party, missed.Ref), schemas.StateMissing, at)
		missing.Since, missing.Due = schemas.At(missed.Changed), schemas.At(missed.Changed)
		calls = append(calls, topics.Message{Topic: topics.Missing, Key: missing.OrderID, Value: missing}, call)
	}
	return calls, nil
}

// NoticeCame ends what the sweep has said of an order: its channel was asked, and has handed it over or knows no such order any more.
func NoticeCame(task *schemas.Task, at schemas.Millis) topics.Message {
	came := missedNotice(task.Party, task.OrderID, schemas.StateCame, at)
	came.Since, came.Due = at, at
	return topics.Message{Topic: topics.Missing, Key: came.OrderID, Value: came}
}

func missedNotice(party, orderID, state string, at schemas.Millis) *schemas.Missing {
	return &schemas.Missing{OrderID: orderID, Party: party, What: schemas.MissingNotice, State: state, Share: 100, At: at, Reason: "found by the sweep"}
}
