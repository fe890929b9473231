package main

import (
	"context"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/schemas"
)

// load is who feeds: one feeder a party, and who writes the pairs.
type load struct {
	feeders []*feeder
	pairs   []*pairs
}

func newLoad(seed uint64, s *system, registry *schemas.Registry, perSecond float64) (*load, error) {
	l := &load{}
	for n, p := range parties {
		f, err := newFeeder(p, seed+uint64(n), s.doors(), perSecond/float64(len(parties)))
		if err != nil {
			return nil, err
		}
		l.feeders = append(l.feeders, f)
		if !p.pairs {
			continue
		}
		if f.pairs, err = newPairs(p.name, s.cluster.brokers, registry, rand.New(rand.NewPCG(seed, 2))); err != nil {
			return nil, err
		}
		l.pairs = append(l.pairs, f.pairs)
	}
	return l, nil
}

// deliverTime bounds how long what was begun to be fed may take to be accepted once nothing is broken any more.
const deliverTime = 90 * time.Second

// run feeds until taking ends, and until all that was begun was accepted and has its pairs.
func (l *load) run(taking, ctx context.Context) error {
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

func (l *load) close() {
	for _, f := range l.feeders {
		f.stop()
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
