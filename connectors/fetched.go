package connectors

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// Fetched makes messages of a document that a channel handed over when it was asked. One that holds no order is an error: to take it
// for a notice would mean to ask for ever.
func Fetched(party Party, origin string, document []byte, at time.Time) ([]topics.Message, error) {
	d := delivery{Party: party, origin: cmp.Or(origin, schemas.OriginPoll), at: schemas.At(at), contentType: "application/json", bodyBytesMax: len(document), ordersMax: fetchedMax}
	if err := d.cut(http.Header{}, document); err != nil {
		return nil, fmt.Errorf("read what %s handed over: %w", party.Name, err)
	}
	for _, m := range d.messages {
		if m.Value.(*schemas.RawOrder).Form == schemas.FormNotice {
			return nil, fmt.Errorf("read what %s handed over: it names an order and does not tell it", party.Name)
		}
	}
	if len(d.messages) == 0 {
		return nil, fmt.Errorf("read what %s handed over: it holds no order", party.Name)
	}
	return d.messages, nil
}

// fetchedMax is more orders than a channel hands over at once.
const fetchedMax = 1000
