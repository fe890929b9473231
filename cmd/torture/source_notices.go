package main

import (
	"context"
	"math/rand/v2"
	"net/http"

	"waybill/connectors/marketplaces"
	"waybill/internal/sandbox"
	"waybill/internal/sandbox/kaufland"
	sheets "waybill/internal/sandbox/wire"
	"waybill/schemas"
)

// notices are webhooks that only name an order, which is then to be fetched; most of the orders come a while later, by the feed door.
type notices struct {
	party   party
	channel marketplaces.Marketplace
	books   *books
	market  kaufland.Market
	token   string // that its webhooks show
	random  *rand.Rand
	told    uint64
	coming  []uint64 // that were told of, and come whole
}

// How many of a hundred requests are notices, how many of them are told twice, and of how many the order comes.
const (
	noticeShare = 60
	againShare  = 25
	comingShare = 70
)

func newNotices(p party, token string, books *books, seed uint64, random *rand.Rand) (*notices, error) {
	channel, err := marketplaces.Open(p.channel, nil)
	return &notices{party: p, channel: channel, books: books, market: kaufland.Market(seed), token: token, random: random}, err
}

func (n *notices) next(context.Context) (request, error) {
	if len(n.coming) > 0 && n.random.IntN(100) >= noticeShare {
		return n.whole()
	}
	if n.told == 0 || n.random.IntN(100) >= againShare {
		n.told++
		if n.random.IntN(100) < comingShare {
			n.coming = append(n.coming, n.told)
		}
	}
	r := request{method: http.MethodPost, path: "/webhooks/" + n.party.name, header: http.Header{"Authorization": {"Bearer " + n.token}}}
	return n.with(r, n.market.Push(n.told))
}

// whole is an order that was told of.
func (n *notices) whole() (request, error) {
	i := n.random.IntN(len(n.coming))
	sheet := n.market.Order(n.coming[i], 1)
	n.coming = append(n.coming[:i], n.coming[i+1:]...)
	n.books.enter(sandbox.Payload{Ref: sheet.Ref, Revision: sheet.Revision, Kind: sandbox.New, Version: 1})
	return n.with(request{method: http.MethodPost, path: "/feed/" + n.party.name, header: http.Header{}}, sheet)
}

func (n *notices) with(r request, sheet sheets.Sheet) (request, error) {
	raw, err := filed(n.party, n.channel, sheet.Body)
	r.body, r.orders = sheet.Body, []schemas.RawOrder{raw}
	return r, err
}

func (n *notices) close() {}
