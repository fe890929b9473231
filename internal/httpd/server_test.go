package httpd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// journal is what a server logged.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// serve runs a server for the handler until stop is called, or the test ends.
func serve(t *testing.T, handler http.Handler, limits Limits) (address string, log *journal, stop func() error) {
	t.Helper()
	log = &journal{}
	s := New("doors", "127.0.0.1:0", handler, limits, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	address, err := s.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return address, log, stop
}

func get(t *testing.T, url string) (status int, body string) {
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
	return answer.StatusCode, string(text)
}

// say sends raw bytes and returns the connection with its reader, both bounded by a deadline.
func say(t *testing.T, address, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

func TestTheOpsServerTellsWhetherAllIsReady(t *testing.T) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "waybill_test_total", Help: "a test"}, func() float64 { return 7 }))
	ready := &Readiness{}
	var kafka error = errors.New("no broker answers")
	ready.Add("kafka", func(context.Context) error { return kafka })
	ready.Add("tables", func(context.Context) error { return nil })
	address, _, _ := serve(t, Ops(registry, ready, nil), Limits{})
	if status, body := get(t, "http://"+address+"/readyz"); status != 503 || body != `{"ready":false,"waiting":[{"name":"kafka","reason":"no broker answers"}]}`+"\n" {
		t.Errorf("not ready: %d %s", status, body)
	}
	kafka = nil
	if status, body := get(t, "http://"+address+"/readyz"); status != 200 || body != `{"ready":true,"waiting":[]}`+"\n" {
		t.Errorf("ready: %d %s", status, body)
	}
	if status, _ := get(t, "http://"+address+"/healthz"); status != 200 {
		t.Errorf("alive: %d", status)
	}
	if status, body := get(t, "http://"+address+"/metrics"); status != 200 || !strings.Contains(body, "waybill_test_total 7") {
		t.Errorf("metrics: %d %s", status, body)
	}
	if status, _ := get(t, "http://"+address+"/debug/pprof/"); status != 404 {
		t.Errorf("pprof: %d", status)
	}
}

func TestADoorServesItsPatternAndReadyzButNoMetrics(t *testing.T) {
	door := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Method, r.URL.Path) })
	address, _, _ := serve(t, Doors(map[string]http.Handler{"/feed/": door}, &Readiness{}), Limits{})
	for path, want := range map[string]int{"/feed/shop": 200, "/readyz": 200, "/metrics": 404, "/": 404} {
		if status, _ := get(t, "http://"+address+path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	request, _ := http.NewRequest(http.MethodPost, "http://"+address+"/feed/shop", strings.NewReader("{}"))
	request.Header.Set("Origin", "https://elsewhere.example")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another site was answered %d", answer.StatusCode)
	}
}

func TestAPanicIsAnsweredAndLogged(t *testing.T) {
	address, log, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			fmt.Fprint(w, "half")
			w.(interface{ Unwrap() http.ResponseWriter }).Unwrap().(http.Flusher).Flush()
		}
		panic("oh no")
	}), Limits{})
	if status, body := get(t, "http://"+address+"/early?q=hidden"); status != 500 || strings.Contains(body, "oh no") {
		t.Errorf("answered %d %s", status, body)
	}
	if !strings.Contains(log.String(), "oh no") || !strings.Contains(log.String(), "server_test.go") {
		t.Errorf("logged %s", log)
	}
	if strings.Contains(log.String(), "hidden") {
		t.Error("the query was logged")
	}
	answer, err := http.Get("http://" + address + "/late")
	if err == nil {
		_, err = io.ReadAll(answer.Body)
		answer.Body.Close()
	}
	if err == nil {
		t.Error("half an answer looked like a whole one")
	}
}

func TestASlowBodyIsCutAndTheHandlerHearsOfIt(t *testing.T) {
	heard := make(chan error, 1)
	address, _, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		heard <- err
		w.WriteHeader(http.StatusRequestTimeout)
	}), Limits{Read: 100 * time.Millisecond})
	_, reader := say(t, address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	answer, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if err := <-heard; answer.StatusCode != 408 || err == nil {
		t.Errorf("answered %d, heard %v", answer.StatusCode, err)
	}
}

func TestASlowHeaderIsCut(t *testing.T) {
	address, _, _ := serve(t, http.NotFoundHandler(), Limits{Header: 100 * time.Millisecond})
	_, reader := say(t, address, "GET / HTTP/1.1\r\nHost: x\r\n")
	if rest, err := io.ReadAll(reader); errors.Is(err, context.DeadlineExceeded) || strings.Contains(string(rest), "404") {
		t.Errorf("read %q, %v", rest, err)
	}
}

func TestAFloodOfHeadersAndGarbageAreTurnedAway(t *testing.T) {
	reached := false
	address, _, _ := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }), Limits{HeaderBytesMax: 4096})
	for name, c := range map[string]struct{ text, want string }{
		"flood":   {"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 20_000) + "\r\n\r\n", "431"},
		"garbage": {"\x16\x03\x01\x00\x00 hello\r\n\r\n", "400"},
	} {
		_, reader := say(t, address, c.text)
		line, err := reader.ReadString('\n')
		if err != nil || !strings.Contains(line, c.want) {
			t.Errorf("%s: answered %q, %v", name, line, err)
		}
	}
	if reached {
		t.Error("it reached the handler")
	}
}

func TestAStopLetsRequestsEndAndTakesNoNewOnes(t *testing.T) {
	inside, leave := make(chan struct{}), make(chan struct{})
	address, _, stop := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(inside)
		<-leave
		fmt.Fprint(w, "whole")
	}), Limits{})
	said := make(chan string, 1)
	go func() {
		_, body := get(t, "http://"+address+"/")
		said <- body
	}()
	<-inside
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for deadline := time.Now().Add(10 * time.Second); ; {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			break // it listens no more
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("it still listens")
		}
	}
	close(leave)
	if body := <-said; body != "whole" {
		t.Errorf("the request under way got %q", body)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestARequestOnAnOpenConnectionIsSentAwayWhileStopping(t *testing.T) {
	reached := false
	s := New("doors", "127.0.0.1:0", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }), Limits{}, slog.New(slog.DiscardHandler))
	s.stopping.Store(true)
	address, err := s.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	if status, body := get(t, "http://"+address+"/"); status != 503 || reached {
		t.Errorf("answered %d %s", status, body)
	}
	http.DefaultClient.CloseIdleConnections()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestARequestThatNeverEndsIsCutAfterTheDrainTime(t *testing.T) {
	inside := make(chan struct{})
	s := New("doors", "127.0.0.1:0", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(inside)
		<-r.Context().Done()
	}), Limits{Drain: 50 * time.Millisecond}, slog.New(slog.DiscardHandler))
	address, err := s.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	say(t, address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-inside
	cancel()
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestNoMoreConnectionsAreOpenThanAllowed(t *testing.T) {
	address, _, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") }), Limits{ConnectionsMax: 1})
	first, reader := say(t, address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Fatalf("the first got %q, %v", line, err)
	}
	second, reader := say(t, address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	_ = second.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	if b, err := reader.ReadByte(); err == nil {
		t.Errorf("the second got %q while the first was open", b)
	}
	first.Close()
	_ = second.SetReadDeadline(time.Now().Add(20 * time.Second))
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Errorf("the second got %q, %v", line, err)
	}
	second.Close()
}

func TestAnAddressInUseIsNamed(t *testing.T) {
	address, _, _ := serve(t, http.NotFoundHandler(), Limits{})
	err := New("doors", address, http.NotFoundHandler(), Limits{}, slog.New(slog.DiscardHandler)).Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "open the doors at "+address) {
		t.Errorf("got %v", err)
	}
}
