package runner

import (
	"encoding/json"
	"fmt"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// shop is a channel whose payloads are {"status":…,"revision":…,"total":…}.
type shop struct{}

func (shop) Mapping() string { return "shop/1" }

func (shop) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	var payload struct {
		Status, Revision string
		Total            int64
	}
	if err := json.Unmarshal(raw.Body.Bytes, &payload); err != nil {
		return nil, schemas.Faults{{Code: "not_json", Path: "$", Text: "not JSON"}}
	}
	return &schemas.Order{Status: payload.Status, Revision: payload.Revision, Total: schemas.Money{Minor: payload.Total, Currency: "PLN"}}, nil
}

func shopStep() processors.Processor {
	return processors.Normalize(processors.Sources{Channels: processors.Parties{"shop": shop{}}})
}

func shopID(i int) string { return schemas.OrderID("shop", fmt.Sprint(i)) }

func rawOrder(i int, revision string) topics.Message {
	return shopMessage(i, fmt.Sprintf(`{"status":"ready","revision":%q,"total":%d}`, revision, 100+int(revision[0])))
}

func shopMessage(i int, body string) topics.Message {
	id := shopID(i)
	return topics.Message{Topic: topics.OrdersRaw, Key: id, Value: &schemas.RawOrder{
		OrderID: id, Party: "shop", Channel: "shop", Ref: fmt.Sprint(i), Origin: schemas.OriginFeed, Body: schemas.Body{Bytes: []byte(body)},
	}}
}
