package main

import (
	"context"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
	"time"
)

// kind is one kind of fault: what has to be drawn of it, and how it is done. It ends with all as it was before.
type kind struct {
	draw func(random *rand.Rand, f *fault)
	do   func(ctx context.Context, s *system, f fault) error
}

// catalogue is every kind of fault.
var catalogue = map[string]kind{
	"kill":     {drawShort, killed},
	"takeover": {drawShort, takenOver},
	"stop":     {drawStop, stopped},
	"term":     {drawShort, termed},
	"storm":    {drawStorm, storm},
	"scale":    {drawLong, scaled},
	"cut":      {drawCut, cut},
	"broker":   {drawBroker, brokerKilled},
	"engine":   {drawOutage, engineKilled},
	"registry": {drawOutage, registryKilled},
	"disk":     {drawLong, diskFull},
}

func drawInstance(random *rand.Rand, f *fault) { f.Instance = 1 + random.IntN(instancesCount) }

func drawShort(random *rand.Rand, f *fault) {
	drawInstance(random, f)
	f.For = between(random, 10*time.Millisecond, 3*time.Second)
}

func drawLong(random *rand.Rand, f *fault) {
	drawInstance(random, f)
	f.For = between(random, 4*time.Second, 8*time.Second)
}

func drawStop(random *rand.Rand, f *fault) {
	drawInstance(random, f)
	f.For = between(random, sessionTime+time.Second, sessionTime+4*time.Second)
}

func drawStorm(random *rand.Rand, f *fault) { f.For = between(random, 6*time.Second, 9*time.Second) }

func drawOutage(random *rand.Rand, f *fault) {
	f.For = between(random, 200*time.Millisecond, 5*time.Second)
}

func drawBroker(random *rand.Rand, f *fault) {
	f.Broker = random.IntN(brokersCount + 1) // 0 is the one that leads the controllers
	drawOutage(random, f)
}

func drawCut(random *rand.Rand, f *fault) {
	drawInstance(random, f)
	f.Mode = []string{refusing, hole, reset}[random.IntN(3)]
	if random.IntN(2) == 0 {
		f.Broker = 1 + random.IntN(brokersCount)
	}
	f.For = between(random, 500*time.Millisecond, sessionTime+3*time.Second)
}

// killed is SIGKILL and a start under the same name.
func killed(ctx context.Context, s *system, f fault) error {
	i := s.instances[f.Instance-1]
	i.kill()
	pause(ctx, f.For)
	i.start(false)
	return nil
}

// takenOver is SIGKILL, and another that takes over what the killed one had.
func takenOver(ctx context.Context, s *system, f fault) error {
	i := s.instances[f.Instance-1]
	i.kill()
	pause(ctx, f.For)
	i.start(true)
	return nil
}

// stopped is SIGSTOP for longer than the session: what it wakes up with is no longer so.
func stopped(ctx context.Context, s *system, f fault) error {
	i := s.instances[f.Instance-1]
	i.signal(syscall.SIGSTOP)
	pause(ctx, f.For)
	i.signal(syscall.SIGCONT)
	return nil
}

func termed(ctx context.Context, s *system, f fault) error {
	i := s.instances[f.Instance-1]
	i.term()
	pause(ctx, f.For)
	i.start(false)
	return nil
}

// scaled goes from three to one and back, cleanly.
func scaled(ctx context.Context, s *system, f fault) error {
	var ending sync.WaitGroup
	var others []*instance
	for _, i := range s.instances[:instancesCount] {
		if i.number != f.Instance {
			others = append(others, i)
			ending.Go(i.term)
		}
	}
	pause(ctx, f.For)
	ending.Wait()
	for _, i := range others {
		i.start(false)
	}
	return nil
}

// stormPause is how long one more process stays, and stays away, while the partitions are shared out again and again.
const stormPause = 700 * time.Millisecond

func storm(ctx context.Context, s *system, f fault) error {
	extra := s.instances[instancesCount]
	for until := time.Now().Add(f.For); time.Now().Before(until) && ctx.Err() == nil; {
		extra.start(false)
		pause(ctx, 2*stormPause)
		extra.term()
		pause(ctx, stormPause)
	}
	return nil
}

// cut takes one process from one broker or from all.
func cut(ctx context.Context, s *system, f fault) error {
	wires := s.cluster.wires[f.Instance-1]
	if f.Broker > 0 {
		wires = wires[f.Broker-1 : f.Broker]
	}
	for _, w := range wires {
		w.cut(f.Mode)
	}
	pause(ctx, f.For)
	for _, w := range wires {
		if err := w.mend(); err != nil {
			return err
		}
	}
	return nil
}

func brokerKilled(ctx context.Context, s *system, f fault) (err error) {
	n := f.Broker
	if n == 0 {
		if n, err = s.cluster.controller(ctx); err != nil {
			return err
		}
	}
	if err := s.cluster.killBroker(ctx, n); err != nil {
		return err
	}
	pause(ctx, f.For)
	return s.cluster.startBroker(ctx, n)
}

func engineKilled(ctx context.Context, s *system, f fault) error {
	s.engine.child.kill()
	pause(ctx, f.For)
	return s.engine.start(ctx)
}

func registryKilled(ctx context.Context, s *system, f fault) error {
	if err := s.cluster.killRegistry(ctx); err != nil {
		return err
	}
	pause(ctx, f.For)
	return s.cluster.startRegistry(ctx)
}

// diskFull fills the disk that the tables of a process lie on; the process may be started again meanwhile.
func diskFull(ctx context.Context, s *system, f fault) error {
	i := s.instances[f.Instance-1]
	fill, err := fillUp(i.dir)
	if err != nil {
		return err
	}
	defer os.Remove(fill)
	pause(ctx, f.For/2)
	i.term()
	i.start(false)
	pause(ctx, f.For/2)
	return nil
}

func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
