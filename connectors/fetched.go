package connectors

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// Fetched makes messages of a document that a channel handed over when it was asked for an order, or for a piece of one: then ref is empty.
// One that holds another order, or none, is an error: something else has answered, or it is a notice, and to take it for one would mean to ask for ever.
func Fetched(party Party, origin, ref string, document []byte, at time.Time) ([]topics.Message, error) {
	d := delivery{Party: party, origin: cmp.Or(origin, schemas.OriginPoll), at: schemas.At(at), contentType: "application/json", bodyBytesMax: len(document), ordersMax: fetchedMax}
	if err := d.cut(http.Header{}, document); err != nil {
		return nil, fmt.Errorf("read what %s handed over: %w", party.Name, err)
	}
	for _, m := range d.messages {
		switch raw := m.Value.(*schemas.RawOrder); {
		case raw.Form == schemas.FormNotice:
			return nil, fmt.Errorf("read what %s handed over: it names an order and does not tell it", party.Name)
		case raw.Ref == "" || ref != "" && raw.Ref != ref:
			return nil, fmt.Errorf("read what %s handed over: it is not what was asked for", party.Name)
		}
	}
	if len(d.messages) == 0 {
		return nil, fmt.Errorf("read what %s handed over: it holds no order", party.Name)
	}
	return d.messages, nil
}

// fetchedMax is more orders than a channel hands over at once.
const fetchedMax = 1000
