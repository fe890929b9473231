package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/internal/config"
	"waybill/internal/rights"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/topics"
)

// rolePassword is the same for all roles.
const rolePassword = "role-for-tests"

// startGuarded is secured with an authorizer: each role has a login, and nobody but admin may do anything yet.
func startGuarded(t *testing.T) *secured {
	t.Helper()
	options := []kfake.Opt{kfake.EnableACLs()}
	for _, role := range rights.Names() {
		options = append(options, kfake.User("SCRAM-SHA-512", role, rolePassword))
	}
	s := startSecured(t, options...)
	a := &app{stderr: t.Output(), log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	ground, err := a.openPlayground(t.Context(), sandboxserver.Options{RequestsPerSecondMax: demoCallsPerSecond})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- ground.run(t.Context()) }()
	t.Cleanup(func() { <-ended })
	erp := ground.erp(config.ERP{})
	s.environ = append(s.environ, "WAYBILL_ERP_SYSTEM="+erp.System, "WAYBILL_ERP_URL="+erp.URL, "WAYBILL_ERP_TOKEN="+erp.Token.Reveal())
	c := s.configured(t)
	topics.Call(calledParties(c))
	topics.Carry(carrierParties(c))
	topics.Print(printerParties(c))
	t.Cleanup(func() { topics.Call(nil); topics.Carry(nil); topics.Print(nil) })
	return s
}

// as is the change of the environment that makes a program another role.
func as(t *testing.T, role string) []string {
	t.Helper()
	return []string{
		"WAYBILL_KAFKA_SASL_USER=" + role, "WAYBILL_KAFKA_SASL_PASSWORD=" + rolePassword, "WAYBILL_KAFKA_SASL_PASSWORD_FILE=",
		"WAYBILL_DATA=" + t.TempDir(), "WAYBILL_LISTEN=127.0.0.1:0",
	}
}

// part is a process of one role, within this one.
type part struct {
	*pipeline
	log  *heard
	stop context.CancelFunc
	end  chan error
}

// heard is a log that is read while it is written.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *heard) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(b)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// starts runs the parts as a role. With looking it looks first whether it may, as run does; without, it finds out.
func (s *secured) starts(t *testing.T, role string, looking bool) (*part, error) {
	t.Helper()
	c := s.configured(t, as(t, role)...)
	log := &heard{}
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: log, log: slog.New(slog.NewTextHandler(log, nil))}
	stack, err := a.external(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	n, err := stack.toRun([]string{role})
	if !looking {
		n.rights = nil
	}
	if err == nil {
		_, err = stack.plan(ctx, n)
	}
	if err != nil {
		stop()
		return nil, err
	}
	p, err := a.newPipeline(ctx, stack, []string{role})
	if err != nil {
		stop()
		return nil, err
	}
	started := &part{pipeline: p, log: log, stop: stop, end: make(chan error, 1)}
	go func() { started.end <- errors.Join(p.run(ctx), p.close()) }()
	return started, nil
}

func (p *part) ends(t *testing.T) {
	t.Helper()
	p.stop()
	if err := <-p.end; err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

func TestEachRoleDoesItsWorkWithExactlyItsRights(t *testing.T) {
	s := startGuarded(t)
	s.must("acls", "--apply")
	t.Run("provision makes what is missing", func(t *testing.T) {
		if _, err := s.admin.DeleteTopics(t.Context(), "id.map"); err != nil {
			t.Fatal(err)
		}
		s.setTopic("orders.raw", "retention.ms", "1000")
		if got := s.in(as(t, rights.Provision), "provision"); got.code != exitDone {
			t.Fatalf("ended with %d: %s%s", got.code, got.stdout, got.stderr)
		}
	})
	t.Run("doors, steps, a gateway and the landing carry orders through, each with its own", func(t *testing.T) {
		var running []*part
		for _, role := range []string{rights.Doors, "normalize", partPlace, partAcknowledge, topics.ERP, rights.Landing} {
			p, err := s.starts(t, role, true)
			if err != nil {
				t.Fatal(err)
			}
			running = append(running, p)
			if err := p.awaitReady(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		orders := s.must("simulate", "--orders", "60", "--seed", "5", "--broken", "4", "--amendments", "6")
		answer, err := http.Post(running[0].doors.url+"/feed/allegro", "application/x-ndjson", strings.NewReader(orders))
		if err != nil {
			t.Fatal(err)
		}
		if text := read(t, answer); answer.StatusCode != http.StatusAccepted {
			t.Fatalf("%s %s", answer.Status, text)
		}
		counted := func() string {
			return s.must("sql", "-o", "json", "SELECT (SELECT toUInt32(count()) FROM orders_normalized FINAL) AS orders, (SELECT toUInt32(count()) FROM trash FINAL) AS trash")
		}
		eventually(t, counted, func(n string) bool { return n == `{"orders":64,"trash":2}`+"\n" })
		eventually(t, func() string {
			return s.must("sql", "-o", "json", "SELECT count() > 30 AND (SELECT count() FROM orders_acknowledged FINAL) > 30 AS placed, (SELECT toUInt32(count()) FROM v_receipts_open) AS open FROM orders_placed FINAL")
		}, func(n string) bool { return n == `{"placed":1,"open":0}`+"\n" })
		if got := s.in(as(t, rights.Reader), "verify", "--wait", patience.String()); got.code != exitDone {
			t.Errorf("the reader: verify ended with %d: %s%s", got.code, got.stdout, got.stderr)
		}
		for _, p := range running {
			p.ends(t)
			if strings.Contains(p.log.String(), "AUTHORIZATION") {
				t.Errorf("something was refused:\n%s", p.log)
			}
		}
	})
	t.Run("operators look and act", func(t *testing.T) {
		for _, verb := range [][]string{{"doctor"}, {"trash", "list"}, {"mapping", "list"}, {"idmap", "export", "--party", "allegro"}} {
			if got := s.in(as(t, rights.Reader), verb...); got.code != exitDone {
				t.Errorf("the reader: %s ended with %d: %s%s", verb, got.code, got.stdout, got.stderr)
			}
		}
		act := []string{"mapping", "use", "allegro/newest", "--by", "me", "--reason", "a test"}
		if got := s.in(as(t, rights.Keeper), act...); got.code != exitDone {
			t.Errorf("the keeper: ended with %d: %s%s", got.code, got.stdout, got.stderr)
		}
		got := s.in(as(t, rights.Reader), act...)
		if got.code != exitFailed || !strings.Contains(got.stderr, "reader may not WRITE on topic mappings; 'waybill acls --role keeper' prints") {
			t.Errorf("the reader acted: %d %s", got.code, got.stderr)
		}
	})
	t.Run("a right that is missing is named at the start, in one line", s.namesWhatIsMissing)
	t.Run("without any of its rights a part does not do its work", s.missesEach)
}

func builder(principal string, r rights.Right) *kadm.ACLBuilder {
	b := kadm.NewACLs().Allow(principal).AllowHosts().Operations(r.Operation).ResourcePatternType(r.Pattern())
	switch r.Resource {
	case kmsg.ACLResourceTypeTopic:
		return b.Topics(r.Name)
	case kmsg.ACLResourceTypeGroup:
		return b.Groups(r.Name)
	case kmsg.ACLResourceTypeTransactionalId:
		return b.TransactionalIDs(r.Name)
	}
	return b.Clusters()
}

// withdrawn takes one right away while do runs.
func (s *secured) withdrawn(t *testing.T, role string, r rights.Right, do func()) {
	t.Helper()
	b := builder("User:"+role, r)
	if _, err := s.admin.DeleteACLs(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	left, err := s.admin.DescribeACLs(t.Context(), kadm.NewACLs().AnyResource().Allow("User:"+role).AllowHosts().Operations().ResourcePatternType(kadm.ACLPatternAny))
	if err != nil {
		t.Fatal(err)
	}
	if len(left) == 0 {
		t.Fatal("there are no rights to describe")
	}
	defer func() {
		if _, err := s.admin.CreateACLs(t.Context(), builder("User:"+role, r)); err != nil {
			t.Error(err)
		}
	}()
	do()
}

// alike are the rights of a role, one of those that are for the same and of the same kind.
func alike(role rights.Role) []rights.Right {
	var some []rights.Right
	for _, r := range role.Rights {
		if !slices.ContainsFunc(some, func(o rights.Right) bool {
			return o.Why == r.Why && o.Operation == r.Operation && o.Resource == r.Resource
		}) {
			some = append(some, r)
		}
	}
	return some
}

// What is not told by kfake is left out: a group and a transactional id. That every single right to a topic is missed is a test of
// internal/rights.
func (s *secured) namesWhatIsMissing(t *testing.T) {
	for _, role := range rights.Roles("waybill") {
		verb := []string{"run", role.Name}
		switch {
		case role.Name == rights.Provision:
			verb = []string{"provision"}
		case !slices.Contains(s.used(t), role.Name):
			continue
		}
		r := role.Rights[0]
		s.withdrawn(t, role.Name, r, func() {
			got := s.in(as(t, role.Name), verb...)
			line := strings.TrimSpace(got.stderr)
			if got.code != exitFailed || !strings.Contains(line, role.Name+" may not "+r.String()) || strings.Contains(line, "\n") {
				t.Errorf("%s without %s: ended with %d: %s", role.Name, r, got.code, line)
			}
		})
	}
}

// used are the parts that the configuration has a use for: of those that need a carrier too, the rights are made like those of all steps.
func (s *secured) used(t *testing.T) []string {
	t.Helper()
	return partsUsed(s.configured(t))
}

// missesEach takes rights away and does the work without looking first: so no right stands in the list for nothing. That the outputs
// of a step are written to is what its declaration says, and the runner holds it to.
func (s *secured) missesEach(t *testing.T) {
	for _, role := range rights.Roles("waybill") {
		for _, r := range alike(role) {
			if r.Why == rights.StandsStill || r.Operation == kmsg.ACLOperationWrite && r.Resource == kmsg.ACLResourceTypeTopic || !slices.Contains(s.used(t), role.Name) {
				continue
			}
			s.withdrawn(t, role.Name, r, func() {
				p, err := s.starts(t, role.Name, false)
				if err != nil {
					if !strings.Contains(err.Error(), "AUTHORIZATION_FAILED") {
						t.Errorf("%s without %s: %v", role.Name, r, err)
					}
					return
				}
				eventuallyWithin(t, 30*time.Second, func() bool { return strings.Contains(p.log.String(), "AUTHORIZATION_FAILED") }, func() {
					t.Errorf("%s does not miss %s:\n%s", role.Name, r, p.log)
				})
				p.stop()
				<-p.end
			})
		}
	}
}

func eventuallyWithin(t *testing.T, limit time.Duration, good func() bool, otherwise func()) {
	t.Helper()
	for end := time.Now().Add(limit); !good(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			otherwise()
			return
		}
	}
}
