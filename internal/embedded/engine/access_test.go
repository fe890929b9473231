package engine_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/internal/embedded/engine"
	"waybill/internal/embedded/enginetest"
)

// A page in the user's browser can send requests to a loopback address, and by a name of its own that resolves to it.
func TestWebPagesAreKeptOut(t *testing.T) {
	address := addressOf(enginetest.Start(t))
	for name, disguise := range map[string]func(*http.Request){
		"another origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"another name":   func(r *http.Request) { r.Host = "evil.example" },
		"a longer name":  func(r *http.Request) { r.Host = "127.0.0.1.evil.example:8123" },
	} {
		request, err := http.NewRequest(http.MethodPost, "http://"+address+"/", strings.NewReader("SELECT 1"))
		if err != nil {
			t.Fatal(err)
		}
		disguise(request)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, response); got.status != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func TestOnlyWhoKnowsThePasswordIsServed(t *testing.T) {
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir(), Password: "s3cret"})
	for _, words := range []string{"", "password=s3cre", "password=s3crets", "user=default"} {
		if got := ask(t, process.Address, "SELECT 1", words); got.status != http.StatusForbidden || strings.Contains(got.body, "s3cret") {
			t.Errorf("%q: %d %s", words, got.status, got.body)
		}
	}
	conn := connect(t, "http://default:s3cret@"+process.Address+"/default", clickhouse.CompressionLZ4)
	if err := conn.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	conn = connect(t, "http://default:wrong@"+process.Address+"/default", clickhouse.CompressionLZ4)
	if err := conn.Ping(t.Context()); !isException(err, 516) {
		t.Errorf("got %v, want an exception with code 516", err)
	}
}

// What fails in a query names its data, which may be people's.
func TestTheEnginesLogHoldsNoData(t *testing.T) {
	dir := t.TempDir()
	process := enginetest.Launch(t, engine.Config{Dir: dir})
	ask(t, process.Address, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", "")
	ask(t, process.Address, "INSERT INTO t FORMAT CSV\nJane Doe", "")
	ask(t, process.Address, "SELECT throwIf(1, 'Jane Doe')", "")
	ask(t, process.Address, "SELECT 'Jane Doe' FROM nowhere", "")
	process.Kill()
	log, err := os.ReadFile(filepath.Join(dir, "engine.log"))
	if err != nil {
		t.Fatal(err)
	}
	if said := string(log) + process.Log(); strings.Contains(said, "Jane") {
		t.Errorf("the log names her: %s", said)
	}
}
