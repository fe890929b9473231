package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"
)

// Name is the name of a child process.
type Name string

const (
	Kafka      Name = "kafka"      // the broker and the registry
	ClickHouse Name = "clickhouse" // the engine
)

// Child is a child that runs again.
type Child struct {
	Name   Name
	BootID string // of the broker
	Cause  error  // why the former one ended
}

const (
	crashesMax    = 5 // within crashWindow, then it is given up
	crashWindow   = time.Minute
	restartWait   = 100 * time.Millisecond // doubled with every crash in the window
	lastLinesKept = 20
)

// supervisor keeps one child running.
type supervisor struct {
	name        Name
	executable  string
	arguments   []string
	environment []string // beside the parent's own
	log         *slog.Logger
	startWait   time.Duration
	stopWait    time.Duration
	restarted   chan Child
	failed      chan error

	stopping chan struct{} // closed by stop
	ended    chan struct{} // closed when the child has ended and none will follow

	mu       sync.Mutex
	ready    ready    // what the last child that became ready said
	process  *process // the one that runs, or starts
	stopOnce sync.Once
}

// start starts the child and returns when it is ready.
func (s *supervisor) start(ctx context.Context) error {
	s.stopping, s.ended = make(chan struct{}), make(chan struct{})
	started := make(chan error, 1)
	go s.keep(ctx, started)
	return <-started
}

// keep is the child's life, and all its rebirths. A child is told to end when the *thread* that started it ends, so this
// goroutine keeps its thread for itself.
func (s *supervisor) keep(ctx context.Context, started chan<- error) {
	runtime.LockOSThread() // and never unlocks it
	defer close(s.ended)
	process, err := s.launch(ctx)
	started <- err
	if err != nil {
		return
	}
	var crashes []time.Time
	for {
		cause := process.wait()
		if s.isStopping() {
			return
		}
		s.log.Error("the child ended unasked and is started again", "cause", cause)
		for process = nil; process == nil; {
			crashes = recent(append(crashes, time.Now()))
			if len(crashes) >= crashesMax {
				s.failed <- fmt.Errorf("%s ended %d times within %s, the last time with: %w", s.name, len(crashes), crashWindow, cause)
				return
			}
			if !s.pause(restartWait << (len(crashes) - 1)) {
				return
			}
			process, err = s.launch(context.Background())
			if err != nil {
				cause = err
			}
		}
		s.tell(Child{Name: s.name, BootID: s.now().BootID, Cause: cause})
	}
}

func recent(times []time.Time) []time.Time {
	for len(times) > 0 && time.Since(times[0]) > crashWindow {
		times = times[1:]
	}
	return times
}

// launch starts a child at the addresses that the former one had, and waits until it is ready.
func (s *supervisor) launch(ctx context.Context) (*process, error) {
	s.mu.Lock()
	p, err := run(s.executable, append(s.arguments[:len(s.arguments):len(s.arguments)], s.ready.listen()...), s.environment, s.log)
	s.process = p
	s.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", s.name, err)
	}
	patience := time.NewTimer(s.startWait)
	defer patience.Stop()
	var cause error
	select {
	case r := <-p.ready:
		s.mu.Lock()
		s.ready = r
		s.mu.Unlock()
		return p, nil
	case <-p.gone:
		return nil, fmt.Errorf("start %s: %w", s.name, p.wait())
	case <-patience.C:
		cause = fmt.Errorf("it was not ready within %s", s.startWait)
	case <-s.stopping:
		cause = errors.New("it was stopped")
	case <-ctx.Done():
		cause = ctx.Err()
	}
	s.end(p)
	return nil, fmt.Errorf("start %s: %w%s", s.name, cause, p.output.told())
}

// stop ends the child, and returns when it has ended.
func (s *supervisor) stop() error {
	if s.stopping == nil {
		return nil
	}
	s.stopOnce.Do(func() { close(s.stopping) })
	s.mu.Lock()
	p := s.process
	s.mu.Unlock()
	var err error
	if p != nil {
		err = s.end(p)
	}
	<-s.ended
	return err
}

// end asks a process to end, and kills it if it does not.
func (s *supervisor) end(p *process) error {
	select {
	case <-p.gone:
		return nil // long ago, and that was told
	default:
	}
	p.terminate()
	patience := time.NewTimer(s.stopWait)
	defer patience.Stop()
	select {
	case <-p.gone:
	case <-patience.C:
		p.kill()
		<-p.gone
		return fmt.Errorf("%s did not end within %s and was killed%s", s.name, s.stopWait, p.output.told())
	}
	if err := p.wait(); err != nil {
		return fmt.Errorf("stop %s: %w", s.name, err)
	}
	return nil
}

func (s *supervisor) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		s.process.kill()
	}
}

func (s *supervisor) now() ready {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready
}

func (s *supervisor) isStopping() bool {
	select {
	case <-s.stopping:
		return true
	default:
		return false
	}
}

// pause waits, and is false if the child shall end meanwhile.
func (s *supervisor) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-s.stopping:
		return false
	}
}

// tell never waits for its listener: what matters is the last restart.
func (s *supervisor) tell(c Child) {
	for {
		select {
		case s.restarted <- c:
			return
		default:
		}
		select {
		case <-s.restarted:
		default:
		}
	}
}
