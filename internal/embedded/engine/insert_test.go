package engine_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/internal/embedded/engine"
	"waybill/internal/embedded/enginetest"
)

func TestInsertsOfEveryFormAndSizeLandWhole(t *testing.T) {
	dsn := enginetest.Start(t)
	address, database := addressOf(dsn), databaseOf(dsn)
	in := "database=" + database
	many := 300_000 // some megabytes: beyond what the engine's parser takes behind a query
	var csv, json, values strings.Builder
	for n := range many {
		fmt.Fprintf(&csv, "%d,a;b\n", n)
		fmt.Fprintf(&json, "{\"s\":\"it's\",\"n\":%d}\n", n)
		fmt.Fprintf(&values, "(%d,concat('VALUES (', 'x')),", n)
	}
	for name, insert := range map[string]struct {
		query, body string
		rows        int
	}{
		"values":                {"", "INSERT INTO t VALUES (1, 'FORMAT CSV'), (2, 'x')", 2},
		"values, comments":      {"", "/* FORMAT */ INSERT -- VALUES\n INTO t (`n`, s) VALUES (1, 'a')", 1},
		"values, many":          {"", "INSERT INTO t VALUES " + strings.TrimSuffix(values.String(), ","), many},
		"csv, many":             {"", "INSERT INTO t FORMAT CSV\n" + csv.String(), many},
		"csv, query in URL":     {"INSERT INTO t FORMAT CSV", csv.String(), many},
		"json by name":          {"INSERT INTO t FORMAT JSONEachRow", json.String(), many},
		"settings":              {"INSERT INTO t (n) SETTINGS max_threads = 1 FORMAT CSV", "1\n2\n", 2},
		"no values":             {"", "INSERT INTO t VALUES", 0},
		"nothing":               {"INSERT INTO t FORMAT CSV", "", 0},
		"select":                {"", "INSERT INTO t SELECT number, 'x' FROM numbers(5)", 5},
		"with select":           {"", "INSERT INTO t WITH 1 AS x SELECT x, 'FORMAT CSV'", 1},
		"a line end as a datum": {"INSERT INTO t (s) FORMAT LineAsString", "\n\nx\n", 3},
	} {
		t.Run(name, func(t *testing.T) {
			ask(t, address, "CREATE OR REPLACE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n", in)
			words := in
			if insert.query != "" {
				words += "&query=" + url.QueryEscape(insert.query)
			}
			if got := ask(t, address, insert.body, words); got.status != http.StatusOK {
				t.Fatalf("%d %s", got.status, got.body)
			}
			if got := ask(t, address, "SELECT count() FROM t", in).body; got != fmt.Sprintln(insert.rows) {
				t.Errorf("%s rows have landed, want %d", strings.TrimSpace(got), insert.rows)
			}
		})
	}
}

func TestNativeColumnsAreMatchedByName(t *testing.T) {
	dsn := enginetest.Start(t)
	address, in := addressOf(dsn), "database="+databaseOf(dsn)
	ask(t, address, "CREATE TABLE t (a String, b String, c UInt8 DEFAULT 7) ENGINE = MergeTree ORDER BY a", in)
	block := ask(t, address, "SELECT 'is b' AS b, 'is a' AS a FORMAT Native", in).body
	ask(t, address, block, in+"&query="+url.QueryEscape("INSERT INTO t FORMAT Native"))
	if got := ask(t, address, "SELECT a, b, c FROM t", in).body; got != "is a\tis b\t7\n" {
		t.Errorf("got %q", got)
	}
}

// A Native block of ten columns begins with a byte that is a line end in text.
func TestANativeBlockOfTenColumnsLands(t *testing.T) {
	dsn := enginetest.Start(t)
	address, in := addressOf(dsn), "database="+databaseOf(dsn)
	ask(t, address, "CREATE TABLE t (a UInt8, b UInt8, c UInt8, d UInt8, e UInt8, f UInt8, g UInt8, h UInt8, i UInt8, j UInt8) ENGINE = Memory", in)
	block := ask(t, address, "SELECT 1 a, 2 b, 3 c, 4 d, 5 e, 6 f, 7 g, 8 h, 9 i, 10 j FORMAT Native", in).body
	for _, got := range []answer{
		ask(t, address, block, in+"&query="+url.QueryEscape("INSERT INTO t FORMAT Native")),
		ask(t, address, "INSERT INTO t FORMAT Native\n"+block, in),
	} {
		if got.status != http.StatusOK {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	if got := ask(t, address, "SELECT sum(j) FROM t", in).body; got != "20\n" {
		t.Errorf("got %s", got)
	}
}

func TestBadDataAreRefusedAndTheEngineGoesOn(t *testing.T) {
	dsn := enginetest.Start(t)
	address, in := addressOf(dsn), "database="+databaseOf(dsn)
	ask(t, address, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", in)
	big := strings.Repeat("1\n", 4<<20)
	for name, insert := range map[string]struct{ query, body, code string }{
		"text in a number":          {"INSERT INTO t FORMAT CSV", "x\n", "117"},
		"text in a number, at once": {"INSERT INTO t FORMAT CSV", "x\n" + big, "117"},
		"a cut block":               {"INSERT INTO t FORMAT Native", "\x01\x02", "32"},
		"no such table":             {"INSERT INTO nowhere FORMAT CSV", big, "60"},
		"no such format":            {"INSERT INTO t FORMAT Morse", big, "73"},
		"no such setting":           {"INSERT INTO t SETTINGS magic = 1 FORMAT CSV", big, "115"},
	} {
		got := ask(t, address, insert.body, in+"&query="+url.QueryEscape(insert.query))
		if code := got.header.Get("X-ClickHouse-Exception-Code"); got.status == http.StatusOK || code != insert.code {
			t.Errorf("%s: %d, code %s, want %s: %.200s", name, got.status, code, insert.code, got.body)
		}
	}
	if got := ask(t, address, "SELECT count() FROM t", in).body; got != "0\n" {
		t.Errorf("%s rows of refused inserts have landed", got)
	}
}

// A client that dies while it sends has inserted nothing, even if what had arrived would have been a whole block.
func TestAnInsertThatBreaksOffLeavesNothing(t *testing.T) {
	dsn := enginetest.Start(t)
	address, in := addressOf(dsn), "database="+databaseOf(dsn)
	ask(t, address, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", in)
	for _, rows := range []int{1, 2 << 20} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.Repeat("1\n", rows)
		fmt.Fprintf(conn, "POST /?%s&query=%s HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n",
			in, url.QueryEscape("INSERT INTO t FORMAT CSV"), address, len(body), body)
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, response); got.status == http.StatusOK {
			t.Errorf("a half insert of %d rows was accepted", rows)
		}
		conn.Close()
	}
	if got := ask(t, address, "SELECT count() FROM t", in).body; got != "0\n" {
		t.Errorf("%s rows have landed", got)
	}
}

func TestABodyBeyondTheLimitIsRefused(t *testing.T) {
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir(), BodyBytesMax: 1 << 20})
	ask(t, process.Address, "CREATE TABLE t (n UInt64) ENGINE = Memory", "")
	for _, bytes := range []int{2 << 20, 1<<20 + 2} {
		got := ask(t, process.Address, strings.Repeat("1\n", bytes/2), "query="+url.QueryEscape("INSERT INTO t FORMAT CSV"))
		if got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%d bytes: %d %s", bytes, got.status, got.body)
		}
	}
	if got := ask(t, process.Address, strings.Repeat(" ", 2<<20), ""); got.status == http.StatusOK {
		t.Errorf("a statement of 2 MiB was accepted")
	}
	if got := ask(t, process.Address, "SELECT count() FROM t", "").body; got != "0\n" {
		t.Errorf("%s rows have landed", got)
	}
}

func TestCompressionOfTheBodyIsUndoneOrRefused(t *testing.T) {
	address := addressOf(enginetest.Start(t))
	request, err := http.NewRequest(http.MethodPost, "http://"+address+"/", bytes.NewReader([]byte("SELECT 1")))
	if err != nil {
		t.Fatal(err)
	}
	for _, encoding := range []string{"gzip", "deflate", "lzma"} { // the body is none of them
		request.Header.Set("Content-Encoding", encoding)
		request.Body = io.NopCloser(strings.NewReader("SELECT 1"))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, response); got.status == http.StatusOK || !strings.Contains(got.body, encoding) {
			t.Errorf("%s: %d %s", encoding, got.status, got.body)
		}
	}
}

func TestTheSpoolLeavesNoFiles(t *testing.T) {
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir()})
	conn := connect(t, process.DSN(), clickhouse.CompressionNone)
	execute(t, conn, t.Context(), "CREATE TABLE t (n UInt64) ENGINE = Memory")
	insertNumbers(t, conn, t.Context(), "t", 300_000)
	if left, _ := filepath.Glob("/dev/shm/waybill-insert-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
