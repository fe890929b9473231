package main

import (
	"path/filepath"
	"strings"
	"testing"

	"waybill/internal/embedded"
)

// A stack that is named by its addresses is a cluster: run shares the work on it with those who are there, and only provision
// changes it.
func TestASecondProcessSharesTheWorkOnACluster(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	first := startUp(t, data)
	instance, err := embedded.Find(data)
	if err != nil {
		t.Fatal(err)
	}
	given(t, "WAYBILL_KAFKA_BROKERS", strings.Join(instance.Brokers, ","))
	given(t, "WAYBILL_REGISTRY_URL", instance.Registry)
	given(t, "WAYBILL_CLICKHOUSE_DSN", instance.ClickHouse) // it holds a password, which no command line may

	if out := ask(t, "provision", "--dry-run"); strings.Contains(out, "+ ") || strings.Contains(out, "~ ") {
		t.Errorf("a stack that is up is not as declared:\n%s", out)
	}
	second := startProcess(t, "metrics and health at", "run", "normalize", "landing", "--instance", "2", "--data", t.TempDir())
	file := writeFile(t, ask(t, "simulate", "--orders", "2000", "--seed", "4"))
	ask(t, "feed", "--party", "allegro", "--to", instance.Listen, file)
	landed(t)
	ids := ask(t, "sql", "-o", "json", "SELECT count() AS n, uniqExact(_run_id) AS processes FROM orders_normalized FINAL")
	if want := `{"n":2000,"processes":2}` + "\n"; ids != want {
		t.Errorf("got %swant %s", ids, want)
	}
	for _, u := range []*up{second, first} {
		if code := u.stop(t); code != exitDone {
			t.Errorf("ended with %d:\n%s", code, u.stderr.text())
		}
	}
}

func TestRunRefusesAClusterThatIsNotAsDeclared(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data)
	instance, err := embedded.Find(data)
	if err != nil {
		t.Fatal(err)
	}
	cmd := program(t, "run", "normalize")
	cmd.Env = append(cmd.Env, "WAYBILL_KAFKA_BROKERS="+strings.Join(instance.Brokers, ","), "WAYBILL_REGISTRY_URL="+instance.Registry,
		"WAYBILL_CLICKHOUSE_DSN="+instance.ClickHouse, "WAYBILL_KAFKA_PARTITIONS=6")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "partitions") {
		t.Errorf("got %v: %s", err, out)
	}
}
