// Package enginetest gives a test binary a real ClickHouse engine: the embedded one, in a child process, as in
// production. The child is the test binary itself, started again, so any package can use it:
//
//	func TestMain(m *testing.M) { enginetest.Main(m) }
//
//	func TestRowsLand(t *testing.T) {
//		options, err := clickhouse.ParseDSN(enginetest.Start(t))
//		…
//	}
//
// It must not know what is tested with it.
package enginetest

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"waybill/internal/embedded/engine"
)

// shared is the one engine of this test binary.
var shared struct {
	once      sync.Once
	process   *Process
	dir       string
	err       error
	databases atomic.Int64
}

// Main runs the tests of a package and exits; in a process that a test has started, it is the engine instead.
func Main(m *testing.M) {
	if isChild() {
		os.Exit(serveAsChild())
	}
	if _, err := engine.LibraryPath(); err != nil {
		fmt.Fprintln(os.Stderr, "these tests need the real engine:", err)
		os.Exit(1)
	}
	code := m.Run()
	if shared.process != nil {
		shared.process.Kill()
		os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// Start returns the DSN, http://host:port/database, of a new empty database that is dropped when the test ends. The
// engine behind it starts with the first call and serves the whole test binary.
func Start(t testing.TB) (dsn string) {
	t.Helper()
	shared.once.Do(startShared)
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	database := fmt.Sprintf("test_%d", shared.databases.Add(1))
	if err := do(shared.process.Address, "CREATE DATABASE "+database); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := do(shared.process.Address, "DROP DATABASE "+database); err != nil {
			t.Error(err)
		}
	})
	return "http://" + shared.process.Address + "/" + database
}

func startShared() {
	shared.dir, shared.err = os.MkdirTemp("", "waybill-enginetest-")
	if shared.err == nil {
		shared.process, shared.err = launch(engine.Config{Dir: shared.dir})
	}
}

func do(address, statement string) error {
	answer, err := http.Post("http://"+address+"/", "text/plain", strings.NewReader(statement))
	if err != nil {
		return fmt.Errorf("ask the engine: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", statement, text)
	}
	return err
}
