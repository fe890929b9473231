package embedded

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheRealEngineKeepsItsRowsWhenItsParentIsKilled(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "real-engine")
	parent := startParent(t, dir)
	found, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	if u, _ := url.Parse(found.ClickHouse); refused(u.Host) != http.StatusForbidden {
		t.Error("whoever has no password gets in")
	}
	query(t, found.ClickHouse, "CREATE TABLE orders (id String) ENGINE = MergeTree ORDER BY id")
	query(t, found.ClickHouse, "INSERT INTO orders VALUES ('one'), ('two')")
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()

	next := start(t, dir)
	if got := query(t, next.ClickHouse, "SELECT count() FROM orders FORMAT TSV"); got != "2" {
		t.Errorf("there are %s rows", got)
	}
	stop(t, next)
}

func query(t *testing.T, dsn, statement string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(fmt.Sprintf("http://%s@%s/?database=%s", u.User, u.Host, strings.TrimPrefix(u.Path, "/")), "text/plain", strings.NewReader(statement))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s (%v)", statement, answer.Status, text, err)
	}
	return strings.TrimSpace(string(text))
}

// refused is the status of a query without a password.
func refused(host string) int {
	answer, err := http.Post("http://"+host+"/", "text/plain", strings.NewReader("SELECT 1"))
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}
