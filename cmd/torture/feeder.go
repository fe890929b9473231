package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"waybill/connectors/marketplaces"
	"waybill/internal/sandbox"
	"waybill/schemas"
)

// feeder feeds one party, one request after the other, so that what is said of one order stays in order. What a door did not accept it
// sends again, to any door.
type feeder struct {
	party   party
	channel marketplaces.Marketplace
	books   *books
	next    func() (sandbox.Payload, bool)
	stop    func()
	limit   *rate.Limiter
	random  *rand.Rand
	doors   []string // their URLs
	http    *http.Client
	pairs   *pairs // nil if the party needs none

	payloads, requests, refused int
}

// What is fed beside good orders, in per cent of them, and how many orders a request holds at most.
const (
	duplicatesShare = 15
	brokenShare     = 4
	amendmentsShare = 45
	batchMax        = 16
	ordersForEver   = 1_000_000_000
)

func newFeeder(p party, seed uint64, doors []string) (*feeder, error) {
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
	next, stop := iter.Pull(payloads)
	return &feeder{
		party: p, channel: channel, books: newBooks(p.name), next: next, stop: stop, random: rand.New(rand.NewPCG(seed, 1)),
		limit: rate.NewLimiter(1, batchMax), doors: doors, http: &http.Client{Timeout: answerTime},
	}, nil
}

// How long a door may take to answer before another is asked, and the pause between two requests of the same.
const (
	answerTime = 4 * time.Second
	againTime  = 250 * time.Millisecond
)

// run feeds until taking ends, and then ends what it has begun.
func (f *feeder) run(taking, ctx context.Context) error {
	for taking.Err() == nil {
		n := 1 + f.random.IntN(batchMax)
		if f.limit.WaitN(taking, n) != nil {
			return nil
		}
		var body bytes.Buffer
		var orders []schemas.RawOrder
		for range n {
			cut, err := f.take(ctx, &body)
			if err != nil {
				return err
			}
			orders = append(orders, cut...)
		}
		if err := f.deliver(ctx, body.Bytes(), orders); err != nil {
			return err
		}
	}
	return nil
}

// take adds one payload to a request, and says which orders the door will find in it.
func (f *feeder) take(ctx context.Context, body *bytes.Buffer) ([]schemas.RawOrder, error) {
	p, more := f.next()
	if !more {
		return nil, errors.New("the sandbox has no more orders")
	}
	f.payloads++
	f.books.enter(p)
	orders, err := f.channel.Receive(http.Header{}, p.Body)
	if err != nil || len(orders) != 1 {
		return nil, fmt.Errorf("%d orders are in one that the sandbox made: %w", len(orders), err)
	}
	orders[0].OrderID = schemas.OrderID(f.party.name, p.Ref)
	if p.Ref == "" {
		orders[0].OrderID = "" // of its bytes: the door names it
	}
	if f.pairs != nil && p.Kind != sandbox.Broken {
		if err := f.pairs.need(ctx, f.channel, &orders[0]); err != nil {
			return nil, err
		}
	}
	body.Write(p.Body)
	body.WriteByte('\n')
	return orders, nil
}

// deliver sends until a door accepts.
func (f *feeder) deliver(ctx context.Context, body []byte, orders []schemas.RawOrder) error {
	for {
		f.requests++
		f.books.tried(orders)
		status, err := f.post(ctx, f.doors[f.random.IntN(len(f.doors))]+"/feed/"+f.party.name, body)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && status == http.StatusAccepted:
			f.books.accepted(orders)
			return nil
		case err == nil && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout:
			return fmt.Errorf("a door answered %d to orders of %s that are as they should be", status, f.party.name)
		}
		f.refused++
		select {
		case <-time.After(againTime):
		case <-ctx.Done():
		}
	}
}

// post is one request. An answer that breaks off is none.
func (f *feeder) post(ctx context.Context, url string, body []byte) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	response, err := f.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, err
}
