package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// result is what a round came to.
type result struct {
	Round     int      `json:"round"`
	Seed      uint64   `json:"seed"`
	Faults    []fault  `json:"faults"`
	Payloads  int      `json:"payloads"` // that were fed
	Requests  int      `json:"requests"` // that took
	Records   int      `json:"records"`  // that came to lie on the topics
	Orders    int      `json:"orders"`   // they are about
	Lost      int      `json:"lost"`
	Doubled   int      `json:"doubled"`
	Inverted  int      `json:"inverted"`
	Wrong     int      `json:"wrong"`
	Overtaken int      `json:"overtaken"` // of the run: versions that waited when a later one came out
	Crashes   int      `json:"crashes"`   // processes that ended by themselves
	Seconds   float64  `json:"seconds"`
	Drain     float64  `json:"drain_seconds"`
	Why       []string `json:"why,omitempty"` // the first of what is wrong

	differences []difference
}

func (r *result) good() bool { return len(r.Why) == 0 }

// whyMax bounds what is told of a wrong round on one line.
const whyMax = 5

func (r *result) add(differences []difference) {
	for _, d := range differences {
		switch d.kind() {
		case "lost":
			r.Lost++
		case "doubled":
			r.Doubled++
		case "inverted":
			r.Inverted++
		default:
			r.Wrong++
		}
		if len(r.Why) < whyMax {
			r.Why = append(r.Why, d.Why)
		}
		r.differences = append(r.differences, d)
	}
}

// round breaks things under load, lets everything heal and drain, and looks at what came of it.
func (r *run) round(ctx context.Context, n int) (*result, error) {
	began := time.Now()
	p := draw(roundSeed(r.seed, n), r.kinds)
	out := &result{Round: n, Seed: p.seed, Faults: p.faults}
	r.say("round %d, seed %d: %s", n, p.seed, p.String())
	payloads, requests, crashes := r.load.payloads(), r.load.requests(), r.system.crashes()
	if err := r.storm(ctx, &p); err != nil {
		return r.failed(ctx, out, err)
	}
	out.Payloads, out.Requests = r.load.payloads()-payloads, r.load.requests()-requests
	healed := time.Now()
	if err := r.system.awaitReady(ctx); err != nil {
		return r.failed(ctx, out, err)
	}
	if err := r.drain(ctx); err != nil {
		return r.failed(ctx, out, err)
	}
	out.Drain = time.Since(healed).Seconds()
	if err := r.verify(ctx, out); err != nil {
		return out, err
	}
	out.Crashes, out.Seconds = r.system.crashes()-crashes, time.Since(began).Seconds()
	return out, nil
}

// failed makes a round that did not come to its end a wrong one.
func (r *run) failed(ctx context.Context, out *result, err error) (*result, error) {
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	out.add([]difference{{Why: err.Error()}})
	return out, nil
}

// storm is the load, and the faults under it. It returns when all is healed and what was begun to be fed was accepted.
func (r *run) storm(ctx context.Context, p *plan) error {
	taking, enough := context.WithCancel(ctx)
	defer enough()
	feeding, stop := context.WithCancel(ctx)
	defer stop()
	fed := make(chan error, 1)
	go func() { fed <- r.load.run(taking, feeding) }()
	if err := r.breakThings(ctx, p); err != nil {
		stop()
		return errors.Join(err, <-fed)
	}
	enough()
	select {
	case err := <-fed:
		return err
	case <-time.After(deliverTime):
		stop()
		return errors.Join(fmt.Errorf("%w: not all was accepted %s after everything was healed", errStuck, deliverTime), <-fed)
	}
}

// breakThings does all faults of a round, each at its instant, and returns when all are healed and the round is long enough.
func (r *run) breakThings(ctx context.Context, p *plan) error {
	long := time.After(p.length())
	faults, failing := errgroup.WithContext(ctx)
	for _, f := range p.faults {
		faults.Go(func() error {
			pause(failing, f.At)
			if err := catalogue[f.Kind].do(failing, r.system, f); err != nil {
				return fmt.Errorf("do %s: %w", f, err)
			}
			return nil
		})
	}
	if err := faults.Wait(); err != nil {
		return err
	}
	select {
	case <-long:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// verify holds what came to lie on the topics and in the tables against what must.
func (r *run) verify(ctx context.Context, out *result) error {
	records := r.tape.records()
	out.Records = len(records)
	out.Orders = len(storiesOf(records))
	r.minutes.add(records)
	differences, err := r.verifier.check(ctx, records)
	if err != nil {
		return err
	}
	out.add(differences)
	for _, f := range r.load.feeders {
		found := f.books.check(records, f.party.pairs)
		out.Overtaken += found.overtaken
		out.add(found.differences())
	}
	tables, err := r.system.engine.open(ctx)
	if err != nil {
		return err
	}
	defer tables.Close()
	rows := &landed{tables: tables, records: records}
	if differences, err = rows.check(ctx, r.from); err != nil {
		return err
	}
	out.add(differences)
	if differences, err = r.minutes.check(ctx, tables); err != nil {
		return err
	}
	out.add(differences)
	for at, next := range r.tape.next {
		r.from[at] = next
	}
	return nil
}
