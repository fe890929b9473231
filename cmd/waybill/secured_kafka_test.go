package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"waybill/internal/credentials/credentialstest"
	"waybill/internal/embedded"
	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/rights"
)

// realSecured is a real Apache Kafka that talks over TLS only, with logins and an authorizer; beside it the registry and the engine
// behind proxies that speak TLS.
type realSecured struct {
	*secured
	dir      string
	sasl     string
	mutual   string
	client   *kgo.Client                        // admin's
	material map[string]*credentialstest.Folder // what each role shows
}

func kafkaDoes(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("../../deploy/kafka/kafka", args...)
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("kafka %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

func startRealSecured(t *testing.T) *realSecured {
	t.Helper()
	s := &realSecured{secured: &secured{t: t}, dir: t.TempDir(), material: map[string]*credentialstest.Folder{}}
	t.Cleanup(func() { kafkaDoes(t, "stop", "--dir", s.dir) })
	for line := range strings.Lines(kafkaDoes(t, "up", "--dir", s.dir, "--brokers", "1", "--secure", "admin,"+strings.Join(rights.Names(), ","))) {
		name, address, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "brokers":
			s.sasl = address
		case "mtls":
			s.mutual = address
		}
	}
	s.authority = credentialstest.OpenAuthority(t, filepath.Join(s.dir, "tls", "ca.crt"), filepath.Join(s.dir, "tls", "ca.key"))
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data, "--no-sandbox") // what it lands in the same tables is what the other lands too
	instance, err := embedded.Find(data)
	if err != nil {
		t.Fatal(err)
	}
	if s.engine, err = url.Parse(instance.ClickHouse); err != nil {
		t.Fatal(err)
	}
	s.registry = s.proxy(embeddedtest.Registry(t), nil)
	s.clickhouse = s.proxy("http://"+s.engine.Host, nil) + s.engine.Path
	s.asAdmin()
	for _, role := range append(rights.Names(), "admin") {
		s.material[role] = credentialstest.NewFolder(t, s.shown(role, clientLife, s.passwordOf(role)))
	}
	return s
}

func (s *realSecured) asAdmin() {
	s.t.Helper()
	var err error
	s.client, err = kgo.NewClient(kgo.SeedBrokers(s.sasl), kgo.DialTLSConfig(&tls.Config{RootCAs: s.authority.Pool(), MinVersion: tls.VersionTLS12}),
		kgo.SASL(scram.Auth{User: "admin", Pass: s.passwordOf("admin")}.AsSha512Mechanism()), kgo.DisableClientMetrics(), kgo.MetadataMinAge(10*time.Millisecond))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.client.Close)
	s.admin = kadm.NewClient(s.client)
}

func (s *realSecured) passwordOf(role string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "tls", role+".password"))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// shown is what a role has: a certificate for so long, and a password.
func (s *realSecured) shown(role string, life time.Duration, password string) map[string][]byte {
	pair := s.authority.Issue(role, life)
	engine, _ := s.engine.User.Password()
	return map[string][]byte{"ca.crt": s.authority.PEM, "tls.crt": pair.Cert, "tls.key": pair.Key, "kafka": []byte(password), "clickhouse": []byte(engine)}
}

// environOf is what a process of that role is told. With a certificate it needs no password to the brokers.
func (s *realSecured) environOf(role string, byCertificate bool) []string {
	folder := s.material[role]
	environ := []string{
		"WAYBILL_REGISTRY_URL=" + s.registry, "WAYBILL_CLICKHOUSE_DSN=" + s.clickhouse, "WAYBILL_DATA=" + s.t.TempDir(), "WAYBILL_LISTEN=127.0.0.1:0",
		"WAYBILL_CLICKHOUSE_USER=" + s.engine.User.Username(), "WAYBILL_CLICKHOUSE_PASSWORD_FILE=" + folder.Path("clickhouse"),
	}
	for _, of := range []string{"REGISTRY", "CLICKHOUSE", "KAFKA"} {
		environ = append(environ, encrypted(of, folder)...)
	}
	if byCertificate {
		return append(environ, "WAYBILL_KAFKA_BROKERS="+s.mutual)
	}
	return append(environ, "WAYBILL_KAFKA_BROKERS="+s.sasl, "WAYBILL_KAFKA_TLS_CERT_FILE=", "WAYBILL_KAFKA_TLS_KEY_FILE=",
		"WAYBILL_KAFKA_SASL_MECHANISM=scram-sha-512", "WAYBILL_KAFKA_SASL_USER="+role, "WAYBILL_KAFKA_SASL_PASSWORD_FILE="+folder.Path("kafka"))
}

// says runs a command line of a role.
func (s *realSecured) says(role string, args ...string) said {
	s.t.Helper()
	s.environ = s.environOf(role, false)
	return s.in(nil, args...)
}

func (s *realSecured) mustSay(role string, args ...string) string {
	s.t.Helper()
	got := s.says(role, args...)
	if got.code != exitDone {
		s.t.Fatalf("%s: waybill %s ended with %d:\n%s%s", role, strings.Join(args, " "), got.code, got.stdout, got.stderr)
	}
	return got.stdout
}

// process starts one of a role.
func (s *realSecured) process(t *testing.T, role string, byCertificate bool) *up {
	t.Helper()
	cmd := program(t, "run", role, "-v")
	cmd.Env = append(cmd.Env, s.environOf(role, byCertificate)...)
	return start(t, isReady, cmd)
}

// carries feeds orders through, and waits until the one who only looks finds all of them landed.
func (s *realSecured) carries(t *testing.T, doors *up, seed string, want int) {
	t.Helper()
	file := writeFile(t, ask(t, "simulate", "--orders", "100", "--seed", seed))
	at := ""
	for _, line := range doors.stderr.lines {
		if _, rest, found := strings.Cut(line, "waybill is up at "); found {
			at, _, _ = strings.Cut(rest, " ")
		}
	}
	ask(t, "feed", "--party", "allegro", "--to", at, file)
	eventually(t, func() string {
		return s.mustSay(rights.Reader, "sql", "-o", "json", "SELECT toUInt32(count()) AS n FROM orders_normalized FINAL")
	}, func(n string) bool { return n == fmt.Sprintf("{\"n\":%d}\n", want) })
	s.mustSay(rights.Reader, "verify", "--wait", patience.String())
}

// shortLife is that of the certificate which expires while the process runs that shows it.
const shortLife = 90 * time.Second

func TestOnARealClusterEachRoleWorksWithItsRightsAndItsCredentialsAreExchangedWhileItRuns(t *testing.T) {
	if os.Getenv("WAYBILL_TEST_SECURE") == "" {
		t.Skip("make test-secure runs it")
	}
	s := startRealSecured(t)
	s.mustSay("admin", "acls", "--apply")
	s.mustSay(rights.Provision, "provision")
	t.Run("the controller tells its clock", func(t *testing.T) {
		got := s.mustSay(rights.Reader, "doctor")
		if !strings.Contains(got, "agrees with that of the Kafka controller") {
			t.Error(got)
		}
	})
	t.Run("a wrong password is said to be one", func(t *testing.T) {
		s.material[rights.Doors].Swap(s.shown(rights.Doors, clientLife, "not-the-password"))
		defer s.material[rights.Doors].Swap(s.shown(rights.Doors, clientLife, s.passwordOf(rights.Doors)))
		got := s.says(rights.Doors, "run", rights.Doors)
		if got.code != exitFailed || !strings.Contains(got.stderr, "it refuses the login of doors: no such user, or another password; correct kafka.sasl.user and kafka.sasl.password_file") {
			t.Errorf("got %d %s", got.code, got.stderr)
		}
	})
	expires := time.Now().Add(shortLife)
	s.material["normalize"].Swap(s.shown("normalize", shortLife, ""))
	doors, normalize, landing := s.process(t, rights.Doors, false), s.process(t, "normalize", true), s.process(t, rights.Landing, false)
	s.carries(t, doors, "1", 100)

	t.Run("a certificate that has expired and a password that is another by now hold nothing up: their successors lie in the files", func(t *testing.T) {
		s.material["normalize"].Swap(s.shown("normalize", clientLife, ""))
		s.changePassword(t, rights.Landing, "exchanged-in-a-test")
		for time.Now().Before(expires) {
			time.Sleep(time.Until(expires))
		}
		kafkaDoes(t, "term", "1", "--dir", s.dir) // so that all connect anew
		kafkaDoes(t, "start", "1", "--dir", s.dir)
		s.carries(t, doors, "2", 200)
		for _, told := range []struct {
			by   *up
			text string
		}{{normalize, "certificate exchanged"}, {landing, "password exchanged"}} {
			if !strings.Contains(told.by.stderr.text(), told.text) {
				t.Errorf("no %q in\n%s", told.text, told.by.stderr.text())
			}
		}
	})
	for _, u := range []*up{doors, normalize, landing} {
		if strings.Contains(u.stderr.text(), "AUTHORIZATION") {
			t.Errorf("something was refused:\n%s", u.stderr.text())
		}
		if code := u.stop(t); code != exitDone {
			t.Errorf("ended with %d:\n%s", code, u.stderr.text())
		}
	}
	t.Run("each right that is missing is named", s.namesEach)
}

func (s *realSecured) changePassword(t *testing.T, role, password string) {
	t.Helper()
	upsert := []kadm.UpsertSCRAM{{User: role, Mechanism: kadm.ScramSha512, Iterations: 4096, Password: password}}
	altered, err := s.admin.AlterUserSCRAMs(t.Context(), nil, upsert)
	if err == nil {
		err = altered.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	s.material[role].Swap(s.shown(role, clientLife, password))
}

// namesEach takes each single right away and asks as run does. Of a transactional id the brokers tell nothing: who lacks that one
// finds it out at its first transaction, which is tried below.
func (s *realSecured) namesEach(t *testing.T) {
	for _, role := range rights.Roles("waybill") {
		who := s.as(t, role.Name)
		for _, r := range role.Rights {
			if r.Resource != kmsg.ACLResourceTypeTopic && r.Resource != kmsg.ACLResourceTypeGroup {
				continue
			}
			s.withdrawn(t, role.Name, r, func() {
				eventually(t, func() []rights.Right { // what was given back before takes its time too
					missing, err := rights.Missing(t.Context(), who, role.Rights)
					if err != nil {
						t.Fatal(err)
					}
					return missing
				}, func(missing []rights.Right) bool { return slices.Contains(missing, r) })
			})
		}
	}
	s.withdrawn(t, "normalize", s.transactional(t), func() {
		who := s.as(t, "normalize", kgo.TransactionalID("waybill-normalize-9"), kgo.RetryTimeout(5*time.Second))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, _, err := who.ProducerID(ctx); err == nil || !strings.Contains(err.Error(), "TRANSACTIONAL_ID_AUTHORIZATION_FAILED") {
			t.Errorf("without its transactional id: %v", err)
		}
	})
}

func (s *realSecured) transactional(t *testing.T) rights.Right {
	t.Helper()
	all, err := rights.Of("waybill", "normalize")
	if err != nil {
		t.Fatal(err)
	}
	return all[slices.IndexFunc(all, func(r rights.Right) bool { return r.Resource == kmsg.ACLResourceTypeTransactionalId })]
}

// passwords are those of now: one was exchanged.
func (s *realSecured) passwords(role string) string {
	s.t.Helper()
	text, err := os.ReadFile(s.material[role].Path("kafka"))
	if err != nil || len(text) == 0 {
		return s.passwordOf(role)
	}
	return string(text)
}

func (s *realSecured) as(t *testing.T, role string, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(s.sasl), kgo.DialTLSConfig(&tls.Config{RootCAs: s.authority.Pool(), MinVersion: tls.VersionTLS12}), kgo.DisableClientMetrics(),
		kgo.SASL(scram.Auth{User: role, Pass: s.passwords(role)}.AsSha512Mechanism()),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}
