package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"waybill/schemas"
)

// asWaybill makes the test binary the program itself, for the children it starts and for those that tests start.
const asWaybill = "WAYBILL_TEST_AS_PROGRAM"

// asEdition makes it an earlier version of Waybill: what that lacks, as allegro/2, or has of a schema, as row:1.
const asEdition = "WAYBILL_TEST_EDITION"

func editionOf(text string) edition {
	e := edition{upto: schemas.Upto{}}
	for _, word := range strings.Fields(text) {
		if name, number, ok := strings.Cut(word, ":"); ok {
			e.upto[name], _ = strconv.Atoi(number)
		} else {
			e.lacks = append(e.lacks, word)
		}
	}
	return e
}

func TestMain(m *testing.M) {
	if os.Getenv(asWaybill) != "" {
		os.Exit(runAs(editionOf(os.Getenv(asEdition)), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Setenv(asWaybill, "1") // for all that this process starts
	testscript.Main(m, map[string]func(){"waybill": main})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			// libchdb lies in the user's cache, and the scripts have a home of their own.
			e.Setenv("WAYBILL_CACHE", cacheFolder())
			return nil
		},
		RequireExplicitExec: true,
	})
}

func writeFile(t testing.TB, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "orders.ndjson")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func cacheFolder() string {
	if dir := os.Getenv("WAYBILL_CACHE"); dir != "" {
		return dir
	}
	home, _ := os.UserHomeDir()
	return filepath.Join(home, ".cache", "waybill")
}

// patience is how long a test waits for what must come, on a machine that is busy with other tests.
const patience = 3 * time.Minute

// programMinutesMax bounds every command line of a test, also of one that runs until it is stopped on a machine that is busy.
func programMinutesMax() time.Duration {
	if os.Getenv(killsVariable) != "" || os.Getenv(parcelsVariable) != "" {
		return 12 * 60 * time.Minute
	}
	return 20 * time.Minute
}

// program is a command line of waybill in a process of its own.
func program(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), programMinutesMax())
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(asProgram(), givenTo(t)...)
	cmd.Dir = t.TempDir() // no configuration of the folder the tests run in
	return cmd
}

// asProgram is the environment of the test binary as the program, without what only tests read.
func asProgram() []string {
	return append(os.Environ(), killsVariable+"=", entriesVariable+"=", parcelsVariable+"=")
}

// ask runs a command line to its end and gives its stdout.
func ask(t testing.TB, args ...string) string {
	t.Helper()
	cmd := program(t, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("waybill %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// landed waits until all that is on the topics of a stack has landed, and gives what verify says of it.
func landed(t testing.TB, of ...string) string {
	t.Helper()
	return ask(t, append([]string{"verify", "--wait", patience.String()}, of...)...)
}

// rows are the JSON objects of an output, a line each.
func rows[T any](t testing.TB, out string) []T {
	t.Helper()
	var all []T
	for line := range strings.Lines(out) {
		var row T
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		all = append(all, row)
	}
	return all
}

// up is an instance that runs, and can be killed.
type up struct {
	cmd    *exec.Cmd
	stderr *tail
	ended  chan error
}

// startUp starts an instance and waits until it says that it is up.
func startUp(t testing.TB, data string, args ...string) *up {
	t.Helper()
	// The children of one that was killed write to its folder until they have ended.
	t.Cleanup(func() {
		eventually(t, func() []string { return processesOf(t, data) }, func(left []string) bool { return len(left) == 0 })
	})
	return startProcess(t, "waybill is up at", append([]string{"up", "--data", data, "--listen", "127.0.0.1:0"}, args...)...)
}

// startProcess starts a command line that runs until it is stopped, and waits until it says that it is ready.
func startProcess(t testing.TB, says string, args ...string) *up {
	t.Helper()
	return start(t, says, program(t, args...))
}

func start(t testing.TB, says string, cmd *exec.Cmd) *up {
	t.Helper()
	u := &up{cmd: cmd, ended: make(chan error, 1), stderr: &tail{says: says, ready: make(chan struct{})}}
	pipe, err := u.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := u.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		u.stderr.read(pipe)
	}()
	go func() {
		<-read
		u.ended <- u.cmd.Wait()
	}()
	t.Cleanup(u.kill)
	select {
	case <-u.stderr.ready:
	case err := <-u.ended:
		u.ended <- err
		t.Fatalf("it ended: %v\n%s", err, u.stderr.text())
	case <-time.After(patience):
		t.Fatalf("it is not ready after %s:\n%s", patience, u.stderr.text())
	}
	return u
}

// kill ends the process at once, as kill -9 does.
func (u *up) kill() {
	u.signal()
	err := <-u.ended
	u.ended <- err
}

// signal kills it, and does not wait for its end.
func (u *up) signal() { _ = u.cmd.Process.Signal(syscall.SIGKILL) } // it may have ended

// stop ends the process as Ctrl-C does, and gives its exit code.
func (u *up) stop(t *testing.T) int {
	t.Helper()
	if err := u.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-u.ended:
		u.ended <- err
	case <-time.After(patience):
		t.Fatalf("up does not end:\n%s", u.stderr.text())
	}
	return u.cmd.ProcessState.ExitCode()
}

// tail keeps what a process says, and notices when it is up.
type tail struct {
	says  string
	ready chan struct{}
	lines []string
}

func (l *tail) read(r io.Reader) {
	up := false
	for s := bufio.NewScanner(r); s.Scan(); {
		if l.lines = append(l.lines, s.Text()); len(l.lines) > 200 {
			l.lines = l.lines[100:]
		}
		if !up && strings.Contains(s.Text(), l.says) {
			up = true
			close(l.ready)
		}
	}
}

func (l *tail) text() string { return fmt.Sprint(strings.Join(l.lines, "\n")) }
