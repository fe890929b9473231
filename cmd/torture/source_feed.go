package main

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"net/http"

	"waybill/connectors/marketplaces"
	"waybill/internal/sandbox"
)

// feed is a stream of the sandbox, whole orders by the feed door.
type feed struct {
	party   party
	channel marketplaces.Marketplace
	books   *books
	random  *rand.Rand
	pull    func() (sandbox.Payload, bool)
	stop    func()
	pairs   *pairs // nil if the party needs none
}

// What is fed beside good orders, in per cent of them.
const (
	duplicatesShare = 15
	brokenShare     = 4
	amendmentsShare = 45
	ordersForEver   = 1_000_000_000
)

func newFeed(p party, books *books, seed uint64, random *rand.Rand, pairs *pairs) (*feed, error) {
	channel, err := marketplaces.Open(p.channel, nil)
	if err != nil {
		return nil, err
	}
	payloads, err := sandbox.Generate(sandbox.Options{
		Channel: p.channel, Orders: ordersForEver, Seed: seed, Duplicates: duplicatesShare, Broken: brokenShare, Amendments: amendmentsShare,
	})
	if err != nil {
		return nil, err
	}
	f := &feed{party: p, channel: channel, books: books, random: random, pairs: pairs}
	f.pull, f.stop = iter.Pull(payloads)
	return f, nil
}

// next is a few payloads, a line each.
func (f *feed) next(ctx context.Context) (request, error) {
	r := request{method: http.MethodPost, path: "/feed/" + f.party.name, header: http.Header{"Content-Type": {"application/x-ndjson"}}}
	var body bytes.Buffer
	for range 1 + f.random.IntN(requestOrdersMax) {
		p, more := f.pull()
		if !more {
			return r, errors.New("the sandbox has no more orders")
		}
		f.books.enter(p)
		raw, err := filed(f.party, f.channel, p.Body)
		if err != nil {
			return r, err
		}
		if f.pairs != nil && p.Kind != sandbox.Broken {
			if err := f.pairs.need(ctx, f.channel, &raw); err != nil {
				return r, err
			}
		}
		body.Write(p.Body)
		body.WriteByte('\n')
		r.orders = append(r.orders, raw)
	}
	r.body = body.Bytes()
	return r, nil
}

func (f *feed) close() { f.stop() }
