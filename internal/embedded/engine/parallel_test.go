package engine_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/internal/embedded/engine"
	"waybill/internal/embedded/enginetest"
)

// More writers and readers than there are connections, with failing and killed queries among them.
func TestWritersAndReadersRunSideBySide(t *testing.T) {
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir(), Connections: 4})
	options, err := clickhouse.ParseDSN(process.DSN())
	if err != nil {
		t.Fatal(err)
	}
	options.MaxOpenConns = 16
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	execute(t, conn, t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
	const writers, readers, rounds, rows = 6, 6, 10, 2000
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range rounds {
				if err := sendNumbers(t.Context(), conn, "t", rows); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range readers {
		all.Go(func() {
			for range rounds {
				var part uint64
				if err := conn.QueryRow(t.Context(), "SELECT toUInt64(count() % 2000) FROM t").Scan(&part); err != nil || part != 0 {
					t.Errorf("%d rows of a part of a batch, error %v", part, err)
				}
				if err := conn.Exec(t.Context(), "SELECT throwIf(1)"); !isException(err, 395) {
					t.Errorf("got %v, want an exception with code 395", err)
				}
				if err := conn.Exec(with(t.Context(), clickhouse.Settings{"max_execution_time": 0.05}), endlessQuery); !isException(err, 159) {
					t.Errorf("got %v, want an exception with code 159", err)
				}
			}
		})
	}
	all.Wait()
	if got := value[uint64](t, conn, t.Context(), "SELECT count() FROM t"); got != writers*rounds*rows {
		t.Errorf("%d rows, want %d", got, writers*rounds*rows)
	}
}

// Each request takes a fresh connection: they must not pile up.
func TestMemoryDoesNotGrowWithRequests(t *testing.T) {
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir()})
	ask(t, process.Address, "CREATE TABLE t (n UInt64) ENGINE = Memory", "")
	requests := func(n int) {
		for range n {
			ask(t, process.Address, "SELECT 1", "max_threads=1")
		}
	}
	requests(200)
	before := statusKiB(t, process.PID, "VmRSS:")
	requests(600)
	if grown := statusKiB(t, process.PID, "VmRSS:") - before; grown > 32<<10 {
		t.Errorf("600 requests have taken %d KiB", grown)
	} else {
		t.Logf("600 requests: %d KiB more, now %d KiB", grown, before+grown)
	}
}

// statusKiB reads a size from what the kernel knows of a process.
func statusKiB(t *testing.T, pid int, name string) (size int) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), name)
	if _, err := fmt.Sscan(rest, &size); err != nil {
		t.Fatal(err)
	}
	return size
}
