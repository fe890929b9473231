package processors

import (
	"encoding/json"
	"fmt"

	"waybill/schemas"
	"waybill/topics"
)

// KindPoll is the standing call that asks a channel what happened since the last.
const KindPoll = "poll"

// PollThen asks for each order that something happened to, once for each thing.
func PollThen(task *schemas.Task, polled []byte) ([]topics.Message, error) {
	var news schemas.News
	if err := json.Unmarshal(polled, &news); err != nil {
		return nil, fmt.Errorf("read what happened: %w", err)
	}
	var calls []topics.Message
	for _, told := range news.Told {
		what := schemas.Fetching{Kind: schemas.FetchOrder, Ref: told.Ref, Origin: schemas.OriginPoll}
		call, err := FetchCall(task.Party, what, schemas.OrderID(task.Party, told.Ref), KindPoll+":"+told.Mark)
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}
