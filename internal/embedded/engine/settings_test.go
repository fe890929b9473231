package engine_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/internal/embedded/engine"
	"waybill/internal/embedded/enginetest"
)

func with(ctx context.Context, settings clickhouse.Settings) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithSettings(settings))
}

func TestSettingsHoldForOneRequestOnly(t *testing.T) {
	conn := connect(t, enginetest.Start(t), clickhouse.CompressionNone)
	const query = "SELECT toUInt64(getSetting('max_threads'))"
	free := value[uint64](t, conn, t.Context(), query)
	for range 20 { // more than there are connections
		if got := value[uint64](t, conn, with(t.Context(), clickhouse.Settings{"max_threads": 7}), query); got != 7 {
			t.Fatalf("max_threads is %d, want 7", got)
		}
		if got := value[uint64](t, conn, t.Context(), query); got != free {
			t.Fatalf("max_threads is %d, want %d again", got, free)
		}
	}
	if err := conn.Exec(with(t.Context(), clickhouse.Settings{"no_such_setting": 1}), "SELECT 1"); !isException(err, 115) {
		t.Errorf("got %v, want an exception with code 115", err)
	}
}

func TestInsertsAreSynchronousByDefault(t *testing.T) {
	conn := connect(t, enginetest.Start(t), clickhouse.CompressionNone)
	if value[bool](t, conn, t.Context(), "SELECT getSetting('async_insert')") {
		t.Error("async_insert is on")
	}
	execute(t, conn, t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
	insertNumbers(t, conn, with(t.Context(), clickhouse.Settings{"async_insert": 1, "wait_for_async_insert": 1}), "t", 10)
	if got := value[uint64](t, conn, t.Context(), "SELECT count() FROM t"); got != 10 {
		t.Errorf("%d rows after an asynchronous insert that was waited for", got)
	}
}

// What the sink stands on: the same range under the same token lands once, in the table and in what its materialized
// view feeds, also when the engine was killed in between.
func TestARepeatedInsertLandsOnceAlsoBehindAMaterializedView(t *testing.T) {
	config := engine.Config{Dir: t.TempDir()}
	process := enginetest.Launch(t, config)
	conn := connect(t, process.DSN(), clickhouse.CompressionLZ4)
	window := " SETTINGS non_replicated_deduplication_window = 1000"
	execute(t, conn, t.Context(), "CREATE TABLE landed (n UInt64) ENGINE = ReplacingMergeTree ORDER BY n"+window)
	execute(t, conn, t.Context(), "CREATE TABLE per_ten (ten UInt64, rows UInt64) ENGINE = SummingMergeTree ORDER BY ten"+window)
	execute(t, conn, t.Context(), "CREATE MATERIALIZED VIEW feeds TO per_ten AS SELECT n % 10 AS ten, count() AS rows FROM landed GROUP BY ten")
	token := func(name string) clickhouse.Settings {
		return clickhouse.Settings{"insert_deduplication_token": name, "deduplicate_blocks_in_dependent_materialized_views": 1, "async_insert": 0}
	}
	for range 3 {
		insertNumbers(t, conn, with(t.Context(), token("orders.raw/0/1-100000")), "landed", 100_000)
	}
	process.Kill()
	conn = connect(t, enginetest.Launch(t, config).DSN(), clickhouse.CompressionLZ4)
	insertNumbers(t, conn, with(t.Context(), token("orders.raw/0/1-100000")), "landed", 100_000)
	insertNumbers(t, conn, with(t.Context(), token("orders.raw/0/100001-100010")), "landed", 10)
	for table, want := range map[string]uint64{"SELECT count() FROM landed": 100_010, "SELECT sum(rows) FROM per_ten": 100_010} {
		if got := value[uint64](t, conn, t.Context(), table); got != want {
			t.Errorf("%s: got %d, want %d", table, got, want)
		}
	}
}

func TestNoQueryTakesMoreThanItsShareOfMemory(t *testing.T) {
	const memoryBytesMax = 1 << 30
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir(), MemoryBytesMax: memoryBytesMax})
	const state, text = "SELECT groupArray(number) FROM numbers(1000000000)", "SELECT materialize(repeat('x', 1000)) FROM numbers(1000000)"
	expectRefusals(t, process.Address, []refused{
		{"state", state, "", "241"},
		{"answer", text, "default_format=JSON", "396"},
		{"answer, asking for more", text + " FORMAT JSON", "max_result_bytes=100000000000", "396"},
		{"answer of few bytes", "SELECT repeat('x', 1000000) FROM numbers(100000)", "default_format=JSON&max_memory_usage=0", "241"},
	})
	// The allocator gives back a little later than it counts.
	if peak := statusKiB(t, process.PID, "VmHWM:"); peak > memoryBytesMax>>10*5/4 {
		t.Errorf("the engine has taken %d KiB", peak)
	}
}

func TestNoQueryTakesMoreThanItsShareOfTime(t *testing.T) {
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir(), QuerySecondsMax: 1})
	expectRefusals(t, process.Address, []refused{
		{"asking for nothing", endlessQuery, "", "159"},
		{"asking for less", endlessQuery, "max_execution_time=0.1", "159"},
		{"asking for more", endlessQuery, "max_execution_time=0", "159"},
	})
}

type refused struct{ name, statement, words, code string }

// expectRefusals asks for what must be refused, and makes sure that the engine is well afterwards.
func expectRefusals(t *testing.T, address string, queries []refused) {
	t.Helper()
	for _, query := range queries {
		got := ask(t, address, query.statement, query.words)
		if code := got.header.Get("X-ClickHouse-Exception-Code"); got.status == http.StatusOK || code != query.code {
			t.Errorf("%s: %d, code %s, want %s: %.300s", query.name, got.status, code, query.code, got.body)
		}
	}
	if got := ask(t, address, "SELECT count() FROM numbers(1000)", ""); got.body != "1000\n" {
		t.Errorf("afterwards: %d %s", got.status, got.body)
	}
}

func TestTheQueryOfAClientThatLeavesIsCancelled(t *testing.T) {
	dsn := enginetest.Start(t)
	conn := connect(t, dsn, clickhouse.CompressionNone)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() { left <- conn.Exec(ctx, endlessQuery) }()
	waitFor(t, "the query runs", func() bool { return runningQueries(t, addressOf(dsn)) == 1 })
	leave()
	if err := <-left; err == nil {
		t.Error("the endless query ended well")
	}
	waitFor(t, "the query is cancelled", func() bool { return runningQueries(t, addressOf(dsn)) == 0 })
}

func TestTimesAreUTCWhateverTheMachineSays(t *testing.T) {
	t.Setenv("TZ", "Asia/Tokyo")
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir()})
	conn := connect(t, process.DSN(), clickhouse.CompressionNone)
	got := value[time.Time](t, conn, t.Context(), "SELECT toDateTime('2026-11-22 10:00:00')")
	if want := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestADatabaseThatIsNotThereIsNamed(t *testing.T) {
	address := addressOf(enginetest.Start(t))
	got := ask(t, address, "SELECT 1", "database=nowhere")
	if got.status != http.StatusNotFound || !strings.Contains(got.body, "nowhere") {
		t.Errorf("%d %s", got.status, got.body)
	}
}
