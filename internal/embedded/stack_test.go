package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"
)

func TestASecondStartGoesOnWhereTheFirstStopped(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	produce(t, first, "one")
	id := register(t, first, `"string"`)
	stop(t, first)

	second := start(t, dir)
	produce(t, second, "two")
	if got := consume(t, second, 2); got != "one two" {
		t.Errorf("read %q", got)
	}
	if again := register(t, second, `"string"`); again != id {
		t.Errorf("the schema has id %d, it had %d", again, id)
	}
	stop(t, second)
}

func TestAFolderInUseNamesItsHolderAndWhatToDo(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, func(c *Config) { c.Purpose = "waybill demo" })
	_, err := tryStart(t, dir, func(c *Config) { c.Wait = 100 * time.Millisecond })
	if err == nil {
		t.Fatal("two stacks run on one folder")
	}
	for _, part := range []string{dir, `"waybill demo"`, fmt.Sprint(os.Getpid()), time.Now().Format(time.DateOnly), "--data"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not name %s: %v", part, err)
		}
	}
}

func TestAStartWaitsForACommandThatEnds(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir, func(c *Config) { c.Purpose = "waybill sql" })
	var second *Stack
	var err error
	var starts sync.WaitGroup
	starts.Go(func() { second, err = tryStart(t, dir) })
	stop(t, first)
	starts.Wait()
	if err != nil {
		t.Fatal(err)
	}
	stop(t, second)
}

func TestAnInstanceIsFoundWhileItLives(t *testing.T) {
	dir := t.TempDir()
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("on an empty folder: %v", err)
	}
	stack := start(t, dir)
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before it is announced: %v", err)
	}
	if err := stack.Announce(Instance{Listen: "http://127.0.0.1:8080", Ops: "http://127.0.0.1:9090"}); err != nil {
		t.Fatal(err)
	}
	found, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	if found.PID != os.Getpid() || found.Listen != "http://127.0.0.1:8080" || found.Brokers[0] != stack.Brokers[0] ||
		found.Registry != stack.Registry || found.ClickHouse != stack.ClickHouse {
		t.Errorf("found %+v", found)
	}
	stop(t, stack)
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) || has(dir, "instance.json") {
		t.Errorf("after it stopped: %v", err)
	}
}

func TestAKilledParentTakesItsChildrenAlongCleanlyAndMakesRoom(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "slow-end")
	parent := startParent(t, dir)
	found, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	stack := &Stack{Brokers: found.Brokers}
	produce(t, stack, "committed")
	openTransaction(t, stack, "open")
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()

	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("a killed instance is found: %v", err)
	}
	next := start(t, dir) // at once, while its predecessor's children still end
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("a killed instance is found under its successor's lock: %v", err)
	}
	if !has(dir, "ended-cleanly") {
		t.Error("the engine started while its predecessor had not ended")
	}
	if log := next.kafka.process.output.told(); strings.Contains(log, "not stopped cleanly") {
		t.Errorf("the broker was killed, too: %s", log)
	}
	produce(t, next, "next")
	if got := consume(t, next, 2); got != "committed next" {
		t.Errorf("read %q", got)
	}
	stop(t, next)
}

func TestAKilledBrokerRunsAgainAtTheSameAddressUnderANewBootID(t *testing.T) {
	stack := start(t, t.TempDir())
	produce(t, stack, "before")
	openTransaction(t, stack, "open")
	life := stack.BootID()
	stack.kafka.kill()
	child := <-stack.Restarted()
	if child.Name != Kafka || child.BootID == life || child.BootID != stack.BootID() || child.Cause == nil {
		t.Errorf("restarted: %+v, the boot id was %s", child, life)
	}
	produce(t, stack, "after")
	if got := consume(t, stack, 2); got != "before after" {
		t.Errorf("read %q", got)
	}
	stop(t, stack)
}

func TestACrashedEngineRunsAgainAtTheSameAddress(t *testing.T) {
	stack := start(t, t.TempDir())
	before := ask(t, stack.ClickHouse)
	stack.engine.kill()
	if child := <-stack.Restarted(); child.Name != ClickHouse {
		t.Errorf("restarted: %+v", child)
	}
	if after := ask(t, stack.ClickHouse); after == before {
		t.Errorf("process %s answers before and after its crash", after)
	}
	stop(t, stack)
}

func TestAChildThatKeepsCrashingIsGivenUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "crashes")
	stack := start(t, dir)
	err := <-stack.Failed()
	if !strings.Contains(err.Error(), "clickhouse ended 5 times") || !strings.Contains(err.Error(), "bang") {
		t.Errorf("failed with: %v", err)
	}
	stop(t, stack)
}

func TestAStartThatFailsTellsWhatTheChildSaid(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct{ file, says string }{
		{"cannot-start", "the moon is in the wrong house"},
		{"never-ready", "not ready within"},
	} {
		dir := t.TempDir()
		put(t, dir, fault.file)
		_, err := tryStart(t, dir, func(c *Config) { c.StartWait = 3 * time.Second })
		if err == nil || !strings.Contains(err.Error(), fault.says) || !strings.Contains(err.Error(), "start clickhouse") {
			t.Errorf("%s: %v", fault.file, err)
		}
		take(t, dir, fault.file)
		stop(t, start(t, dir)) // nothing was left behind
	}
}

func TestAChildThatDoesNotEndIsKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "deaf")
	stack := start(t, dir, func(c *Config) { c.StopWait = 3 * time.Second })
	err := stack.Stop(within(t))
	if err == nil || !strings.Contains(err.Error(), "clickhouse did not end within 3s and was killed") {
		t.Errorf("stop: %v", err)
	}
	take(t, dir, "deaf")
	stop(t, start(t, dir)) // the folder is free
}

func TestAChildOutlivesTheThreadsOfItsParent(t *testing.T) {
	stack := start(t, t.TempDir())
	life, pid := stack.BootID(), ask(t, stack.ClickHouse)
	var all, ends sync.WaitGroup
	all.Add(100)
	for range 100 { // more than were ever idle, so that every free thread ends
		ends.Go(func() {
			runtime.LockOSThread() // and a thread that is not unlocked ends with its goroutine
			all.Done()
			all.Wait()
		})
	}
	ends.Wait()
	produce(t, stack, "still here")
	select {
	case child := <-stack.Restarted():
		t.Errorf("%s ended with a thread: %v", child.Name, child.Cause)
	default:
	}
	if stack.BootID() != life || ask(t, stack.ClickHouse) != pid {
		t.Error("a child ended with a thread")
	}
	stop(t, stack)
}

func TestAThreadThatStartsAChildIsKeptForIt(t *testing.T) {
	stack := start(t, t.TempDir())
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	locked := 0
	for goroutine := range strings.SplitSeq(string(stacks), "\n\n") {
		head, _, _ := strings.Cut(goroutine, "\n")
		if strings.Contains(goroutine, "(*supervisor).keep(") && strings.Contains(head, "locked to thread") {
			locked++
		}
	}
	if locked != 2 {
		t.Errorf("%d of 2 children have a thread of their own", locked)
	}
	stop(t, stack)
}

func TestNoChildInheritsTheLock(t *testing.T) {
	dir := t.TempDir()
	stack := start(t, dir)
	for _, child := range []*supervisor{stack.kafka, stack.engine} {
		files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", child.process.command.Process.Pid))
		if err != nil || len(files) == 0 {
			t.Skipf("this system has no /proc: %v", err)
		}
		for _, file := range files {
			if target, _ := os.Readlink(file); target == lockFile(dir) {
				t.Errorf("%s holds its parent's lock", child.name)
			}
		}
	}
	stop(t, stack)
}

func startParent(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	parent := exec.Command(os.Args[0], "parent", "--dir", dir)
	parent.Stderr = t.Output()
	stdout, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = parent.Process.Signal(syscall.SIGKILL) })
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the parent said %q: %v", line, err)
	}
	return parent
}

func kafka(t *testing.T, stack *Stack, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(stack.Brokers...), kgo.DefaultProduceTopic("orders"), kgo.AllowAutoTopicCreation(),
		kgo.MetadataMinAge(50 * time.Millisecond), kgo.DisableClientMetrics(),
		kgo.RetryBackoffFn(func(int) time.Duration { return 50 * time.Millisecond }),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseAllowingRebalance)
	return client
}

func produce(t *testing.T, stack *Stack, value string) {
	t.Helper()
	client := kafka(t, stack)
	if _, err := kadm.NewClient(client).CreateTopic(within(t), 1, 1, nil, "orders"); err != nil && !strings.Contains(err.Error(), "EXISTS") {
		t.Fatal(err)
	}
	if err := client.ProduceSync(within(t), kgo.StringRecord(value)).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func openTransaction(t *testing.T, stack *Stack, value string) {
	t.Helper()
	client := kafka(t, stack, kgo.TransactionalID("a test"))
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := client.ProduceSync(within(t), kgo.StringRecord(value)).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// consume reads n committed values.
func consume(t *testing.T, stack *Stack, n int) string {
	t.Helper()
	client := kafka(t, stack, kgo.ConsumeTopics("orders"), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	var values []string
	for len(values) < n {
		fetches := client.PollFetches(within(t))
		if err := fetches.Err(); errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("read %q: %v", values, err)
		}
		for r := range fetches.RecordsAll() {
			values = append(values, string(r.Value))
		}
	}
	return strings.Join(values, " ")
}

func register(t *testing.T, stack *Stack, schema string) int {
	t.Helper()
	client, err := sr.NewClient(sr.URLs(stack.Registry))
	if err != nil {
		t.Fatal(err)
	}
	created, err := client.CreateSchema(within(t), "orders-value", sr.Schema{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	return created.ID
}

func ask(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
