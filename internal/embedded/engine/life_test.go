package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/internal/embedded/engine"
	"waybill/internal/embedded/enginetest"
)

func TestDataSurviveEveryKindOfEnd(t *testing.T) {
	ends := map[string]func(*enginetest.Process) error{
		"SIGTERM":        func(p *enginetest.Process) error { _, err := p.Signal(syscall.SIGTERM); return err },
		"SIGINT":         func(p *enginetest.Process) error { _, err := p.Signal(os.Interrupt.(syscall.Signal)); return err },
		"parent is gone": func(p *enginetest.Process) error { return p.Orphan() },
		"kill -9":        func(p *enginetest.Process) error { p.Kill(); return nil },
		"kill -9 again":  func(p *enginetest.Process) error { p.Kill(); return nil },
	}
	config := engine.Config{Dir: t.TempDir()}
	rows := uint64(0)
	for name, end := range ends {
		process := enginetest.Launch(t, config)
		conn := connect(t, process.DSN(), clickhouse.CompressionLZ4)
		execute(t, conn, t.Context(), "CREATE TABLE IF NOT EXISTS kept (n UInt64) ENGINE = MergeTree ORDER BY n")
		if got := value[uint64](t, conn, t.Context(), "SELECT count() FROM kept"); got != rows {
			t.Fatalf("before %s: %d rows, want %d", name, got, rows)
		}
		insertNumbers(t, conn, t.Context(), "kept", 1000)
		rows += 1000
		if err := end(process); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestASecondProcessOnTheSameFolderIsToldWhoHoldsIt(t *testing.T) {
	config := engine.Config{Dir: t.TempDir()}
	first := enginetest.Launch(t, config)
	said := enginetest.Fail(t, config)
	for _, want := range []string{config.Dir, "in use", strconv.Itoa(first.PID)} {
		if !strings.Contains(said, want) {
			t.Errorf("the message lacks %q: %s", want, said)
		}
	}
}

func TestALibraryThatIsNotThereIsExplained(t *testing.T) {
	t.Setenv("WAYBILL_CACHE", t.TempDir())
	said := enginetest.Fail(t, engine.Config{Dir: t.TempDir()})
	if !strings.Contains(said, "make fetch") {
		t.Errorf("the message does not say what to do: %s", said)
	}
}

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:8123", "example.org:80"} {
		if said := enginetest.Fail(t, engine.Config{Dir: t.TempDir(), Listen: address}); !strings.Contains(said, "loopback") {
			t.Errorf("%s: %s", address, said)
		}
	}
}

// A thread of the engine's own that crashes must end the process: a supervisor starts it again. With the engine's own
// signal handlers it would live on, dead, for minutes.
func TestACrashOfTheEngineEndsTheProcess(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGSEGV, syscall.SIGABRT, syscall.SIGBUS} {
		process := enginetest.Launch(t, engine.Config{Dir: t.TempDir()})
		ask(t, process.Address, "SELECT 1", "")
		if err := syscall.Tgkill(process.PID, engineThread(t, process.PID), signal); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- process.Wait() }()
		select {
		case err := <-ended:
			if err == nil {
				t.Errorf("%s: the process ended as if all were well", signal)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("%s: the process lives on", signal)
		}
	}
}

// engineThread finds a thread that the library has started: it names its threads.
func engineThread(t *testing.T, pid int) int {
	names, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/comm", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range names {
		name, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(name), "SchPool") {
			thread, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				t.Fatal(err)
			}
			return thread
		}
	}
	t.Fatal("the engine has no thread of its own")
	return 0
}

// The library puts the deadly signals back to their default with every connection; Go needs its handlers to turn a
// nil pointer into a panic. This process is Go alone and says what they should be.
func TestTheGoRuntimeKeepsItsSignals(t *testing.T) {
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir()})
	for range 20 {
		ask(t, process.Address, "SELECT 1", "")
	}
	want, got := caughtSignals(t, os.Getpid()), caughtSignals(t, process.PID)
	if want != got {
		t.Errorf("caught signals: %s, want those of a Go process: %s", got, want)
	}
}

func caughtSignals(t *testing.T, pid int) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "SigCgt:")
	mask, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(mask)
}

func TestAStopKillsTheQueriesThatDoNotEnd(t *testing.T) {
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir(), StopSecondsMax: 1})
	conn := connect(t, process.DSN(), clickhouse.CompressionNone)
	queried := make(chan error, 1)
	go func() { queried <- conn.Exec(context.WithoutCancel(t.Context()), endlessQuery) }()
	waitFor(t, "the query runs", func() bool { return runningQueries(t, process.Address) == 1 })
	if _, err := process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("the engine ended with %v: %s", err, process.Log())
	}
	if err := <-queried; err == nil {
		t.Error("the endless query ended well")
	}
}
