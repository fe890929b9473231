// Package embedded runs the whole outside of a pipeline on one machine, without a server to install: a Kafka broker, a
// schema registry and a ClickHouse engine on one data folder, each in a child process of the binary.
//
// So the pipeline can die without them, as in production, and a crash of the engine takes nothing along. The children are
// supervised, end cleanly with their parent however it ends, and are found by other commands on the same folder. The
// package knows nothing of topics, tables or what runs on the stack.
package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/internal/embedded/lock"
)

// Config says on which folder a stack works, and for whom.
type Config struct {
	Dir        string // data folder, created if missing
	Executable string // what is run as children, `<it> kafka …` and `<it> clickhouse …`; this binary if empty
	Sync       bool   // the broker writes every batch through to the disk
	Library    string // path of libchdb.so; where the engine looks for it if empty
	Purpose    string // what holds the folder, as its user typed it: "waybill up"
	Log        *slog.Logger

	// Wait is how long to wait for another process that holds the folder. If zero, 2 s for an instance that runs until
	// it is stopped (its purpose is PurposeUp), 30 s for a command that will end by itself.
	Wait time.Duration
	// StartWait bounds the start of a child, with the end of its predecessor; 90 s if zero.
	StartWait time.Duration
	// StopWait bounds its clean end, after which it is killed; 30 s if zero.
	StopWait time.Duration
}

// PurposeUp is the purpose of an instance that runs until it is stopped.
const PurposeUp = "waybill up"

// Stack is a running broker, registry and engine. Its addresses stay the same when a child is started again.
type Stack struct {
	Brokers    []string
	Registry   string // http://host:port
	ClickHouse string // http://host:port/default, a DSN

	config    Config
	lock      *lock.Lock
	kafka     *supervisor
	engine    *supervisor
	restarted chan Child
	failed    chan error
	password  string // of the engine, which every user of the machine could reach otherwise
	started   time.Time
	stop      func() error
}

// Start takes the folder and starts everything on it; it returns when all is ready. ctx bounds the start: the stack runs
// until Stop.
func Start(ctx context.Context, config Config) (*Stack, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	held, err := lock.Take(ctx, lockFile(config.Dir), config.Purpose, config.patience)
	if err != nil {
		return nil, explain(err)
	}
	s := &Stack{
		config: config, lock: held, started: time.Now(), password: rand.Text(),
		restarted: make(chan Child, 16), failed: make(chan error, 2),
	}
	s.stop = sync.OnceValue(s.end)
	s.kafka = s.supervise(Kafka, "kafka")
	s.engine = s.supervise(ClickHouse, "clickhouse")
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// Stop ends the children cleanly, within StopWait or until ctx ends, and gives the folder free. Clients should be closed
// before.
func (s *Stack) Stop(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- s.stop() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		s.kafka.kill()
		s.engine.kill()
		return errors.Join(<-ended, fmt.Errorf("stop the embedded stack: %w", ctx.Err()))
	}
}

// Restarted tells that a child had died and runs again, at the same address: its clients must be built anew, and
// transactional ids with the new boot id.
func (s *Stack) Restarted() <-chan Child { return s.restarted }

// Failed tells that a child died too often and is not started again. The owner should stop.
func (s *Stack) Failed() <-chan error { return s.failed }

// BootID is that of the broker that runs now; see broker.Addresses.
func (s *Stack) BootID() string { return s.kafka.now().BootID }

func (c Config) withDefaults() (_ Config, err error) {
	if c.Dir == "" {
		return c, errors.New("start the embedded stack: no data folder was named")
	}
	if c.Dir, err = filepath.Abs(c.Dir); err != nil {
		return c, err
	}
	if c.Executable == "" {
		if c.Executable, err = os.Executable(); err != nil {
			return c, fmt.Errorf("start the embedded stack: find this program: %w", err)
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.StartWait == 0 {
		c.StartWait = 90 * time.Second
	}
	if c.StopWait == 0 {
		c.StopWait = 30 * time.Second
	}
	return c, nil
}

func (c Config) patience(holder lock.Holder) time.Duration {
	switch {
	case c.Wait != 0:
		return c.Wait
	case holder.Purpose == PurposeUp:
		return 2 * time.Second
	default:
		return 30 * time.Second
	}
}

// explain says what to do about a folder in use.
func explain(err error) error {
	var inUse *lock.InUse
	if !errors.As(err, &inUse) {
		return err
	}
	if inUse.Holder.Purpose == PurposeUp {
		return fmt.Errorf("%w: talk to that instance, stop it, or name another folder with --data", err)
	}
	return fmt.Errorf("%w: wait until it ends, or name another folder with --data", err)
}

func (s *Stack) supervise(name Name, verb string) *supervisor {
	arguments := []string{verb, "--dir", s.config.Dir}
	if name == Kafka && s.config.Sync {
		arguments = append(arguments, "--sync")
	}
	if name == ClickHouse && s.config.Library != "" {
		arguments = append(arguments, "--library", s.config.Library)
	}
	return &supervisor{
		name: name, executable: s.config.Executable, arguments: arguments, environment: []string{passwordVariable + "=" + s.password}, log: s.config.Log.With("child", string(name)),
		startWait: s.config.StartWait, stopWait: s.config.StopWait,
		restarted: s.restarted, failed: s.failed,
	}
}

// begin starts both children at once and waits for both.
func (s *Stack) begin(ctx context.Context) error {
	starts, ctx := errgroup.WithContext(ctx)
	starts.Go(func() error { return s.kafka.start(ctx) })
	starts.Go(func() error { return s.engine.start(ctx) })
	if err := starts.Wait(); err != nil {
		return err
	}
	kafka, engine := s.kafka.now(), s.engine.now()
	s.Brokers, s.Registry = slices.Clone(kafka.Brokers), kafka.Registry
	s.ClickHouse = strings.Replace(engine.ClickHouse, "://", "://default:"+s.password+"@", 1)
	return nil
}

func (s *Stack) end() error {
	err := removeInstance(s.config.Dir)
	errs := make([]error, 2)
	var ends sync.WaitGroup
	ends.Go(func() { errs[0] = s.kafka.stop() })
	ends.Go(func() { errs[1] = s.engine.stop() })
	ends.Wait()
	return errors.Join(err, errs[0], errs[1], s.lock.Release())
}
