package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"waybill/internal/config"
	"waybill/internal/credentials/credentialstest"
	"waybill/internal/embedded"
)

// secured is a cluster, a registry and an engine behind TLS and logins: kfake, and the registry and the engine of a running instance
// behind proxies that speak TLS, because neither of the embedded ones does.
type secured struct {
	t              *testing.T
	authority      *credentialstest.Authority
	folder         *credentialstest.Folder // ours: ca.crt, tls.crt, tls.key and the passwords
	cluster        *kfake.Cluster
	admin          *kadm.Client
	registry       string // https
	clickhouse     string
	registryBehind string                      // what is behind it
	engine         *url.URL                    // what is behind it, with its password
	environ        []string                    // of a program that is told everything rightly
	changes        func(request []byte) []byte // on the way to the registry and the engine; nil for none
}

const (
	clientLife    = 200 * 24 * time.Hour
	adminPassword = "admin-for-tests"
)

// startSecured starts all of it. Topics, subjects and tables are there.
func startSecured(t *testing.T, options ...kfake.Opt) *secured {
	t.Helper()
	s := &secured{t: t, authority: credentialstest.NewAuthority(t, "the test's authority")}
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data, "--no-sandbox") // what it lands in the same tables is what the other lands too
	instance, err := embedded.Find(data)
	if err != nil {
		t.Fatal(err)
	}
	if s.engine, err = url.Parse(instance.ClickHouse); err != nil {
		t.Fatal(err)
	}
	client := s.authority.Issue("client", clientLife)
	password, _ := s.engine.User.Password()
	s.folder = credentialstest.NewFolder(t, map[string][]byte{
		"ca.crt": s.authority.PEM, "tls.crt": client.Cert, "tls.key": client.Key,
		"kafka": []byte(adminPassword), "registry": []byte("registry-for-tests"), "clickhouse": []byte(password),
	})
	s.startKafka(options)
	s.registryBehind = instance.Registry
	s.registry = s.proxy(instance.Registry, func(r *http.Request) bool {
		user, password, _ := r.BasicAuth()
		return user == "me" && password == "registry-for-tests"
	})
	s.clickhouse = s.proxy("http://"+s.engine.Host, nil) + s.engine.Path
	s.environ = s.settings()
	s.must("provision")
	return s
}

func (s *secured) startKafka(options []kfake.Opt) {
	s.t.Helper()
	cluster, err := kfake.NewCluster(append([]kfake.Opt{
		kfake.NumBrokers(1), kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "admin", adminPassword), kfake.TLS(s.serverTLS()),
		kfake.GroupMinSessionTimeout(time.Second),
	}, options...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(cluster.Close)
	s.cluster = cluster
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.DialTLSConfig(&tls.Config{RootCAs: s.authority.Pool(), Certificates: []tls.Certificate{s.authority.Issue("admin", clientLife).TLS()}}),
		kgo.SASL(scram.Auth{User: "admin", Pass: adminPassword}.AsSha512Mechanism()), kgo.DisableClientMetrics(), kgo.MetadataMinAge(10*time.Millisecond))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	s.admin = kadm.NewClient(client)
}

func (s *secured) serverTLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{s.authority.Issue("server", clientLife).TLS()},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: s.authority.Pool(),
	}
}

// proxy speaks TLS, wants a certificate, and a login if there is a way to know it.
func (s *secured) proxy(to string, knows func(*http.Request) bool) string {
	s.t.Helper()
	behind, err := url.Parse(to)
	if err != nil {
		s.t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(behind)
	front := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if knows != nil && !knows(r) {
			http.Error(w, `{"error_code":401,"message":"Unauthorized"}`, http.StatusUnauthorized)
			return
		}
		if user, _, ok := r.BasicAuth(); knows != nil && ok && user == "me" {
			r.Header.Del("Authorization")
		}
		// Whole, because what is behind may answer before it has read the end, and the way to it is closed then.
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if s.changes != nil {
			body = s.changes(body)
		}
		r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		pass.ServeHTTP(w, r)
	}))
	front.TLS, front.Config.ErrorLog = s.serverTLS(), log.New(io.Discard, "", 0)
	front.StartTLS()
	s.t.Cleanup(front.Close)
	return front.URL
}

// settings are the environment of a program that knows everything.
func (s *secured) settings() []string {
	environ := []string{
		"WAYBILL_KAFKA_BROKERS=" + s.cluster.ListenAddrs()[0], "WAYBILL_REGISTRY_URL=" + s.registry, "WAYBILL_CLICKHOUSE_DSN=" + s.clickhouse,
		"WAYBILL_KAFKA_SASL_MECHANISM=scram-sha-512", "WAYBILL_KAFKA_SASL_USER=admin", "WAYBILL_KAFKA_SASL_PASSWORD_FILE=" + s.folder.Path("kafka"),
		"WAYBILL_REGISTRY_USER=me", "WAYBILL_REGISTRY_PASSWORD_FILE=" + s.folder.Path("registry"),
		"WAYBILL_CLICKHOUSE_USER=" + s.engine.User.Username(), "WAYBILL_CLICKHOUSE_PASSWORD_FILE=" + s.folder.Path("clickhouse"),
	}
	for _, of := range []string{"KAFKA", "REGISTRY", "CLICKHOUSE"} {
		environ = append(environ, encrypted(of, s.folder)...)
	}
	return environ
}

func encrypted(of string, folder *credentialstest.Folder) []string {
	prefix := "WAYBILL_" + of + "_TLS_"
	return []string{
		prefix + "ENABLED=true", prefix + "CA_FILE=" + folder.Path("ca.crt"), prefix + "CERT_FILE=" + folder.Path("tls.crt"), prefix + "KEY_FILE=" + folder.Path("tls.key"),
	}
}

// said is what a command line came to.
type said struct {
	code           int
	stdout, stderr string
	took           time.Duration
}

// in runs a command line: as told rightly, but for the changes. NAME= takes a variable away.
func (s *secured) in(changes []string, args ...string) said {
	s.t.Helper()
	cmd := program(s.t, args...)
	cmd.Env = slices.Concat(cmd.Env, s.environ, changes)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	if err := cmd.Run(); cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return said{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), time.Since(began)}
}

// configured is what a command line in that environment would be told.
func (s *secured) configured(t *testing.T, changes ...string) *config.Config {
	t.Helper()
	c, err := config.Load("", (&exec.Cmd{Env: slices.Concat(s.environ, changes)}).Environ()) // of two values the later counts
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *secured) must(args ...string) string {
	s.t.Helper()
	got := s.in(nil, args...)
	if got.code != exitDone {
		s.t.Fatalf("waybill %s ended with %d:\n%s%s", strings.Join(args, " "), got.code, got.stdout, got.stderr)
	}
	return got.stdout
}

// everything is all that a command could touch, in one text.
func (s *secured) everything() string {
	s.t.Helper()
	var all strings.Builder
	topics, err := s.admin.ListTopicsWithInternal(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, d := range topics.Sorted() {
		fmt.Fprintln(&all, "topic", d.Topic, len(d.Partitions))
	}
	configs, err := s.admin.DescribeTopicConfigs(s.t.Context(), topics.Names()...)
	if err != nil {
		s.t.Fatal(err)
	}
	slices.SortFunc(configs, func(a, b kadm.ResourceConfig) int { return strings.Compare(a.Name, b.Name) })
	for _, c := range configs {
		fmt.Fprintln(&all, c.Name, slices.SortedFunc(slices.Values(settingsOf(c)), strings.Compare))
	}
	groups, err := s.admin.ListGroups(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	ends, err := s.admin.ListEndOffsets(s.t.Context(), topics.Names()...)
	if err != nil {
		s.t.Fatal(err)
	}
	fmt.Fprintln(&all, "groups", groups.Groups(), "ends", ends.Offsets())
	fmt.Fprintln(&all, "subjects", s.asked(s.registry+"/subjects", "me", "registry-for-tests"), s.asked(s.registry+"/schemas", "me", "registry-for-tests"))
	password, _ := s.engine.User.Password()
	fmt.Fprintln(&all, "tables", s.asked(strings.TrimSuffix(s.clickhouse, s.engine.Path)+"/?query="+url.QueryEscape("SELECT database, name, create_table_query, total_rows FROM system.tables WHERE database NOT IN ('system') ORDER BY ALL FORMAT TSV"), s.engine.User.Username(), password))
	return all.String()
}

func settingsOf(c kadm.ResourceConfig) []string {
	var all []string
	for _, setting := range c.Configs {
		all = append(all, setting.Key+"="+setting.MaybeValue())
	}
	return all
}

func (s *secured) asked(address, user, password string) string {
	s.t.Helper()
	return s.asks(http.MethodGet, address, "", user, password)
}

// engineDoes runs a statement on the engine.
func (s *secured) engineDoes(statement string) {
	s.t.Helper()
	password, _ := s.engine.User.Password()
	s.asks(http.MethodPost, strings.TrimSuffix(s.clickhouse, s.engine.Path)+"/?database="+strings.TrimPrefix(s.engine.Path, "/"), statement, s.engine.User.Username(), password)
}

func (s *secured) setTopic(topic, name, value string) {
	s.t.Helper()
	if _, err := s.admin.AlterTopicConfigs(s.t.Context(), []kadm.AlterConfig{{Op: kadm.SetConfig, Name: name, Value: &value}}, topic); err != nil {
		s.t.Fatal(err)
	}
}

func (s *secured) asks(method, address, body, user, password string) string {
	s.t.Helper()
	ask, err := http.NewRequestWithContext(s.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	ask.SetBasicAuth(user, password)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.authority.Pool(), Certificates: []tls.Certificate{s.authority.Issue("test", clientLife).TLS()}}, DisableKeepAlives: true}}
	answer, err := client.Do(ask)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %v %s %s", address, err, answer.Status, text)
	}
	return string(text)
}

func findings(t *testing.T, stdout string) map[string][]finding {
	t.Helper()
	byCheck := map[string][]finding{}
	for line := range strings.Lines(stdout) {
		var f finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		byCheck[f.Check] = append(byCheck[f.Check], f)
	}
	return byCheck
}
