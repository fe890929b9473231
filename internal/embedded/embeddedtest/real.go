package embeddedtest

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"
)

// realVariable names the folder of the real servers that tests run on instead of the embedded ones: deploy/with-kafka makes it.
const realVariable = "WAYBILL_TEST_KAFKA"

// realKafka is a broker that tests share, one after the other.
type realKafka struct {
	dir, script string
	brokers     []string
}

// findRealKafka gives the test a real broker for itself alone, empty; nil if there is none.
func findRealKafka(t testing.TB) *realKafka {
	t.Helper()
	dir := takeTurn(t, "broker")
	if dir == "" {
		return nil
	}
	address := readFile(t, filepath.Join(dir, "broker-1", "address"))
	k := &realKafka{dir: dir, script: kafkaScript(t), brokers: []string{address}}
	k.start(t)
	k.clear(t)
	return k
}

// takeTurn waits until no other test, of this process or another, has what one of the stands offers, and returns that stand's
// folder; "" if there are none.
func takeTurn(t testing.TB, what string) (stand string) {
	t.Helper()
	dir := os.Getenv(realVariable)
	if dir == "" {
		return ""
	}
	stands, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(stands) == 0 {
		t.Fatalf("%s=%s: no stands are there: %v", realVariable, dir, err)
	}
	for ; ; time.Sleep(10 * time.Millisecond) {
		for _, stand := range stands {
			if lock := tryLock(t, filepath.Join(stand, what+".turn")); lock != nil {
				t.Cleanup(func() { _ = lock.Close() })
				return stand
			}
		}
	}
}

// tryLock is nil if another has it.
func tryLock(t testing.TB, file string) *os.File {
	t.Helper()
	lock, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err == nil {
		return lock
	}
	_ = lock.Close() // nil is closed already
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Fatalf("take a turn at a real server: %v", err)
	}
	return nil
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("find a real server: %v", err)
	}
	return strings.TrimSpace(string(text))
}

// kafkaScript is deploy/kafka/kafka of the repository that the test stands in.
func kafkaScript(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		script := filepath.Join(dir, "deploy", "kafka", "kafka")
		if _, err := os.Stat(script); err == nil {
			return script
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("deploy/kafka/kafka is in none of the folders above this test")
		}
		dir = filepath.Dir(dir)
	}
}

func (k *realKafka) start(t testing.TB) { k.tell(t, "start") }
func (k *realKafka) stop(t testing.TB)  { k.tell(t, "term") }

func (k *realKafka) tell(t testing.TB, verb string) {
	t.Helper()
	if said, err := exec.Command(k.script, verb, "1", "--dir", k.dir).CombinedOutput(); err != nil {
		t.Fatalf("kafka %s: %v: %s", verb, err, said)
	}
}

// clear takes away what an earlier test left: its topics and its groups.
func (k *realKafka) clear(t testing.TB) {
	t.Helper()
	client, err := kgo.NewClient(append(Quick(), kgo.SeedBrokers(k.brokers...))...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	admin := kadm.NewClient(client)
	groups, err := admin.ListGroups(ctx)
	if err != nil {
		t.Fatalf("list what an earlier test left: %v", err)
	}
	for _, group := range groups.Groups() {
		k.removeGroup(ctx, t, admin, group)
	}
	topics, err := admin.ListTopics(ctx)
	if err == nil && len(topics) > 0 {
		_, err = admin.DeleteTopics(ctx, topics.Names()...)
	}
	for err == nil && len(topics) > 0 && ctx.Err() == nil {
		topics, err = admin.ListTopics(ctx)
	}
	if err != nil {
		t.Fatalf("remove what an earlier test left: %v", err)
	}
}

// removeGroup puts out members that never left, static ones above all: they would hold the group for as long as their session.
func (k *realKafka) removeGroup(ctx context.Context, t testing.TB, admin *kadm.Client, group string) {
	t.Helper()
	for ctx.Err() == nil {
		described, err := admin.DescribeGroups(ctx, group)
		if err != nil {
			t.Fatal(err)
		}
		var members []string
		for _, m := range described[group].Members {
			if m.InstanceID != nil {
				members = append(members, *m.InstanceID)
			}
		}
		if len(members) > 0 {
			if _, err := admin.LeaveGroup(ctx, kadm.LeaveGroup(group).InstanceIDs(slices.Compact(members)...)); err != nil {
				t.Fatal(err)
			}
		}
		if removed, err := admin.DeleteGroup(ctx, group); err == nil && removed.Err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("group %s of an earlier test can not be removed", group)
}

// realRegistry gives the test a real registry for itself alone, empty; "" if there is none. A test that needs both takes the
// broker first.
func realRegistry(t testing.TB) (address string) {
	t.Helper()
	stand := takeTurn(t, "registry")
	if stand == "" {
		return ""
	}
	address = readFile(t, filepath.Join(stand, "registry-url"))
	t.Cleanup(http.DefaultClient.CloseIdleConnections) // which a test of leaks would find
	client, err := sr.NewClient(sr.URLs(address))
	if err != nil {
		t.Fatal(err)
	}
	subjects, err := client.Subjects(t.Context())
	if err != nil {
		t.Fatalf("list what an earlier test left: %v", err)
	}
	for _, subject := range subjects {
		for _, how := range []sr.DeleteHow{sr.SoftDelete, sr.HardDelete} {
			if _, err := client.DeleteSubject(t.Context(), subject, how); err != nil {
				t.Fatalf("remove what an earlier test left: %v", err)
			}
		}
	}
	return address
}
