package engine_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// endlessQuery takes some years, on one thread, and no memory.
const endlessQuery = "SELECT count() FROM numbers(1000000000000000) WHERE sipHash64(number) = 1 SETTINGS max_threads = 1"

type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends one statement without the driver; words are further words of the URL.
func ask(t testing.TB, address, statement, words string) answer {
	t.Helper()
	response, err := http.Post("http://"+address+"/?"+words, "text/plain", strings.NewReader(statement))
	if err != nil {
		t.Fatal(err)
	}
	return read(t, response)
}

func read(t testing.TB, response *http.Response) answer {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// addressOf returns the host:port of a DSN.
func addressOf(dsn string) string {
	address, _, _ := strings.Cut(strings.TrimPrefix(dsn, "http://"), "/")
	return address
}

func databaseOf(dsn string) string {
	_, database, _ := strings.Cut(strings.TrimPrefix(dsn, "http://"), "/")
	return database
}

func runningQueries(t testing.TB, address string) int {
	t.Helper()
	list := ask(t, address, "SELECT query FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'", "").body
	return strings.Count(list, "\n")
}

// waitFor waits until what holds, and fails the test if it never does.
func waitFor(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// sendNumbers sends 0 … n-1 as one batch.
func sendNumbers(ctx context.Context, conn driver.Conn, table string, n int) error {
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO "+table+" (n)")
	if err != nil {
		return err
	}
	for i := range n {
		if err := batch.Append(uint64(i)); err != nil {
			return err
		}
	}
	return batch.Send()
}

func insertNumbers(t testing.TB, conn driver.Conn, ctx context.Context, table string, n int) {
	t.Helper()
	if err := sendNumbers(ctx, conn, table, n); err != nil {
		t.Fatal(err)
	}
}
