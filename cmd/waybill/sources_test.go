package main

import (
	"bytes"
	"net/http"
	"os"
	"strings"
	"testing"

	"waybill/connectors/marketplaces"
	"waybill/connectors/marketplaces/direct"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// Orders of every kind of source are orders of one schema, say where they are from, and equal numbers of two accounts stay two orders.
func TestEverySourceBecomesTheSameKindOfOrder(t *testing.T) {
	const number = "4815"
	document := func(source string) []byte {
		return []byte(`{"ref":"4815","source":"` + source + `","placed_at":"2026-11-22T10:00:00Z","currency":"EUR","lines":[{"sku":"A","quantity":1,"unit_price":"5.00","fulfilled_by":"pickup"}]}`)
	}
	var till []byte
	for order, err := range direct.FromCSV(strings.NewReader("ref,placed_at,currency,sku,quantity,unit_price\n4815,2026-11-22T10:00:00Z,EUR,A,1,5.00\n")) {
		if err != nil {
			t.Fatal(err)
		}
		till = order.Bytes
	}
	ids := map[string]bool{}
	for _, c := range []struct {
		party, channel, origin string
		body                   []byte
		want                   string
	}{
		{"kaufland", "kaufland", schemas.OriginWebhook, recorded(t, "kaufland/testdata/order.detail.json", "MB7UWLD", number), "marketplace_webhook"},
		{"amazon", "amazon", schemas.OriginPoll, recorded(t, "amazon/testdata/2026-getOrder.example.json", "202-1234567-8901234", number), "marketplace_poll"},
		{"amazon-2", "amazon", schemas.OriginPoll, recorded(t, "amazon/testdata/2026-getOrder.example.json", "202-1234567-8901234", number), "marketplace_poll"},
		{"shop", "woocommerce", schemas.OriginWebhook, recorded(t, "woocommerce/testdata/order.documentation-create.json", "727", number), "shop_webhook"},
		{"shop-2", "shopify", schemas.OriginWebhook, recorded(t, "shopify/testdata/edge.complete.json", "6100000001", number), "shop_webhook"},
		{"ebay", "ebay", schemas.OriginPoll, recorded(t, "ebay/testdata/edge.complete.json", "12-34567-89012", number), "marketplace_poll"},
		{"till-1", "direct", schemas.OriginFeed, till, "pos"},
		{"till-2", "direct", schemas.OriginFeed, till, "pos"},
		{"phone", "direct", schemas.OriginManual, document("phone"), "phone"},
		{"api", "direct", schemas.OriginAPI, document("api"), "api"},
	} {
		channel, err := marketplaces.Open(c.channel, nil)
		if err != nil {
			t.Fatal(err)
		}
		raws, err := channel.Receive(http.Header{}, c.body)
		if err != nil || len(raws) != 1 || raws[0].Ref != number {
			t.Fatalf("%s: %d orders, %v", c.party, len(raws), err)
		}
		raw := &raws[0]
		raw.Party, raw.Channel, raw.Origin, raw.OrderID = c.party, c.channel, c.origin, schemas.OrderID(c.party, raw.Ref)
		step := processors.Normalize(processors.Sources{Channels: processors.Parties{c.party: channel}})
		result, err := step.Handle(&topics.Event{Topic: topics.OrdersRaw, Key: raw.OrderID, Value: raw}, step.State.New())
		if err != nil {
			t.Errorf("%s: %v", c.party, err)
			continue
		}
		order := result.Messages[0].Value.(*schemas.Order)
		if _, err := schemas.OrderSchema.Append(nil, order); err != nil || order.SourceKind != c.want {
			t.Errorf("%s is from %q, want %q; %v", c.party, order.SourceKind, c.want, err)
		}
		ids[result.Messages[0].Key] = true
	}
	if len(ids) != 10 {
		t.Errorf("ten accounts with one number have %d orders", len(ids))
	}
}

// recorded is a recorded payload with another number.
func recorded(t *testing.T, file, was, is string) []byte {
	t.Helper()
	body, err := os.ReadFile("../../connectors/marketplaces/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(body, []byte(was), []byte(is))
}
