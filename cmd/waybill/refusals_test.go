package main

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/internal/credentials/credentialstest"
)

// refusal is one thing that is wrong, and what an operator reads of it.
type refusal struct {
	name   string
	change []string // of the environment
	check  string   // of doctor
	says   string
	next   string
	goesOn []string   // checks that are made all the same
	also   [][]string // verbs that say it too, beside run
}

// startSecondsMax is how long an operator waits until a command says what is wrong, on a machine that is busy.
const startSecondsMax = 30

func TestWhatIsWrongIsSaidInOneLineWithinSecondsAndNothingIsTouched(t *testing.T) {
	t.Parallel()
	s := startSecured(t)
	stranger := credentialstest.NewAuthority(t, "a stranger")
	pair := stranger.Issue("client", clientLife)
	others := credentialstest.NewFolder(t, map[string][]byte{"ca.crt": stranger.PEM, "tls.crt": pair.Cert, "tls.key": pair.Key, "wrong": []byte("not-the-password")})
	plain := httpServer(t)
	for _, r := range slices.Concat(s.kafkaRefusals(others, plain, listenSilently(t)), s.registryRefusals(others, plain), s.tablesRefusals(others)) {
		t.Run(r.name, func(t *testing.T) { s.refuses(t, r) })
	}
}

func (s *secured) kafkaRefusals(others *credentialstest.Folder, plain, silent string) []refusal {
	return []refusal{
		{
			name: "nobody listens at the brokers' address", change: []string{"WAYBILL_KAFKA_BROKERS=127.0.0.1:1"},
			check: "kafka", says: "kafka at 127.0.0.1:1: nobody listens there", next: "kafka.brokers", goesOn: []string{"registry", "subjects", "clickhouse", "tables"},
		},
		{
			name: "the brokers' name is not known", change: []string{"WAYBILL_KAFKA_BROKERS=nowhere.invalid:9092"},
			check: "kafka", says: "nobody knows the name nowhere.invalid", next: "DNS", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "who listens there never answers", change: append(withoutTLS("KAFKA"), "WAYBILL_KAFKA_BROKERS="+silent),
			check: "kafka", says: "does not answer in time", next: "network", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "who listens there never shakes hands", change: []string{"WAYBILL_KAFKA_BROKERS=" + silent},
			check: "kafka", says: "does not answer in time", next: "network", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "the broker speaks only TLS", change: withoutTLS("KAFKA"),
			check: "kafka", says: "TLS", next: "kafka.tls.enabled", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "what is there speaks no TLS", change: []string{"WAYBILL_KAFKA_BROKERS=" + plain},
			check: "kafka", says: "it speaks no TLS on this port", next: "kafka.brokers", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "the brokers' authority is not trusted", change: []string{"WAYBILL_KAFKA_TLS_CA_FILE=" + others.Path("ca.crt")},
			check: "kafka", says: "not trusted here (CN=the test's authority)", next: "kafka.tls.ca_file", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "the brokers' certificate is for another name", change: []string{"WAYBILL_KAFKA_TLS_SERVER_NAME=kafka.example"},
			check: "kafka", says: "not for that name", next: "kafka.tls.server_name", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "the brokers do not know our certificate", change: []string{"WAYBILL_KAFKA_TLS_CERT_FILE=" + others.Path("tls.crt"), "WAYBILL_KAFKA_TLS_KEY_FILE=" + others.Path("tls.key")},
			check: "kafka", says: "certificate", next: "kafka.tls.cert_file", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "the brokers want a certificate and get none", change: []string{"WAYBILL_KAFKA_TLS_CERT_FILE=", "WAYBILL_KAFKA_TLS_KEY_FILE="},
			check: "kafka", says: "lets in only who shows a certificate", next: "kafka.tls.cert_file", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "the password to the brokers is wrong", change: []string{"WAYBILL_KAFKA_SASL_PASSWORD_FILE=" + others.Path("wrong")},
			check: "kafka", says: "hangs up when admin logs in", next: "kafka.sasl.password_file", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "the brokers want a login and get none", change: []string{"WAYBILL_KAFKA_SASL_MECHANISM=", "WAYBILL_KAFKA_SASL_USER=", "WAYBILL_KAFKA_SASL_PASSWORD_FILE="},
			check: "kafka", says: "", next: "kafka.sasl", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "the brokers do not take the mechanism", change: []string{"WAYBILL_KAFKA_SASL_MECHANISM=plain"},
			check: "kafka", says: "", next: "kafka.sasl", goesOn: []string{"registry", "clickhouse"},
		},
		{
			name: "more partitions are configured than there are", change: []string{"WAYBILL_KAFKA_PARTITIONS=6"},
			check: "topics", says: "topic orders.raw has 4 partitions, kafka.partitions is 6", next: "kafka.partitions", goesOn: []string{"replicas", "registry", "subjects", "clickhouse", "tables"},
		},
	}
}

func (s *secured) registryRefusals(others *credentialstest.Folder, plain string) []refusal {
	return []refusal{
		{
			name: "nobody listens at the registry's address", change: []string{"WAYBILL_REGISTRY_URL=https://127.0.0.1:1"},
			check: "registry", says: "registry at https://127.0.0.1:1: nobody listens there", next: "registry.url", goesOn: []string{"kafka", "topics", "clickhouse", "tables"},
		},
		{
			name: "the password to the registry is wrong", change: []string{"WAYBILL_REGISTRY_PASSWORD_FILE=" + others.Path("wrong")},
			check: "registry", says: "refuses the login of me", next: "registry.password_file", goesOn: []string{"kafka", "topics", "clickhouse", "tables"},
		},
		{
			name: "the registry's authority is not trusted", change: []string{"WAYBILL_REGISTRY_TLS_CA_FILE=" + others.Path("ca.crt")},
			check: "registry", says: "not trusted here", next: "registry.tls.ca_file", goesOn: []string{"kafka", "topics", "clickhouse", "tables"},
		},
		{
			name: "the registry speaks only TLS", change: append(withoutTLS("REGISTRY"), "WAYBILL_REGISTRY_URL="+strings.Replace(s.registry, "https", "http", 1)),
			check: "registry", says: "speaks only TLS", next: "registry.tls.enabled", goesOn: []string{"kafka", "topics", "clickhouse", "tables"},
		},
		{
			name: "what is there instead of the registry speaks no TLS", change: []string{"WAYBILL_REGISTRY_URL=https://" + plain},
			check: "registry", says: "speaks no TLS", next: "registry.url", goesOn: []string{"kafka", "topics", "clickhouse", "tables"},
		},
	}
}

func (s *secured) tablesRefusals(others *credentialstest.Folder) []refusal {
	return []refusal{
		{
			name: "nobody listens at ClickHouse's address", change: []string{"WAYBILL_CLICKHOUSE_DSN=https://127.0.0.1:1/default"},
			check: "clickhouse", says: "clickhouse at https://127.0.0.1:1/default: nobody listens there", next: "clickhouse.dsn", goesOn: []string{"kafka", "topics", "registry", "subjects"},
		},
		{
			name: "the password to ClickHouse is wrong", change: []string{"WAYBILL_CLICKHOUSE_PASSWORD_FILE=" + others.Path("wrong")},
			check: "clickhouse", says: "refuses the login", next: "clickhouse.password_file", goesOn: []string{"kafka", "topics", "registry", "subjects"},
		},
		{
			name: "ClickHouse's authority is not trusted", change: []string{"WAYBILL_CLICKHOUSE_TLS_CA_FILE=" + others.Path("ca.crt")},
			check: "clickhouse", says: "not trusted here", next: "clickhouse.tls.ca_file", goesOn: []string{"kafka", "topics", "registry", "subjects"},
		},
		{
			name: "ClickHouse speaks only TLS", change: append(withoutTLS("CLICKHOUSE"), "WAYBILL_CLICKHOUSE_DSN="+strings.Replace(s.clickhouse, "https", "http", 1)),
			check: "clickhouse", says: "speaks only TLS", next: "clickhouse.tls.enabled", goesOn: []string{"kafka", "topics", "registry", "subjects"},
		},
		{
			name: "there is no such database", change: []string{"WAYBILL_CLICKHOUSE_DSN=" + strings.TrimSuffix(s.clickhouse, s.engine.Path) + "/nowhere"},
			check: "clickhouse", says: "has no database nowhere", next: "clickhouse.dsn", goesOn: []string{"kafka", "topics", "registry", "subjects"},
		},
	}
}

// refuses looks at everything, runs what is wrong in each way, and looks again.
func (s *secured) refuses(t *testing.T, r refusal) {
	t.Helper()
	before := s.everything()
	got := s.in(r.change, "doctor", "-o", "json")
	found := findings(t, got.stdout)
	bad := found[r.check]
	if got.code != exitFailed || len(bad) == 0 || bad[0].OK {
		t.Fatalf("doctor ended with %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	t.Logf("%s → %s", bad[0].Detail, bad[0].Next)
	if !strings.Contains(bad[0].Detail, r.says) || !strings.Contains(bad[0].Next, r.next) || strings.Contains(bad[0].Detail, "\n") {
		t.Errorf("doctor says %q → %q, want %q → %q", bad[0].Detail, bad[0].Next, r.says, r.next)
	}
	for _, check := range r.goesOn {
		if len(found[check]) == 0 || !found[check][0].OK {
			t.Errorf("%s was not looked at, or is not well: %+v", check, found[check])
		}
	}
	for _, verb := range append([][]string{{"run"}}, r.also...) {
		got := s.in(r.change, verb...)
		line := strings.TrimSpace(got.stderr)
		if got.code != exitFailed || !strings.Contains(line, r.says) || strings.Contains(line, "\n") {
			t.Errorf("waybill %s ended with %d after %s:\n%s", strings.Join(verb, " "), got.code, got.took, got.stderr)
		}
		if got.took > startSecondsMax*time.Second {
			t.Errorf("waybill %s took %s", verb[0], got.took)
		}
		if strings.Contains(line, "not-the-password") || strings.Contains(line, adminPassword) {
			t.Errorf("it shows a password: %s", line)
		}
	}
	if after := s.everything(); after != before {
		t.Errorf("something was touched\nbefore %s\nafter  %s", before, after)
	}
}

func withoutTLS(of string) []string {
	prefix := "WAYBILL_" + of + "_TLS_"
	return []string{prefix + "ENABLED=", prefix + "CA_FILE=", prefix + "CERT_FILE=", prefix + "KEY_FILE="}
}

// listenSilently takes connections and says nothing.
func listenSilently(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

// httpServer answers in plain HTTP.
func httpServer(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func TestWhatStandsThereInAnotherShapeIsSaidInOneLineAndNotTouched(t *testing.T) {
	t.Parallel()
	s := startSecured(t)
	ctx := t.Context()
	all := []string{"kafka", "registry", "clickhouse"}
	t.Run("an incompatible subject", func(t *testing.T) {
		definition := `{"schemaType":"AVRO","schema":"{\"type\":\"record\",\"name\":\"RawOrder\",\"namespace\":\"waybill\",\"fields\":[{\"name\":\"seller\",\"type\":\"long\"}]}"}`
		s.asks(http.MethodPost, s.registry+"/subjects/orders.raw-value/versions", definition, "me", "registry-for-tests")
		s.refuses(t, refusal{check: "subjects", says: "subject orders.raw-value: this schema does not fit its version 2", next: "registry", also: [][]string{{"provision"}}, goesOn: append(all, "topics", "tables")})
		s.asks(http.MethodDelete, s.registry+"/subjects/orders.raw-value/versions/2", "", "me", "registry-for-tests")
	})
	t.Run("a column of another kind", func(t *testing.T) {
		s.engineDoes("ALTER TABLE orders_fetch MODIFY COLUMN ref Array(String)")
		s.refuses(t, refusal{check: "tables", says: "column ref of table orders_fetch is Array(String)", next: "alter it back", also: [][]string{{"provision"}}, goesOn: append(all, "topics", "subjects")})
	})
	t.Run("a table of another engine", func(t *testing.T) {
		s.engineDoes("DROP TABLE orders_fetch")
		s.engineDoes("CREATE TABLE orders_fetch (task_id String) ENGINE = MergeTree ORDER BY task_id")
		s.refuses(t, refusal{check: "tables", says: "table orders_fetch is MergeTree ordered by (task_id)", next: "waybill provision", goesOn: append(all, "topics", "subjects")})
		s.engineDoes("DROP TABLE orders_fetch")
	})
	t.Run("a table that is not there", func(t *testing.T) {
		s.refuses(t, refusal{check: "tables", says: "create table orders_fetch", next: "waybill provision", goesOn: append(all, "topics", "subjects")})
		s.must("provision")
	})
	t.Run("a setting that differs", func(t *testing.T) {
		s.setTopic("orders.raw", "retention.ms", "1000")
		s.refuses(t, refusal{check: "topics", says: "retention.ms 1s → 400 days", next: "waybill provision", goesOn: append(all, "subjects", "tables")})
		s.must("provision")
	})
	t.Run("a topic that is not there", func(t *testing.T) {
		if _, err := s.admin.DeleteTopics(ctx, "id.map"); err != nil {
			t.Fatal(err)
		}
		s.refuses(t, refusal{check: "topics", says: "+ topic id.map", next: "waybill provision", goesOn: append(all, "subjects", "tables")})
		s.must("provision")
	})
	t.Run("a clock that is off is a failed check and keeps no run from starting", func(t *testing.T) {
		s.changes = func(request []byte) []byte {
			return bytes.ReplaceAll(request, []byte("now64(3)"), []byte("(now64(3) - INTERVAL 1 HOUR)"))
		}
		defer func() { s.changes = nil }()
		before := s.everything()
		got := s.in(nil, "doctor", "-o", "json")
		clocks := findings(t, got.stdout)["clock"]
		if last := clocks[len(clocks)-1]; got.code != exitFailed || last.OK || !strings.HasPrefix(last.Detail, "that of ClickHouse is 1h0m") || !strings.Contains(last.Detail, "behind this one") {
			t.Errorf("got %d %+v", got.code, clocks)
		}
		if s.everything() != before {
			t.Error("something was touched")
		}
	})
	t.Run("when all is well doctor says so", func(t *testing.T) {
		for _, found := range findings(t, s.must("doctor", "-o", "json")) {
			for _, f := range found {
				if !f.OK {
					t.Errorf("%+v", f)
				}
			}
		}
	})
}
