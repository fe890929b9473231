package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"waybill/internal/embedded/lock"
)

// The test binary, started again with this variable, is a child or a parent of its own.
const playVariable = "WAYBILL_EMBEDDED_PLAY"

func TestMain(m *testing.M) {
	if os.Getenv(playVariable) == "" {
		os.Setenv(playVariable, "1") // for all that this process starts
		os.Exit(m.Run())
	}
	if err := play(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// play is the command line of the binary, as far as the stack needs it: `<verb> --dir DIR [--listen …] [--sync]`.
func play(arguments []string) error {
	verb, dir, listen := arguments[0], arguments[2], ""
	if len(arguments) > 4 && arguments[3] == "--listen" {
		listen = arguments[4]
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	switch {
	case verb == "parent":
		return playParent(dir)
	case verb == "kafka":
		return ServeKafka(context.Background(), dir, listen, false, log)
	case has(dir, "real-engine"):
		return ServeClickHouse(context.Background(), dir, listen, "", log)
	default:
		return playEngine(dir, listen)
	}
}

// playParent runs a stack, tells its instance, and waits to be killed.
func playParent(dir string) error {
	stack, err := Start(context.Background(), Config{
		Dir: dir, Purpose: PurposeUp, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return err
	}
	if err := stack.Announce(Instance{Listen: "http://127.0.0.1:1"}); err != nil {
		return err
	}
	fmt.Println("ready")
	select {}
}

// playEngine stands for the engine where a test needs one that misbehaves. How, say files in the data folder.
func playEngine(dir, listen string) error {
	ctx, cancel := asChild(context.Background())
	defer cancel()
	if has(dir, "cannot-start") {
		return fmt.Errorf("the moon is in the wrong house")
	}
	if has(dir, "never-ready") {
		<-ctx.Done()
		return nil
	}
	held, err := lock.Take(ctx, filepath.Join(dir, "engine-lock"), "engine", func(lock.Holder) time.Duration { return predecessorWait })
	if err != nil {
		return err
	}
	defer held.Release()
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getpid()) }))
	say(ready{ClickHouse: "http://" + listener.Addr().String() + "/default"})
	if has(dir, "crashes") {
		return fmt.Errorf("bang")
	}
	if has(dir, "deaf") {
		signal.Ignore(syscall.SIGTERM)
		select {}
	}
	<-ctx.Done()
	if has(dir, "slow-end") {
		time.Sleep(time.Second)
		fmt.Fprintln(os.Stderr, "still ending, though nobody listens any more")
		return os.WriteFile(filepath.Join(dir, "ended-cleanly"), nil, 0o600)
	}
	return nil
}

func has(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

func put(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, dir string, change ...func(*Config)) *Stack {
	t.Helper()
	stack, err := tryStart(t, dir, change...)
	if err != nil {
		t.Fatal(err)
	}
	return stack
}

func tryStart(t *testing.T, dir string, change ...func(*Config)) (*Stack, error) {
	t.Helper()
	config := Config{Dir: dir, Purpose: "a test", Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	for _, c := range change {
		c(&config)
	}
	stack, err := Start(within(t), config)
	if err == nil {
		t.Cleanup(func() { _ = stack.Stop(context.Background()) })
	}
	return stack, err
}

func stop(t *testing.T, stack *Stack) {
	t.Helper()
	if err := stack.Stop(within(t)); err != nil {
		t.Fatal(err)
	}
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
