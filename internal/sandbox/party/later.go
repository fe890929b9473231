package party

import (
	"sync"
	"time"
)

// Later does things after a while, until it is closed: what is then still to come never happens.
type Later struct {
	done chan struct{}

	mu     sync.Mutex
	closed bool
	tasks  map[*task]struct{}
	busy   sync.WaitGroup
}

type task struct{ timer *time.Timer }

// NewLater has nothing to do yet.
func NewLater() *Later {
	return &Later{done: make(chan struct{}), tasks: map[*task]struct{}{}}
}

// After does it after a while, on a goroutine of its own.
func (l *Later) After(wait time.Duration, do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	t := &task{}
	t.timer = time.AfterFunc(wait, func() {
		if l.begin(t) {
			defer l.busy.Done()
			do()
		}
	})
	l.tasks[t] = struct{}{}
}

func (l *Later) begin(t *task) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	delete(l.tasks, t)
	l.busy.Add(1)
	return true
}

// Go runs something that ends when Done is closed.
func (l *Later) Go(do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.busy.Go(do)
	}
}

// Done is closed when it is.
func (l *Later) Done() <-chan struct{} { return l.done }

// Wait waits; false if it was closed before the end.
func (l *Later) Wait(wait time.Duration) bool {
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.done:
		return false
	}
}

// Close forgets what is still to come, and waits for what is being done.
func (l *Later) Close() {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.done)
		for t := range l.tasks {
			t.timer.Stop()
		}
		clear(l.tasks)
	}
	l.mu.Unlock()
	l.busy.Wait()
}
