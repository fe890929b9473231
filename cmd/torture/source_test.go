package main

import (
	"math/rand/v2"
	"net/http"
	"testing"

	"waybill/connectors/marketplaces"
	"waybill/schemas"
)

func TestWhatIsMadeUpForTheOrderAPIIsUnderstood(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	p := parties[5]
	s, err := newRequests(p, newBooks(p), 7, random)
	if err != nil {
		t.Fatal(err)
	}
	channel, err := marketplaces.Open(p.channel, nil)
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string]int{}
	for range 300 {
		r, err := s.next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		methods[r.method]++
		if r.method != http.MethodPost {
			continue
		}
		if _, err := channel.Normalize(&schemas.RawOrder{Party: p.name, Ref: r.orders[0].Ref, Body: schemas.Body{Bytes: r.body}}); err != nil {
			t.Fatalf("%s: %v", r.body, err)
		}
	}
	if methods[http.MethodPost] == 0 || methods[http.MethodPatch] == 0 {
		t.Errorf("sent %v", methods)
	}
}

func TestANoticeIsTakenForOneAndItsOrderForAnOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	p := parties[4]
	s, err := newNotices(p, "", newBooks(p), 7, random)
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string]int{}
	for range 300 {
		r, err := s.next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		forms[r.path+" "+r.orders[0].Form]++
	}
	if forms["/webhooks/noticed notice"] == 0 || forms["/feed/noticed "] == 0 || len(forms) != 2 {
		t.Errorf("sent %v", forms)
	}
}
