package processors_test

import (
	"testing"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

func TestWhatTheERPSaysIsKeptByteForByte(t *testing.T) {
	body := []byte("{ \"weight\": 1.50,\n \"note\": \"<\u2028>\" }")
	said, err := schemas.Readies{Told: []schemas.Readied{
		{Kind: schemas.ERPReady, Ref: "17", OrderID: "allegro/1", Revision: "r1", Body: body},
		{Kind: schemas.ERPUnready, Ref: "18", OrderID: "shop/zamówienie 2", Revision: "r2", Body: []byte("{}")},
	}}.Body()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := processors.ReadyThen(&schemas.Task{Party: "erp", Kind: processors.KindReady}, said, 5)
	if err != nil || len(kept) != 2 {
		t.Fatalf("%d messages: %v", len(kept), err)
	}
	first := kept[0].Value.(*schemas.ERPRaw)
	if kept[0].Topic != topics.ERPRaw || kept[0].Key != "allegro/1" || string(first.Body.Bytes) != string(body) || first.OrderID != "allegro/1" ||
		first.Party != "erp" || first.Kind != schemas.ERPReady || first.Revision != "r1" || first.ReceivedAt != 5 || first.Origin != schemas.OriginPoll {
		t.Errorf("kept %+v", first)
	}
	if topics.Find(kept[0].Headers, topics.HeaderOrderID) != "allegro/1" || topics.Find(kept[0].Headers, topics.HeaderOrigin) != schemas.OriginPoll {
		t.Errorf("headers: %v", kept[0].Headers)
	}
	if _, err := processors.ReadyThen(&schemas.Task{}, []byte("{"), 0); err == nil {
		t.Error("half an answer was taken for one")
	}
}

func TestWhatAMerchantWroteForAnOrderIsNoIDOfOurs(t *testing.T) {
	for carried, want := range map[string]string{
		"allegro/1": "allegro/1", "amazon-jp/503-1": "amazon-jp/503-1", "shop/A/1": "shop/A/1", "shop/zamówienie 2": "shop/zamówienie 2", "": "", "PO 17": "", "Anna Müller/Bonn": "",
		"/1": "", "shop/": "",
	} {
		said, err := schemas.Readies{Told: []schemas.Readied{{Kind: schemas.ERPReady, Ref: "1", OrderID: carried}}}.Body()
		if err != nil {
			t.Fatal(err)
		}
		kept, err := processors.ReadyThen(&schemas.Task{Party: "erp"}, said, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := kept[0].Value.(*schemas.ERPRaw).OrderID; got != want {
			t.Errorf("%q: got %q, want %q", carried, got, want)
		}
	}
}
