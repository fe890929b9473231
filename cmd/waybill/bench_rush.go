package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/connectors"
	"waybill/connectors/signature"
)

// rush is what is sent in one round, and what was said to it.
type rush struct {
	*admission
	lock      sync.Mutex
	answers   map[string]int // requests, by door and status
	offered   float64        // orders
	rate      float64        // records a second that the slow stage did
	etaMax    float64
	megabytes float64
	seconds   float64 // that it lasted
}

// What comes in a rush: so many times what the slow stage does, of which so much of it by webhook, which leaves it time to drain; in
// requests of so many orders to the feed.
const (
	rushTimes      = 5.0
	rushWebhooks   = 0.4
	rushFeedOrders = 20
	rushRateMin    = 50.0 // orders a second, also while the rate is not known
	rushDueMax     = 20.0 // requests: what could not be sent in time is not made up for later
	rushStep       = 100 * time.Millisecond
)

// run sends until ctx ends.
func (r *rush) run(ctx context.Context) error {
	group, sending := errgroup.WithContext(ctx)
	feed := []byte(nil)
	group.Go(func() error {
		return r.pace(sending, (rushTimes-rushWebhooks)/rushFeedOrders, func() error { return r.feed(sending, &feed) })
	})
	group.Go(func() error {
		return r.pace(sending, rushWebhooks, func() error { return r.webhook(sending) })
	})
	group.Go(func() error { return r.watch(sending) })
	if err := group.Wait(); ctx.Err() == nil {
		return err
	}
	return nil
}

// pace sends so many requests for each record that the slow stage does.
func (r *rush) pace(ctx context.Context, share float64, send func() error) error {
	tick := time.NewTicker(rushStep)
	defer tick.Stop()
	for due := 0.0; ctx.Err() == nil; <-tick.C {
		due = min(due+max(r.slowOne().Rate/slowStages[r.slow].records, rushRateMin)*share*rushStep.Seconds(), rushDueMax)
		for ; due >= 1; due-- {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return nil
}

// feed sends orders to the feed. What was refused is sent again at once, however long it was asked to wait.
func (r *rush) feed(ctx context.Context, body *[]byte) error {
	if *body == nil {
		orders, err := r.orders(rushFeedOrders)
		if err != nil {
			return err
		}
		*body = bytes.Join(orders, []byte("\n"))
	}
	status, err := r.send(ctx, "feed", connectors.FeedPath+"allegro", *body, rushFeedOrders, func(http.Header) {})
	if status == http.StatusAccepted {
		*body = nil
	}
	return err
}

func (r *rush) webhook(ctx context.Context) error {
	orders, err := r.orders(1)
	if err != nil {
		return err
	}
	_, err = r.send(ctx, "webhooks", connectors.WebhooksPath+"allegro", orders[0], 1, func(header http.Header) {
		signature.SignStandard(header, fmt.Sprint("rush-", time.Now().UnixNano()), time.Now(), orders[0], r.secret)
	})
	return err
}

// orders are new ones.
func (r *rush) orders(n int) ([][]byte, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	return r.bodies(n)
}

func (r *rush) send(ctx context.Context, door, path string, body []byte, orders float64, sign func(http.Header)) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.doors.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	sign(request.Header)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return 0, err
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	r.offered += orders
	r.answers[fmt.Sprint(door, " ", answer.StatusCode)]++
	if answer.StatusCode == http.StatusTooManyRequests && answer.Header.Get("Retry-After") == "" {
		return 0, fmt.Errorf("the %s door refuses, and does not say for how long", door)
	}
	return answer.StatusCode, nil
}

// watch looks at what the pipeline shows meanwhile.
func (r *rush) watch(ctx context.Context) error {
	began := time.Now()
	for ; ctx.Err() == nil; time.Sleep(rushStep) {
		if eta, ok := r.drain.Report().ETASeconds(); ok {
			r.etaMax = max(r.etaMax, eta)
		}
		r.rate, r.megabytes, r.seconds = r.slowOne().Rate, max(r.megabytes, residentMegabytes()), time.Since(began).Seconds()
	}
	return nil
}

// said is how often a door said what.
func (r *rush) said(door string) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(r.answers)) {
		if status, of := strings.CutPrefix(key, door+" "); of {
			all = append(all, fmt.Sprintf("%d× %s", r.answers[key], status))
		}
	}
	return strings.Join(all, ", ")
}

func (r *rush) refusedShare() float64  { return r.share("feed", http.StatusTooManyRequests) }
func (r *rush) acceptedShare() float64 { return r.share("webhooks", http.StatusAccepted) }

func (r *rush) share(door string, status int) float64 {
	all := 0
	for key, n := range r.answers {
		if strings.HasPrefix(key, door+" ") {
			all += n
		}
	}
	return float64(r.answers[fmt.Sprint(door, " ", status)]) / float64(max(all, 1))
}
