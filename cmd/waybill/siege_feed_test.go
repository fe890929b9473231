package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"iter"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waybill/internal/sandbox"
)

const (
	feedersCount = 6
	feederPause  = 5 * time.Millisecond
)

// feeders send generated orders to the feed door, each again until it is accepted, as a marketplace does, and keep the books.
type feeders struct {
	url      string
	client   *http.Client
	running  sync.WaitGroup
	ending   context.CancelFunc
	accepted atomic.Int64 // since the gate was opened

	mu       sync.Mutex
	gate     chan struct{}    // closed while they shall send
	attempts map[bodySum]int  // how often each body was sent
	stored   map[bodySum]bool // those that a door said it has stored
	books    []*sandbox.Books
	totals   map[version]amount // what each version comes to
	since    time.Time
	first    *probe
}

type bodySum = [sha256.Size]byte

// amount is one as the marketplace writes it.
type amount struct{ total, currency string }

// probe is an order that was accepted.
type probe struct {
	orderID string
	at      time.Time
}

func startFeeders(t *testing.T, url string, seed uint64) *feeders {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	f := &feeders{
		url: url + "/feed/allegro", client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: feedersCount}}, ending: cancel,
		gate: make(chan struct{}), attempts: map[bodySum]int{}, stored: map[bodySum]bool{}, totals: map[version]amount{},
	}
	for i := range feedersCount {
		payloads, err := sandbox.Generate(sandbox.Options{
			Channel: "allegro", Orders: 1_000_000_000, Seed: seed + uint64(i), Amendments: 20, Duplicates: 2,
		})
		if err != nil {
			t.Fatal(err)
		}
		books := &sandbox.Books{}
		f.books = append(f.books, books)
		f.running.Go(func() { f.run(ctx, payloads, books) })
	}
	t.Cleanup(f.end)
	return f
}

// end lets everyone finish what he is sending.
func (f *feeders) end() {
	f.open()
	f.ending()
	f.running.Wait()
	f.client.CloseIdleConnections()
}

func (f *feeders) run(ctx context.Context, payloads iter.Seq[sandbox.Payload], books *sandbox.Books) {
	for p := range payloads {
		f.pass()
		if ctx.Err() != nil {
			return
		}
		sum, started := sha256.Sum256(p.Body), time.Now()
		for !f.send(sum, p.Body) {
			time.Sleep(feederPause)
			started = time.Now()
		}
		f.note(sum, started, p, books)
		time.Sleep(feederPause)
	}
}

// send is true if the door has said that it has stored the payload.
func (f *feeders) send(sum bodySum, body []byte) bool {
	f.mu.Lock()
	f.attempts[sum]++
	f.mu.Unlock()
	answer, err := f.client.Post(f.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode == http.StatusAccepted
}

func (f *feeders) note(sum bodySum, started time.Time, p sandbox.Payload, books *sandbox.Books) {
	f.accepted.Add(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stored[sum] = true
	books.Fed(p)
	f.totals[version{p.Ref, p.Revision}] = amount{p.Total, p.Currency}
	if f.first == nil && !f.since.IsZero() && started.After(f.since) && p.Kind == sandbox.New {
		f.first = &probe{"allegro/" + p.Ref, time.Now()}
	}
}

// watchFrom has firstSince find the first new order that was sent after that and accepted.
func (f *feeders) watchFrom(at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.first, f.since = nil, at
}

func (f *feeders) firstSince() *probe {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.first
}

func (f *feeders) acceptedSoFar() int64 { return f.accepted.Load() }

// The gate.

func (f *feeders) open() {
	f.accepted.Store(0)
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.gate:
	default:
		close(f.gate)
	}
}

func (f *feeders) shut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gate = make(chan struct{})
}

func (f *feeders) pass() {
	f.mu.Lock()
	gate := f.gate
	f.mu.Unlock()
	<-gate
}
