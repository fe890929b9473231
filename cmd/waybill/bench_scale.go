package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/config"
	"waybill/internal/runner"
)

// scale measures what happens to the orders when processes of one step come and go.
type scale struct {
	*bench
	crew      *crew
	perSecond int
	rows      int           // that the step remembers of each partition before it begins
	p99       time.Duration // of all orders in the change before
}

func (a *app) benchScale() *cobra.Command {
	s := &scale{bench: &bench{app: a}}
	cmd := verb("", "scale", "Measure how long orders wait when processes of normalize join, leave and are killed", func(cmd *cobra.Command, _ []string) error {
		c, err := a.settings(cmd)
		if err != nil {
			return err
		}
		dir, err := os.MkdirTemp("", "waybill-bench-")
		if err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer os.RemoveAll(dir)
		c.Data = dir
		stack, err := a.stackOf(cmd.Context(), c)
		if err != nil {
			return err
		}
		defer a.close(stack)
		if err := s.run(cmd.Context(), stack, dir); err != nil {
			return err
		}
		return s.print()
	})
	cmd.Long = "Measure how long orders wait when processes of normalize join, leave and are killed. With --brokers it needs a cluster of its own: what it\n" +
		"feeds stays there."
	stackFlags(cmd)
	cmd.Flags().IntVar(&s.perSecond, "rate", 400, "orders a second, over all partitions")
	cmd.Flags().IntVar(&s.rows, "rows", 0, "rows of each partition that normalize remembers before it begins")
	return cmd
}

// stackOf is the cluster that is configured, or an embedded stack of its own.
func (a *app) stackOf(ctx context.Context, c *config.Config) (*stack, error) {
	if len(c.Kafka.Brokers) > 0 {
		return a.external(c)
	}
	return a.embed(ctx, c, "waybill bench")
}

func (s *scale) run(ctx context.Context, stack *stack, dir string) (err error) {
	if err := stack.provisionAll(ctx, s.app.log); err != nil {
		return err
	}
	registry, err := stack.schemas()
	if err != nil {
		return err
	}
	if err := fillTable(ctx, stack, registry, s.rows); err != nil {
		return err
	}
	store, err := runner.NewStore(stack.kafka, registry)
	if err != nil {
		return err
	}
	defer store.Close()
	s.crew = s.app.newCrew(stack, dir, []string{"normalize"})
	defer func() { err = errors.Join(err, s.crew.dismiss(syscall.SIGKILL)) }()
	b := &beat{stack: stack, store: store, perSecond: s.perSecond, seed: uint64(time.Now().UnixNano())}
	beating, stop := context.WithCancel(ctx)
	beaten := make(chan error, 1)
	go func() { beaten <- b.run(beating) }()
	err = s.handovers(ctx, b)
	stop()
	return errors.Join(err, <-beaten)
}

// Seconds that are watched after a change: until everything runs evenly again.
const (
	settleSeconds     = 8
	settleKillSeconds = 30
)

// handovers lets processes come and go, one after the other.
func (s *scale) handovers(ctx context.Context, b *beat) error {
	join := func(name string) func() error {
		return func() error {
			h, err := s.crew.start(name)
			if err != nil {
				return err
			}
			return h.await(ctx, name)
		}
	}
	end := func(name string, with syscall.Signal) func() error {
		return func() error { return s.crew.end(name, with) }
	}
	again := func(name string) func() error {
		return func() error { return errors.Join(s.crew.end(name, syscall.SIGKILL), join(name)()) }
	}
	for _, change := range []struct {
		what    string
		do      func() error
		seconds int
	}{
		{"first process starts", join("1"), settleSeconds},
		{"nothing happens", func() error { return nil }, settleSeconds},
		{"every second order is a new version of one and the same", func() error { b.hot.Store(true); return nil }, settleSeconds},
		{"nothing happens any more", func() error { b.hot.Store(false); return nil }, settleSeconds},
		{"second process joins", join("2"), settleSeconds},
		{"third process joins", join("3"), settleSeconds},
		{"fourth process joins", join("4"), settleSeconds},
		{"fourth process leaves (SIGTERM)", end("4", syscall.SIGTERM), settleSeconds},
		{"third process is killed (SIGKILL)", end("3", syscall.SIGKILL), settleKillSeconds},
		{"third process comes back", join("3"), settleSeconds},
		{"second process is killed and restarted at once", again("2"), settleKillSeconds},
		{"all but the first leave (SIGTERM)", func() error { return errors.Join(end("3", syscall.SIGTERM)(), end("2", syscall.SIGTERM)()) }, settleSeconds},
	} {
		if err := s.watch(ctx, b, change.what, change.do, time.Duration(change.seconds)*time.Second); err != nil {
			return fmt.Errorf("%s: %w", change.what, err)
		}
	}
	return nil
}

// watch measures what a change does to the orders that are due during it and until it has settled.
func (s *scale) watch(ctx context.Context, b *beat, what string, change func() error, settle time.Duration) error {
	began := time.Now()
	if err := change(); err != nil {
		return err
	}
	took := time.Since(began)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(settle):
	}
	until := time.Now().Add(-time.Second)
	for deadline := time.Now().Add(handSecondsMax * time.Second); b.missing(until) > 0; time.Sleep(beatEvery) {
		if time.Now().After(deadline) || ctx.Err() != nil {
			return fmt.Errorf("%d orders did not come out", b.missing(until))
		}
	}
	waits := b.between(began, until)
	longest, all := longestByPartition(waits)
	if len(all) == 0 {
		return errors.New("no order came out")
	}
	note := fmt.Sprintf("longest wait of an order; by partition %s to %s s; all: %s; the change itself took %.1f s; %d doubled",
		seconds(slices.Min(longest)), seconds(slices.Max(longest)), quantiles(all), took.Seconds(), b.doubts)
	ratio := 0.0
	if b.hot.Load() {
		_, others := longestByPartition(slices.DeleteFunc(waits, func(w waited) bool { return w.hot }))
		ratio = quantile(others, 0.99).Seconds() / s.p99.Seconds()
		note += "; ratio: p99 of the other orders to that of the line before"
	}
	s.p99 = quantile(all, 0.99)
	s.add(what, []float64{slices.Max(longest).Seconds()}, "s", ratio, note)
	return nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

// longestByPartition is the longest wait of each partition, and all waits.
func longestByPartition(waits []waited) (longest, all []time.Duration) {
	by := map[int32]time.Duration{}
	for _, w := range waits {
		by[w.partition] = max(by[w.partition], w.took)
		all = append(all, w.took)
	}
	for _, d := range by {
		longest = append(longest, d)
	}
	return longest, all
}
