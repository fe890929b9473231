package amazon

import (
	"strings"
	"testing"

	"waybill/connectors/reading/readingtest"
	"waybill/schemas"
)

// seeds are all recorded payloads, good orders broken in each of the known ways, and rubbish.
func seeds(f *testing.F) {
	readingtest.Seed(f, `{"orderId":"\ud800"}`, `{"orderId":1e999,"orderItems":[{}]}`, strings.Repeat(`{"payload":`, 200), `{"Body":"{\"NotificationType\":1}"}`, `{"parts":{"order":{},"items":{"OrderItems":[]}}}`, `{"parts":null}`)
	for _, wrong := range wrongs2026 {
		f.Add(changed(f, good2026, wrong.change))
	}
	for _, wrong := range wrongsV0 {
		f.Add(changed(f, goodV0, wrong.change))
	}
}

// FuzzReceive: whatever comes is cut into parts of itself, or refused with its place, and never where it is JSON.
func FuzzReceive(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		raws, err := Marketplace{}.Receive(nil, body)
		readingtest.CheckReceived(t, body, raws, err)
		for _, raw := range raws {
			if (raw.Form == schemas.FormPart) != (raw.Part != "") || raw.Form == schemas.FormPart && raw.Ref == "" {
				t.Fatalf("a part of nothing: %+v", raw)
			}
		}
	})
}

// FuzzNormalize: whatever comes is an order that keeps its promises, or refused with faults that have a place.
func FuzzNormalize(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		order, err := Marketplace{}.Normalize(raw(body))
		if err != nil {
			readingtest.CheckFaults(t, err)
			return
		}
		if order.Ref == "" || order.Status == "" || order.PlacedAt == 0 || len(order.Lines) == 0 && !mayLack(order.Status) {
			t.Fatalf("half an order: %+v", order)
		}
		for _, l := range order.Lines {
			if l.SKU == "" || l.LineRef == "" || l.Quantity < 0 || l.Cancelled > l.Quantity || l.LineTotal.Currency != order.Total.Currency {
				t.Fatalf("half a line: %+v", l)
			}
		}
		readingtest.CheckTotal(t, order)
	})
}
