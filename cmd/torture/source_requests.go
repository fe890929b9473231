package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"

	"waybill/connectors/marketplaces"
	"waybill/internal/sandbox"
	"waybill/schemas"
)

// requests are those of the order API: orders under idempotency keys, changes to them, and the same once more.
type requests struct {
	party   party
	channel marketplaces.Marketplace
	books   *books
	random  *rand.Rand
	prefix  string
	orders  int
	keys    int
	again   []request   // that may be sent once more
	open    map[int]int // orders that may be changed, and how often they were
}

// Of a hundred requests, how many are new orders, and how many the rest are changes; what is left is sent once more.
const (
	orderShare  = 50
	changeShare = 70
	openMax     = 50
)

func newRequests(p party, books *books, seed uint64, random *rand.Rand) (*requests, error) {
	channel, err := marketplaces.Open(p.channel, nil)
	return &requests{party: p, channel: channel, books: books, random: random, prefix: fmt.Sprintf("R%x-", seed&0xffff), open: map[int]int{}}, err
}

func (s *requests) next(context.Context) (request, error) {
	switch chance := s.random.IntN(100); {
	case len(s.open) == 0 || chance < orderShare:
		return s.order()
	case chance < orderShare+(100-orderShare)*changeShare/100:
		return s.change(), nil
	}
	return s.again[s.random.IntN(len(s.again))], nil
}

func (s *requests) order() (request, error) {
	s.orders++
	ref := fmt.Sprintf("%s%d", s.prefix, s.orders)
	body := fmt.Sprintf(`{"ref":%q,"revision":"1","placed_at":"2026-05-02T08:00:00Z","currency":"EUR","total":"10.00",`+
		`"buyer":{"name":"Jan Nowak","email":"jan@example.org"},"ship_to":{"name":"Jan Nowak","street":"Prosta 1","postal_code":"00-001","city":"Warszawa","country":"PL"},`+
		`"lines":[{"sku":"SKU-%d","title":"Mug","quantity":2,"unit_price":"5.00"}]}`, ref, s.random.IntN(100))
	s.books.enter(sandbox.Payload{Ref: ref, Revision: "1", Kind: sandbox.New, Version: 1})
	raw, err := filed(s.party, s.channel, []byte(body))
	if err != nil {
		return request{}, err
	}
	s.open[s.orders] = 1
	if len(s.open) > openMax {
		delete(s.open, s.orders-openMax)
	}
	return s.keyed(request{method: http.MethodPost, path: "/orders", body: []byte(body), orders: []schemas.RawOrder{raw}}), nil
}

// change is a JSON merge patch of an order (RFC 7396).
func (s *requests) change() request {
	n := s.orders - s.random.IntN(min(s.orders, openMax))
	for s.open[n] == 0 {
		n = s.orders - s.random.IntN(min(s.orders, openMax))
	}
	s.open[n]++
	ref, revision := fmt.Sprintf("%s%d", s.prefix, n), fmt.Sprint(s.open[n])
	body := fmt.Sprintf(`{"revision":%q,"buyer_note":"change %s of %s"}`, revision, revision, ref)
	s.books.enter(sandbox.Payload{Ref: ref, Revision: revision, Kind: sandbox.Amendment, Version: s.open[n]})
	raw := schemas.RawOrder{OrderID: schemas.OrderID(s.party.name, ref), Body: schemas.Body{Bytes: []byte(body)}}
	return s.keyed(request{method: http.MethodPatch, path: "/orders/" + ref, body: []byte(body), orders: []schemas.RawOrder{raw}})
}

// keyed gives a request an idempotency key of its own.
func (s *requests) keyed(r request) request {
	s.keys++
	r.header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {fmt.Sprintf("%skey-%d", s.prefix, s.keys)}}
	s.again = append(s.again, r)
	s.again = s.again[max(0, len(s.again)-openMax):]
	return r
}

func (s *requests) close() {}
