package broker_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/broker"
)

// The test binary, started again with this variable, is a broker on the folder that it names.
const folderVariable = "WAYBILL_BROKER_TEST_FOLDER"

func TestMain(m *testing.M) {
	dir := os.Getenv(folderVariable)
	if dir == "" {
		os.Exit(m.Run())
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // the test ended
		os.Exit(1)
	}()
	err := broker.Serve(ctx, broker.Config{Dir: dir}, func(at broker.Addresses) { _ = json.NewEncoder(os.Stdout).Encode(at) })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func TestAKilledBrokerNeitherHidesNorRevivesRecords(t *testing.T) {
	dir := t.TempDir()
	at, end := launch(t, dir)
	admin := kadm.NewClient(clientOf(t, at.Brokers))
	if _, err := admin.CreateTopic(deadline(t), 1, 1, nil, "orders"); err != nil {
		t.Fatal(err)
	}
	want := []string{}
	for round := range 4 {
		name := func(kind string) string { return fmt.Sprintf("%s-%d", kind, round) }
		// The ids are those of the former lives on purpose: also who keeps them is served right.
		a := clientOf(t, at.Brokers, kgo.TransactionalID("a"))
		inTransaction(t, a, kgo.TryCommit, name("a"))
		inTransaction(t, a, kgo.TryAbort, name("aborted"))
		b := clientOf(t, at.Brokers, kgo.TransactionalID("b"))
		inTransaction(t, b, kgo.TryCommit, name("b"))
		begin(t, b, name("open"))
		want = append(want, name("a"), name("b"))
		if round%2 == 0 {
			end(syscall.SIGKILL)
		} else {
			end(syscall.SIGTERM)
		}
		if round == 2 {
			tearIndexes(t, dir)
		}
		at, end = launch(t, dir)
		if got := readFrom(t, at.Brokers, "orders"); !slices.Equal(got, want) {
			t.Fatalf("round %d: committed records are\n %s, not\n %s", round, strings.Join(got, " "), strings.Join(want, " "))
		}
	}
	end(syscall.SIGTERM)
}

func TestOffsetsThatWereCommittedSurviveAKill(t *testing.T) {
	ctx := deadline(t)
	dir := t.TempDir()
	at, end := launch(t, dir)
	admin := kadm.NewClient(clientOf(t, at.Brokers))
	if _, err := admin.CreateTopic(ctx, 1, 1, nil, "orders"); err != nil {
		t.Fatal(err)
	}
	var offsets kadm.Offsets
	offsets.AddOffset("orders", 0, 7, -1)
	if err := admin.CommitAllOffsets(ctx, "step", offsets); err != nil {
		t.Fatal(err)
	}
	end(syscall.SIGKILL)

	at, end = launch(t, dir)
	committed, err := kadm.NewClient(clientOf(t, at.Brokers)).FetchOffsets(ctx, "step")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := committed.Lookup("orders", 0); got.At != 7 {
		t.Errorf("offset is %d, not 7", got.At)
	}
	end(syscall.SIGTERM)
}

func TestAStrayRequestDoesNoHarm(t *testing.T) {
	at, end := launch(t, t.TempDir())
	if answer, err := http.Get("http://" + at.Brokers[0]); err == nil {
		answer.Body.Close()
		t.Error("the broker answers HTTP")
	}
	huge := binary.BigEndian.AppendUint32(nil, 2<<30)
	huge = append(huge, 0, 18, 0, 0) // ApiVersions, as any client begins
	conn, err := net.Dial("tcp", at.Brokers[0])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(huge); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(limit)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the broker waits for a request of 2 GiB: %v", err)
	}
	if _, err := kadm.NewClient(clientOf(t, at.Brokers)).BrokerMetadata(deadline(t)); err != nil {
		t.Error(err)
	}
	end(syscall.SIGTERM)
}

// launch starts a broker in a process of its own; end ends that by a signal.
func launch(t *testing.T, dir string) (at broker.Addresses, end func(syscall.Signal)) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), folderVariable+"="+dir)
	child.Stderr = t.Output()
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Process.Kill() })
	if err := json.NewDecoder(bufio.NewReader(stdout)).Decode(&at); err != nil {
		t.Fatalf("the broker does not start: %v", err)
	}
	return at, func(signal syscall.Signal) {
		t.Helper()
		if err := child.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := child.Wait(); err != nil && signal != syscall.SIGKILL {
			t.Fatalf("the broker ended with %v", err)
		}
	}
}

// tearIndexes cuts the last entry off each index, as a kill between two writes does.
func tearIndexes(t *testing.T, dir string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "log", "partitions", "orders-0", "*.idx"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("there is no index: %v", err)
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, info.Size()-15); err != nil {
			t.Fatal(err)
		}
	}
}
