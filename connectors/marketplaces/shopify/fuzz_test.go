package shopify

import (
	"testing"

	"waybill/connectors/reading/readingtest"
	"waybill/schemas"
)

// seeds are all payloads, good orders broken in each of the known ways, and rubbish.
func seeds(f *testing.F) {
	readingtest.Seed(f, `{"id":"\ud800"}`, `{"id":1e999,"line_items":[{}]}`)
	for _, wrong := range wrongs {
		f.Add(changed(f, wrong.change))
	}
}

// FuzzReceive: whatever comes is cut into parts of itself, or refused with its place, and never where it is JSON.
func FuzzReceive(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		raws, err := Marketplace{}.Receive(nil, body)
		readingtest.CheckReceived(t, body, raws, err)
	})
}

// FuzzNormalize: whatever comes is an order that keeps its promises, or refused with faults that have a place.
func FuzzNormalize(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		order, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
		if err != nil {
			readingtest.CheckFaults(t, err)
			return
		}
		if order.Ref == "" || len(order.Lines) == 0 || order.Status == "" || order.FulfilledBy == "" || order.Total.Minor < 0 {
			t.Fatalf("half an order: %+v", order)
		}
		for _, l := range order.Lines {
			if l.SKU == "" || l.LineRef == "" || l.Quantity < 1 || l.LineTotal.Minor < 0 || l.UnitPrice.Minor < 0 || l.LineTotal.Currency != order.Total.Currency {
				t.Fatalf("half a line: %+v", l)
			}
			wanted := l.Quantity
			if order.Status != schemas.StatusCancelled {
				wanted -= l.Cancelled
			}
			if off := l.LineTotal.Minor - l.UnitPrice.Minor*wanted; wanted > 0 && 2*max(off, -off) > wanted {
				t.Fatalf("the price of one is more than rounded: %+v", l)
			}
		}
		readingtest.CheckTotal(t, order)
	})
}
