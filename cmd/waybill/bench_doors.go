package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/internal/feed"
	"waybill/internal/sandbox"
	"waybill/topics"
)

const doorConnections = 64

// feedDoor measures requests of one order each, from so many senders at once.
func (b *bench) feedDoor(ctx context.Context) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: doorConnections}}
	defer client.CloseIdleConnections()
	var rates []float64
	var waits []time.Duration
	for range b.rounds {
		rate, round, err := b.knock(ctx, client, min(b.records, 10_000))
		if err != nil {
			return err
		}
		rates, waits = append(rates, rate), append(waits, round...)
	}
	b.add("feed door", rates, "requests/s", 0, fmt.Sprintf("one order each, %d connections, %s", doorConnections, quantiles(waits)))
	return nil
}

func (b *bench) knock(ctx context.Context, client *http.Client, requests int) (rate float64, waits []time.Duration, err error) {
	bodies, err := b.bodies(requests)
	if err != nil {
		return 0, nil, err
	}
	var next atomic.Int64
	var lock sync.Mutex
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range doorConnections {
		group.Go(func() error {
			var own []time.Duration
			for i := next.Add(1) - 1; int(i) < len(bodies); i = next.Add(1) - 1 {
				sent := time.Now()
				if err := b.post(ctx, client, bodies[i]); err != nil {
					return err
				}
				own = append(own, time.Since(sent))
			}
			lock.Lock()
			defer lock.Unlock()
			waits = append(waits, own...)
			return nil
		})
	}
	err = group.Wait()
	return float64(requests) / time.Since(began).Seconds(), waits, err
}

func (b *bench) bodies(n int) ([][]byte, error) {
	payloads, err := sandbox.Generate(sandbox.Options{Channel: "allegro", Orders: n, Seed: uint64(b.fed) + 1})
	if err != nil {
		return nil, err
	}
	b.fed += n
	bodies := make([][]byte, 0, n)
	for p := range payloads {
		bodies = append(bodies, p.Body)
	}
	return bodies, nil
}

func (b *bench) post(ctx context.Context, client *http.Client, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.doors.url+"/feed/allegro", bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusAccepted {
		return fmt.Errorf("the feed door answered %s", answer.Status)
	}
	return nil
}

// landingRows measures the landing of all that the rounds before have left on the topics. A record is a row in its table, one in
// the audit and its share of the minute rollups.
func (b *bench) landingRows(ctx context.Context) error {
	running, stop := context.WithCancel(ctx)
	landed := make(chan error, 1)
	began := time.Now()
	go func() { landed <- b.landing.Run(running) }()
	err := b.stack.awaitRead(ctx, b.config.Deployment+".landing", topics.Landing())
	took := time.Since(began)
	stop()
	if err = errors.Join(err, <-landed); err != nil {
		return err
	}
	var c account
	if err := b.count(ctx, &c); err != nil {
		return err
	}
	b.add("landing in ClickHouse", []float64{float64(c.Events) / took.Seconds()}, "records/s", 0, fmt.Sprintf("%d records, each a typed row, an audit row, and rollups", c.Events))
	return nil
}

// doorToRowTimes is how often the way from door to row is measured.
const doorToRowTimes = 30

// doorToRow measures, on the whole pipeline at rest, the time from an accepted order to its row in ClickHouse.
func (b *bench) doorToRow(ctx context.Context) error {
	var waits []time.Duration
	for i := range doorToRowTimes + 1 {
		took, err := b.oneOrder(ctx, uint64(b.fed+i)+1)
		if err != nil {
			return err
		}
		if i > 0 { // the first waits for all that came before
			waits = append(waits, took)
		}
	}
	b.fed += doorToRowTimes + 1
	b.add("accepted to row", []float64{quantile(waits, 0.5).Seconds() * 1e3}, "ms", 0, fmt.Sprintf("one order at a time, p99 %.0f ms", quantile(waits, 0.99).Seconds()*1e3))
	return nil
}

// oneOrder is how long after its acceptance the normalized order can be read from ClickHouse.
func (p *pipeline) oneOrder(ctx context.Context, seed uint64) (time.Duration, error) {
	payloads, err := sandbox.Generate(sandbox.Options{Channel: "allegro", Orders: 1, Seed: seed})
	if err != nil {
		return 0, err
	}
	ref, client := "", p.feedClient("allegro")
	for payload := range payloads {
		ref = payload.Ref
		if err := client.Add(ctx, feed.Document{Bytes: payload.Body, Place: payload.Ref}); err != nil {
			return 0, err
		}
	}
	if err := client.Flush(ctx); err != nil {
		return 0, err
	}
	accepted := time.Now()
	for found := false; !found; {
		err := p.tables.Query(ctx, "SELECT 1 FROM orders_normalized WHERE order_id = 'allegro/"+ref+"' LIMIT 1", func([]string, []any) error {
			found = true
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return time.Since(accepted), nil
}
