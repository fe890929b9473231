package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"waybill/connectors/marketplaces"
	"waybill/schemas"
)

// feeder feeds one party, one request after the other, so that what is said of one order stays in order. What a door did not accept it
// sends again, to any door.
type feeder struct {
	party  party
	source source
	books  *books
	limit  *rate.Limiter
	random *rand.Rand
	doors  []string // their URLs
	http   *http.Client

	payloads, requests, refused int
}

// source makes up what is sent, and enters it into the books.
type source interface {
	next(ctx context.Context) (request, error)
	close()
}

// request is what one door is told.
type request struct {
	method, path string
	header       http.Header
	body         []byte
	orders       []schemas.RawOrder // that the door finds in it
}

// requestOrdersMax is how many orders one request has at most.
const requestOrdersMax = 16

func newFeeder(p party, source source, books *books, random *rand.Rand, doors []string) *feeder {
	return &feeder{
		party: p, source: source, books: books, random: random, limit: rate.NewLimiter(1, requestOrdersMax), doors: doors,
		http: &http.Client{Timeout: answerTime},
	}
}

// How long a door may take to answer before another is asked, and the pause between two requests of the same.
const (
	answerTime = 4 * time.Second
	againTime  = 250 * time.Millisecond
)

// run feeds until taking ends, and then ends what it has begun.
func (f *feeder) run(taking, ctx context.Context) error {
	for taking.Err() == nil {
		r, err := f.source.next(ctx)
		if err != nil {
			return err
		}
		f.payloads += len(r.orders)
		if err := f.deliver(ctx, &r); err != nil {
			return err
		}
		if f.limit.WaitN(taking, len(r.orders)) != nil {
			return nil
		}
	}
	return nil
}

// deliver sends until a door accepts.
func (f *feeder) deliver(ctx context.Context, r *request) error {
	for {
		f.requests++
		f.books.tried(r.orders)
		status, err := f.send(ctx, f.doors[f.random.IntN(len(f.doors))], r)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && status == http.StatusAccepted:
			f.books.accepted(r.orders)
			return nil
		case err == nil && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout:
			return fmt.Errorf("a door answered %d to %s %s, which is as it should be", status, r.method, r.path)
		}
		f.refused++
		pause(ctx, againTime)
	}
}

// send is one try. An answer that breaks off is none.
func (f *feeder) send(ctx context.Context, door string, r *request) (status int, err error) {
	sent, err := http.NewRequestWithContext(ctx, r.method, door+r.path, bytes.NewReader(r.body))
	if err != nil {
		return 0, err
	}
	sent.Header = r.header.Clone()
	answer, err := f.http.Do(sent)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
	return answer.StatusCode, err
}

// filed is what a door finds in a document, with the ids that the orders must get; one that names no order gets an id of its bytes.
func filed(p party, channel marketplaces.Marketplace, document []byte) (schemas.RawOrder, error) {
	orders, err := channel.Receive(http.Header{}, document)
	if err != nil || len(orders) != 1 {
		return schemas.RawOrder{}, fmt.Errorf("%d orders are in one that was made up: %w", len(orders), err)
	}
	if orders[0].Ref != "" {
		orders[0].OrderID = schemas.OrderID(p.name, orders[0].Ref)
	}
	return orders[0], nil
}
