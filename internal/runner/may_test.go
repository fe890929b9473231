package runner

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"waybill/processors"
	"waybill/topics"
)

// begin runs a step with what a test makes of its configuration.
func (r *rig) begin(step processors.Processor, instance string, change func(*Config)) *member {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := Config{Kafka: r.kafka, Deployment: "test", Instance: instance, Dir: filepath.Join(r.dir, instance), Log: quiet(), Limits: r.limits}
	change(&c)
	run := New(c, step, r.registry)
	done := make(chan error, 1)
	go func() { done <- run.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			r.t.Errorf("run %s: %v", instance, err)
		}
	})
	r.t.Cleanup(stop)
	return &member{Runner: run, cancel: cancel, stop: stop}
}

func TestAProcessThatMayNotLeavesItsPartitionsToThoseWhoMayAndComesAgain(t *testing.T) {
	r := newRig(t)
	r.limits.SessionMax = 50 * time.Second // nobody waits for that
	step := r.toyTopics(&toy{})
	var mayNot atomic.Bool
	older := r.begin(step, "older", func(c *Config) {
		c.May = func() error {
			if mayNot.Load() {
				return errors.New("upgrade this instance")
			}
			return nil
		}
	})
	newer := r.start(step, "newer")
	both := func() bool { return len(r.members(step)) == 2 && older.Ready() == nil && newer.Ready() == nil }
	r.await("both work", both)
	r.feed(10, 0, 3)
	mayNot.Store(true)
	r.await("the older one has left", func() bool { return len(r.members(step)) == 1 })
	r.feed(10, 3, 3)
	r.awaitRead(step)
	if err := older.Ready(); err == nil || !strings.Contains(err.Error(), "upgrade this instance") {
		t.Errorf("the older one says %v", err)
	}
	mayNot.Store(false)
	r.await("both work again", both)
	want := r.feed(10, 6, 3)
	r.awaitRead(step)
	r.saidOnce(step, want)
}

// lines is a log whose lines a test counts.
type lines struct {
	mu   sync.Mutex
	said strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.Write(b)
}

func (l *lines) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.said.String(), text)
}

// without is the toy of a process that lacks a mapping, for as long as that is chosen.
func without(mapping *atomic.Bool, step processors.Processor) processors.Processor {
	handle := step.Handle
	step.Handle = func(event *topics.Event, state any) (processors.Result, error) {
		if mapping.Load() {
			return processors.Result{}, processors.ErrMapping
		}
		return handle(event, state)
	}
	return step
}

func TestAProcessWithoutTheChosenMappingRestsAndOthersGoOnForwardAndBack(t *testing.T) {
	r := newRig(t)
	newest := (&toy{})
	step := r.toyTopics(newest)
	var chosen atomic.Bool
	said := &lines{}
	older := r.begin(without(&chosen, (&toy{}).step()), "older", func(c *Config) { c.Log = slog.New(slog.NewTextHandler(said, nil)) })
	newer := r.start(step, "newer")
	r.await("both work", func() bool { return len(r.members(step)) == 2 && older.Ready() == nil && newer.Ready() == nil })
	r.feed(12, 0, 2)
	r.awaitRead(step)

	chosen.Store(true)
	r.feed(12, 2, 2)
	r.await("the older one rests, and says why", func() bool {
		err := older.Ready()
		return err != nil && strings.Contains(err.Error(), "upgrade this instance")
	})
	once := testutil.ToFloat64(older.metrics.rests)
	r.await("it has looked again and again", func() bool { return testutil.ToFloat64(older.metrics.rests) > once+2*partitions })
	if n := said.count("partition rests"); n == 0 || n > partitions {
		t.Errorf("it was said %d times:\n%s", n, said.said.String())
	}
	chosen.Store(false)
	r.awaitRead(step)
	r.await("the older one is well", func() bool { return older.Ready() == nil })

	chosen.Store(true)
	want := r.feed(12, 4, 2)
	r.await("the older one rests again", func() bool { return older.Ready() != nil })
	older.stop()
	r.awaitRead(step)
	r.saidOnce(step, want)
}
