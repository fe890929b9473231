package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"waybill/connectors"
	"waybill/connectors/signature"
)

// webhookConnections are the numbers of senders that the webhook door is measured with.
var webhookConnections = []int{64, 512}

// webhooks measures the webhook door against a bare handler: the same bytes go to the one and then to the other, round by round,
// over as many connections.
func (b *bench) webhooks(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	bare, ended, err := b.serveBare(ctx, b.secret)
	if err != nil {
		return err
	}
	for _, connections := range webhookConnections {
		if err = b.webhooksOver(ctx, connections, bare); err != nil {
			break
		}
	}
	stop()
	return errors.Join(err, <-ended)
}

func (b *bench) webhooksOver(ctx context.Context, connections int, bare string) error {
	door := strings.TrimPrefix(b.doors.url, "http://")
	var rates [2][]float64
	var waits [2][]time.Duration
	for range b.rounds {
		requests, err := b.signed(connections + min(b.records, 10_000))
		if err != nil {
			return err
		}
		for i, address := range []string{door, bare} {
			answered, err := (&load{address: address, connections: connections, requests: requests}).send(ctx)
			if err != nil {
				return err
			}
			rates[i], waits[i] = append(rates[i], answered.perSecond), append(waits[i], answered.waits...)
		}
	}
	b.add(fmt.Sprintf("webhook door, %d connections", connections), rates[0], "requests/s", median(rates[0])/median(rates[1]),
		"of the bare handler's requests/s, "+quantiles(waits[0])+"; no limit of the door binds")
	b.add(fmt.Sprintf("bare handler, %d connections", connections), rates[1], "requests/s", 0,
		"net/http, the same HMAC, the body as it is to Kafka, "+quantiles(waits[1])+"; the baseline")
	return nil
}

// The steady load of webhooks, in requests per second, and how long it lasts.
const (
	steadyPerSecond = 500
	steadySeconds   = 20
)

// steadyWebhooks measures how long the webhook door takes to accept what comes at a steady rate while all else of the pipeline
// works on it. A webhook counts from when it was due, whether a sender was free then or not.
func (b *bench) steadyWebhooks(ctx context.Context) error {
	if err := b.stack.awaitLanded(ctx); err != nil {
		return err
	}
	requests, err := b.signed(doorConnections + steadyPerSecond*steadySeconds)
	if err != nil {
		return err
	}
	answered, err := (&load{
		address: strings.TrimPrefix(b.doors.url, "http://"), connections: doorConnections, requests: requests, every: time.Second / steadyPerSecond,
	}).send(ctx)
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("webhook door at %d requests/s", steadyPerSecond), []float64{quantile(answered.waits, 0.99).Seconds() * 1e3}, "ms p99", 0,
		fmt.Sprintf("%s, until accepted, on the whole pipeline; %.0f requests/s came", quantiles(answered.waits), answered.perSecond))
	return nil
}

// signed are webhooks of one new order each, as they go over the wire.
func (b *bench) signed(n int) ([][]byte, error) {
	bodies, err := b.bodies(n)
	if err != nil {
		return nil, err
	}
	requests := make([][]byte, len(bodies))
	for i, body := range bodies {
		request, err := http.NewRequest(http.MethodPost, "http://waybill"+connectors.WebhooksPath+"allegro", bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Content-Type", "application/json")
		signature.SignStandard(request.Header, fmt.Sprintf("bench-%d-%d", b.fed, i), time.Now(), body, b.secret)
		var wire bytes.Buffer
		if err := request.Write(&wire); err != nil {
			return nil, err
		}
		requests[i] = wire.Bytes()
	}
	return requests, nil
}

func quantiles(waits []time.Duration) string {
	return fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", quantile(waits, 0.5).Seconds()*1e3, quantile(waits, 0.99).Seconds()*1e3)
}
