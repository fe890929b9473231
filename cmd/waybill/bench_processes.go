package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kadm"
	"golang.org/x/sys/unix"

	"waybill/internal/config"
	"waybill/internal/runner"
	"waybill/internal/sandbox"
	"waybill/topics"
)

// growth measures how much more a step does with more processes, as long as no processor is full: each process gets a small share of one.
type growth struct {
	*bench
	share int // of a processor, in percent, for each process
	count int // orders that wait, for each process
}

func (a *app) benchProcesses() *cobra.Command {
	g := &growth{bench: &bench{app: a}}
	cmd := verb("", "processes", "Measure how much more normalize does with two and four processes, each of which gets a share of a processor", func(cmd *cobra.Command, _ []string) error {
		if g.share < 1 || g.share > 100 {
			return usage("--share %d: give a number from 1 to 100", g.share)
		}
		return g.alone(cmd, func(c *config.Config) { c.Kafka.Partitions = growthPartitions }, g.run)
	})
	cmd.Flags().IntVar(&g.share, "share", 15, "percent of one processor that each process gets: all of them, and the broker, have to find room")
	cmd.Flags().IntVar(&g.count, "orders", 150_000, "orders that wait for each process when it is measured")
	return cmd
}

// How long nothing is measured until the processes have shared the work, and how long it then is.
const (
	growthSettles = 10 * time.Second
	growthLasts   = 45 * time.Second

	growthPartitions = 8
	growthBatch      = 2_000 // records of a transaction: with more, a process that has so little of a processor commits every ten seconds
	storedAtOnce     = 1_000
)

func (g *growth) run(ctx context.Context, stack *stack) error {
	if err := stack.provisionAll(ctx, g.app.log); err != nil {
		return err
	}
	before := 0.0
	for n, processes := range []int{1, 2, 4} {
		perSecond, err := g.measure(ctx, stack, processes, uint64(n+1))
		if err != nil {
			return fmt.Errorf("%d processes: %w", processes, err)
		}
		ratio := 0.0
		if before > 0 {
			ratio = perSecond / before
		}
		note := fmt.Sprintf("%d %% of a processor each, %d partitions; ratio: to half as many processes", g.share, growthPartitions)
		g.add(fmt.Sprintf("normalize, %d processes", processes), []float64{perSecond}, "orders/s", ratio, note)
		before = perSecond
	}
	return nil
}

// measure is how many orders a second so many processes take from what waits.
func (g *growth) measure(ctx context.Context, stack *stack, processes int, seed uint64) (perSecond float64, err error) {
	crew := g.app.newCrew(stack, filepath.Join(stack.config.Data, fmt.Sprint("crew-", processes)), []string{"normalize"}, "GOMAXPROCS=1", fmt.Sprint("WAYBILL_RUNNER_BATCH_RECORDS_MAX=", growthBatch))
	defer func() { err = errors.Join(err, crew.dismiss(syscall.SIGKILL)) }()
	for i := range processes {
		name := fmt.Sprintf("%d-of-%d", i+1, processes)
		h, err := crew.start(name)
		if err != nil {
			return 0, err
		}
		if err := h.await(ctx, name); err != nil {
			return 0, err
		}
	}
	throttled, free := context.WithCancel(ctx)
	var throttling sync.WaitGroup
	defer throttling.Wait()
	defer free()
	for _, h := range crew.hands {
		throttling.Go(func() { g.throttle(throttled, h) })
	}
	if err := g.pile(ctx, stack, processes*g.count, seed); err != nil {
		return 0, err
	}
	if err := wait(ctx, growthSettles); err != nil {
		return 0, err
	}
	from, _, err := g.taken(ctx, stack)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := wait(ctx, growthLasts); err != nil {
		return 0, err
	}
	to, left, err := g.taken(ctx, stack)
	if err == nil && left == 0 {
		err = errors.New("nothing waited any more at the end: give more --orders, or a smaller --share")
	}
	return float64(to-from) / time.Since(began).Seconds(), err
}

// throttle stops a process whenever it has used more of a processor than its share, as a quota of a container does.
func (g *growth) throttle(ctx context.Context, h *hand) {
	const (
		look  = 2 * time.Millisecond
		saved = 20 * time.Millisecond // of its share, while it waits
	)
	resume := func() { _ = h.cmd.Process.Signal(syscall.SIGCONT) } // it may have ended
	defer resume()
	left, before, stopped := time.Duration(0), usedBy(h.cmd.Process.Pid), false
	for last := time.Now(); wait(ctx, look) == nil; {
		used, now := usedBy(h.cmd.Process.Pid), time.Now()
		left = min(saved, left+now.Sub(last)*time.Duration(g.share)/100-(used-before))
		before, last = used, now
		switch {
		case left < 0 && !stopped:
			stopped = h.cmd.Process.Signal(syscall.SIGSTOP) == nil
		case left >= 0 && stopped:
			resume()
			stopped = false
		}
	}
}

// usedBy is how much of the processors a process has used so far (clock_getcpuclockid(3): the clock of a process is its complement, shifted).
func usedBy(pid int) time.Duration {
	const scheduled = 2
	var t unix.Timespec
	_ = unix.ClockGettime(int32(^pid<<3|scheduled), &t) // 0 once it has ended
	return time.Duration(t.Nano())
}

// pile stores so many orders for normalize.
func (g *growth) pile(ctx context.Context, stack *stack, orders int, seed uint64) error {
	registry, err := stack.schemas()
	if err != nil {
		return err
	}
	store, err := runner.NewStore(stack.kafka, registry)
	if err != nil {
		return err
	}
	defer store.Close()
	payloads, err := sandbox.Generate(sandbox.Options{Channel: "allegro", Orders: orders, Seed: seed})
	if err != nil {
		return err
	}
	b := &beat{due: map[string]time.Time{}}
	var messages []topics.Message
	for p := range payloads {
		if messages = append(messages, b.message(p, time.Time{})); len(messages) < storedAtOnce {
			continue
		}
		if err := store.Store(ctx, messages); err != nil {
			return err
		}
		messages = nil
	}
	return store.Store(ctx, messages)
}

// taken is how many records of orders.raw normalize has taken, and how many it has not.
func (g *growth) taken(ctx context.Context, stack *stack) (done, left int64, err error) {
	err = stack.admin(ctx, func(admin *kadm.Client) error {
		group := stack.config.Deployment + ".normalize"
		lags, err := admin.Lag(ctx, group)
		if err != nil {
			return fmt.Errorf("ask how far %s is: %w", group, err)
		}
		described := lags[group]
		for _, l := range described.Lag.Sorted() {
			if l.Topic == topics.OrdersRaw.Name {
				done, left = done+max(0, l.Commit.At), left+l.Lag
			}
		}
		return described.Error()
	})
	return done, left, err
}
