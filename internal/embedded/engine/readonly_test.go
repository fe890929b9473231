package engine_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/internal/embedded/enginetest"
)

func TestReadonlyOnlyReads(t *testing.T) {
	dsn := enginetest.Start(t)
	address, database := addressOf(dsn), databaseOf(dsn)
	folder := t.TempDir()
	secret := filepath.Join(folder, "secret")
	if err := os.WriteFile(secret, []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	written := filepath.Join(folder, "written")
	ask(t, address, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", "database="+database)

	for _, statement := range []string{
		"INSERT INTO t VALUES (1)",
		"INSERT INTO t SELECT 1",
		"INSERT INTO t FORMAT JSONEachRow {\"n\":1}",
		"CREATE TABLE u (n UInt64) ENGINE = Memory",
		"CREATE TEMPORARY TABLE u (n UInt64)",
		"DROP TABLE t",
		"TRUNCATE TABLE t",
		"ALTER TABLE t DELETE WHERE 1",
		"SYSTEM STOP MERGES",
		"SYSTEM SHUTDOWN",
		"SET readonly = 0",
		"SELECT 1 SETTINGS readonly = 0",
		"SELECT 1; DROP TABLE t",
		"KILL QUERY WHERE 1",
		"SELECT 1 INTO OUTFILE '" + written + "'",
		"SELECT 1 INTO OUTFILE '" + written + "'; nonsense (",
		"INSERT INTO FUNCTION file('" + written + "', 'TSV', 'a String') SELECT 'x'",
		"SELECT * FROM file('" + secret + "', 'TSV', 'a String')",
		"SELECT * FROM `" + secret + "`",
		"SELECT file('" + secret + "')",
		"SELECT /* */ `file` /* */ ('" + secret + "')",
		"SELECT `\\x66ile`('" + secret + "')",
		"SELECT \"fil\\x65\"('" + secret + "')",
		"SELECT 1 AS `'`, file('" + secret + "') AS `'`",
		"SELECT throwIf(1, file('" + secret + "'))",
		"SELECT * APPLY(file) FROM (SELECT '" + secret + "')",
		"SELECT * APPLY file FROM (SELECT '" + secret + "')",
		"SELECT arrayMap(x -> file(x), ['" + secret + "'])",
		"WITH file('" + secret + "') AS x SELECT x",
		"EXPLAIN SELECT file('" + secret + "')",
		"SELECT * FROM url('http://" + address + "/?query=DROP+TABLE+t', 'TSV', 'a String')",
		"SELECT * FROM remote('127.0.0.1:9000', 'system.one')",
		"SELECT * FROM executable('id', 'TSV', 'a String')",
		"BACKUP TABLE t TO File('" + written + "')",
	} {
		for _, level := range []string{"1", "2"} {
			got := ask(t, address, statement, "database="+database+"&readonly="+level)
			if got.status == http.StatusOK || strings.Contains(got.body, "hunter2") {
				t.Errorf("readonly=%s, %s: %d %s", level, statement, got.status, got.body)
			}
		}
	}
	if _, err := os.Stat(written); err == nil {
		t.Error("a readonly query has written a file")
	}
	if got := ask(t, address, "SELECT count() FROM t", "database="+database).body; got != "0\n" {
		t.Errorf("the table was changed: %s", got)
	}
}

func TestReadonlyReadsEverythingElse(t *testing.T) {
	dsn := enginetest.Start(t)
	address, database := addressOf(dsn), databaseOf(dsn)
	ask(t, address, "CREATE TABLE t (file String, n UInt64) ENGINE = MergeTree ORDER BY n", "database="+database)
	for _, statement := range []string{
		"SELECT file, n FROM t WHERE file = 'file(1)' -- file(1)",
		"SELECT count() FROM t; ",
		"SHOW TABLES",
		"DESCRIBE TABLE t",
		"EXPLAIN SELECT file FROM t",
		"EXISTS TABLE t",
		"SHOW CREATE TABLE t",
		"WITH 1 AS x SELECT x FORMAT JSONEachRow",
		"SELECT * FROM numbers(3)",
	} {
		got := ask(t, address, statement, "database="+database+"&readonly=1&max_threads=1&max_execution_time=5")
		if got.status != http.StatusOK {
			t.Errorf("%s: %d %s", statement, got.status, got.body)
		}
	}
}

func TestReadonlyHoldsThroughTheDriver(t *testing.T) {
	conn := connect(t, enginetest.Start(t), clickhouse.CompressionLZ4)
	ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"readonly": 1}))
	err := conn.Exec(ctx, "CREATE TABLE t (n UInt64) ENGINE = Memory")
	if !isException(err, 164) {
		t.Errorf("got %v, want an exception with code 164", err)
	}
	execute(t, conn, t.Context(), "CREATE TABLE t (n UInt64) ENGINE = Memory") // the next one is free again
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO t")
	if err != nil {
		t.Fatal(err)
	}
	if err := batch.Append(uint64(1)); err != nil {
		t.Fatal(err)
	}
	if err := batch.Send(); !isException(err, 164) {
		t.Errorf("got %v, want an exception with code 164", err)
	}
}

func TestALinkReadsOnly(t *testing.T) {
	address := addressOf(enginetest.Start(t))
	for statement, want := range map[string]int{"SELECT 1": http.StatusOK, "CREATE DATABASE by_link": http.StatusForbidden} {
		response, err := http.Get("http://" + address + "/?query=" + url.QueryEscape(statement))
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, response); got.status != want {
			t.Errorf("GET %s: %d %s", statement, got.status, got.body)
		}
	}
}
