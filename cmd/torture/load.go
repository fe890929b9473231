package main

import (
	"context"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"waybill/schemas"
)

// load is who feeds: one feeder a party, and who writes the pairs.
type load struct {
	feeders   []*feeder
	pairs     []*pairs
	perSecond float64 // of each feeder
}

func newLoad(seed uint64, s *system, registry *schemas.Registry, perSecond float64) (*load, error) {
	l := &load{perSecond: perSecond / float64(len(parties))}
	for n, p := range parties {
		seed, books := seed+uint64(n), newBooks(p)
		random := rand.New(rand.NewPCG(seed, 1))
		source, err := l.source(p, s, books, seed, random, registry)
		if err != nil {
			return nil, err
		}
		l.feeders = append(l.feeders, newFeeder(p, source, books, random, s.doors()))
	}
	return l, nil
}

// source is what a party is fed from.
func (l *load) source(p party, s *system, books *books, seed uint64, random *rand.Rand, registry *schemas.Registry) (source, error) {
	switch p.source {
	case fromNotices:
		return newNotices(p, s.shared.token, books, seed, random)
	case fromRequests:
		return newRequests(p, books, seed, random)
	}
	if !p.pairs {
		return newFeed(p, books, seed, random, nil)
	}
	pairs, err := newPairs(p.name, s.cluster.brokers, registry, rand.New(rand.NewPCG(seed, 2)))
	if err != nil {
		return nil, err
	}
	l.pairs = append(l.pairs, pairs)
	return newFeed(p, books, seed, random, pairs)
}

// deliverTime bounds how long what was begun to be fed may take to be accepted once nothing is broken any more.
const deliverTime = 180 * time.Second

// After so long the load goes on with a share of its rate alone: a machine that takes a minute to start a broker would not drain.
const (
	fullTime  = 20 * time.Second
	slowShare = 0.1
)

// run feeds until taking ends, and until all that was begun was accepted and has its pairs.
func (l *load) run(taking, ctx context.Context) error {
	l.pace(1)
	slower := time.AfterFunc(fullTime, func() { l.pace(slowShare) })
	defer slower.Stop()
	group, ctx := errgroup.WithContext(ctx)
	feeding, fed := context.WithCancel(ctx)
	defer fed()
	for _, p := range l.pairs {
		group.Go(func() error { return p.run(feeding, ctx) })
	}
	group.Go(func() error {
		defer fed()
		feeders, ctx := errgroup.WithContext(ctx)
		for _, f := range l.feeders {
			feeders.Go(func() error { return f.run(taking, ctx) })
		}
		return feeders.Wait()
	})
	return group.Wait()
}

// pace sets the rate of all feeders to a share of the whole one.
func (l *load) pace(share float64) {
	for _, f := range l.feeders {
		f.limit.SetLimit(rate.Limit(share * l.perSecond))
	}
}

func (l *load) close() {
	for _, f := range l.feeders {
		f.source.close()
	}
	for _, p := range l.pairs {
		p.close()
	}
}

// payloads is how many payloads were fed so far.
func (l *load) payloads() (n int) {
	for _, f := range l.feeders {
		n += f.payloads
	}
	return n
}

// requests is how many requests that took.
func (l *load) requests() (n int) {
	for _, f := range l.feeders {
		n += f.requests
	}
	return n
}
