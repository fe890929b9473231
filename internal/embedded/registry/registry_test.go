package registry_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/sr"

	"waybill/internal/embedded/lock"
	"waybill/internal/embedded/registry"
)

// The test binary, started again with this variable, is a registry on the folder that it names.
const folderVariable = "WAYBILL_REGISTRY_TEST_FOLDER"

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
	if err := registry.Serve(ctx, registry.Config{Dir: dir}, func(url string) { fmt.Println(url) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func TestIDsAndVersionsSurviveAKill(t *testing.T) {
	dir := t.TempDir()
	client, end := launch(t, dir)
	first := create(t, client, "orders-value", field("a"))
	second := create(t, client, "orders-value", field("a", "b"))
	shared := create(t, client, "erp-value", field("a")) // one schema under two subjects has one id
	create(t, client, "gone-value", field("x"))          // and a hole in the numbers
	for _, how := range []sr.DeleteHow{sr.SoftDelete, sr.HardDelete} {
		if _, err := client.DeleteSubject(t.Context(), "gone-value", how); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range client.SetCompatibility(t.Context(), sr.SetCompatibility{Level: sr.CompatFullTransitive}, "orders-value") {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	if shared.ID != first.ID {
		t.Fatalf("the same schema has the ids %d and %d", first.ID, shared.ID)
	}

	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGKILL} {
		end(signal)
		client, end = launch(t, dir)
		for _, was := range []sr.SubjectSchema{first, second, shared} {
			found, err := client.SchemaByVersion(t.Context(), was.Subject, was.Version)
			if err != nil || found.ID != was.ID || found.Schema.Schema != was.Schema.Schema {
				t.Errorf("%s version %d was id %d, is %d (%v)", was.Subject, was.Version, was.ID, found.ID, err)
			}
			if again := create(t, client, was.Subject, was.Schema.Schema); again.ID != was.ID || again.Version != was.Version {
				t.Errorf("registered again, %s is id %d version %d, it was %d and %d", was.Subject, again.ID, again.Version, was.ID, was.Version)
			}
		}
		for _, r := range client.Compatibility(t.Context(), "orders-value") {
			if r.Err != nil || r.Level != sr.CompatFullTransitive {
				t.Errorf("compatibility is %s (%v)", r.Level, r.Err)
			}
		}
	}
	if fresh := create(t, client, "fresh-value", field("new")); fresh.ID != 4 {
		t.Errorf("the next id is %d: 1 and 2 are in use, 3 was", fresh.ID)
	}
	end(syscall.SIGTERM)
}

func TestWhatChangesNothingIsNotKept(t *testing.T) {
	dir := t.TempDir()
	client, end := launch(t, dir)
	create(t, client, "orders-value", field("a"))
	before := journal(t, dir)
	create(t, client, "orders-value", field("a"))
	if _, err := client.CreateSchema(t.Context(), "orders-value", sr.Schema{Schema: "not json"}); err == nil {
		t.Error("a schema that is not JSON was registered")
	}
	if after := journal(t, dir); after != before {
		t.Errorf("the journal grew from\n%s\nto\n%s", before, after)
	}
	end(syscall.SIGTERM)
}

func TestAJournalThatWouldGiveOtherIDsIsRefused(t *testing.T) {
	dir := t.TempDir()
	client, end := launch(t, dir)
	create(t, client, "orders-value", field("a"))
	end(syscall.SIGTERM)
	forged := strings.Replace(journal(t, dir), `{\"id\":1`, `{\"id\":7`, 1)
	if forged == journal(t, dir) {
		t.Fatalf("there is no id 1 in %s", forged)
	}
	if err := os.WriteFile(filepath.Join(dir, "journal.json"), []byte(forged), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := registry.Open(t.Context(), registry.Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), `"id":7`) {
		t.Errorf("it opens with %v", err)
	}
}

func TestAFolderServesOneRegistry(t *testing.T) {
	dir := t.TempDir()
	_, end := launch(t, dir)
	_, err := registry.Open(t.Context(), registry.Config{Dir: dir, LockWait: time.Millisecond})
	var inUse *lock.InUse
	if !errors.As(err, &inUse) {
		t.Errorf("a second one opens with %v", err)
	}
	end(syscall.SIGTERM)
}

func TestABodyOverTheLimitIsRefused(t *testing.T) {
	dir := t.TempDir()
	r, err := registry.Open(t.Context(), registry.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w := &status{header: http.Header{}}
	request, _ := http.NewRequest(http.MethodPost, "/subjects/a/versions", strings.NewReader(strings.Repeat(" ", 5<<20)))
	if r.ServeHTTP(w, request); w.code != http.StatusRequestEntityTooLarge {
		t.Errorf("5 MiB are answered with %d", w.code)
	}
}

func TestAWebPageCannotRegister(t *testing.T) {
	r, err := registry.Open(t.Context(), registry.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w := &status{header: http.Header{}}
	request, _ := http.NewRequest(http.MethodPost, "/subjects/a/versions", strings.NewReader(`{"schema":"\"string\""}`))
	request.Header.Set("Origin", "https://example.com")
	if r.ServeHTTP(w, request); w.code != http.StatusForbidden {
		t.Errorf("a page is answered with %d", w.code)
	}
}

type status struct {
	header http.Header
	code   int
}

func (s *status) Header() http.Header         { return s.header }
func (s *status) WriteHeader(code int)        { s.code = code }
func (s *status) Write(p []byte) (int, error) { return len(p), nil }

func field(names ...string) string {
	var fields []string
	for _, name := range names {
		fields = append(fields, fmt.Sprintf(`{"name":%q,"type":["null","string"],"default":null}`, name))
	}
	return `{"type":"record","name":"Order","fields":[` + strings.Join(fields, ",") + `]}`
}

func create(t *testing.T, client *sr.Client, subject, schema string) sr.SubjectSchema {
	t.Helper()
	created, err := client.CreateSchema(t.Context(), subject, sr.Schema{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	return created
}

func journal(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "journal.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// launch starts a registry in a process of its own; end ends that by a signal.
func launch(t *testing.T, dir string) (client *sr.Client, end func(syscall.Signal)) {
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
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the registry does not start: %v", err)
	}
	if client, err = sr.NewClient(sr.URLs(strings.TrimSpace(url))); err != nil {
		t.Fatal(err)
	}
	return client, func(signal syscall.Signal) {
		t.Helper()
		if err := child.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := child.Wait(); err != nil && signal != syscall.SIGKILL {
			t.Fatalf("the registry ended with %v", err)
		}
	}
}
