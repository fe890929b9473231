// Package registry serves the Confluent schema registry API from one process and one folder, with srfake, and keeps what
// was registered.
//
// It checks no compatibility, because srfake does not: that is the work of the schemas' own check. It knows no schema.
package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/sr/srfake"

	"waybill/internal/embedded/lock"
)

// Config says where a registry keeps its data and where it listens.
type Config struct {
	Dir    string // its folder; in memory if empty
	Listen string // host:port on this machine; a free port of 127.0.0.1 if empty
	Log    *slog.Logger

	// LockWait is how long to wait for an earlier registry that still shuts down; 30 s if zero.
	LockWait time.Duration
}

// maxBodyBytes bounds a request.
const maxBodyBytes = 4 << 20

// Serve runs a registry until ctx ends. It calls ready with its URL once it answers.
func Serve(ctx context.Context, config Config, ready func(url string)) error {
	r, err := Open(ctx, config)
	if err != nil {
		return err
	}
	defer r.Close()
	listen := config.Listen
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("start the embedded schema registry: %w", err)
	}
	server := &http.Server{
		Handler: r, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	ready("http://" + listener.Addr().String())
	select {
	case err := <-ended:
		return fmt.Errorf("serve the embedded schema registry: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if server.Shutdown(stopping) != nil {
		_ = server.Close() // a connection that never asked anything would be waited for
	}
	<-ended
	return nil
}

// Registry answers requests. Every change is on disk before its answer is sent.
type Registry struct {
	fake *srfake.Registry
	lock *lock.Lock // nil in memory
	path string     // of the journal, empty in memory

	mu      sync.Mutex // held by a change
	journal []change
}

// Open reads the folder and brings the registry to the state in which it was left, with the same ids and versions.
func Open(ctx context.Context, config Config) (_ *Registry, err error) {
	r := &Registry{fake: srfake.NewRegistry()}
	if config.Dir == "" {
		return r, nil
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open the embedded schema registry: %w", err), r.Close())
		}
	}()
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return nil, err
	}
	patience := func(lock.Holder) time.Duration {
		if config.LockWait == 0 {
			return 30 * time.Second
		}
		return config.LockWait
	}
	if r.lock, err = lock.Take(ctx, filepath.Join(config.Dir, "lock"), "embedded schema registry", patience); err != nil {
		return nil, err
	}
	r.path = filepath.Join(config.Dir, "journal.json")
	return r, r.replay()
}

// Close gives the folder free.
func (r *Registry) Close() error {
	if r.lock == nil {
		return nil
	}
	return r.lock.Release()
}

// ServeHTTP makes it a http.Handler. A web page can have a browser send requests to this machine: those say where they
// come from, and are refused.
func (r *Registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Header.Get("Origin") != "" {
		http.Error(w, "the registry does not serve web pages", http.StatusForbidden)
		return
	}
	if request.Method == http.MethodGet || r.path == "" {
		r.fake.Handler().ServeHTTP(w, request)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxBodyBytes))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	answer, err := r.change(change{Method: request.Method, Path: request.URL.RequestURI(), Body: string(body)})
	if err != nil {
		http.Error(w, fmt.Sprintf("keep the change: %v", err), http.StatusInternalServerError)
		return
	}
	maps.Copy(w.Header(), answer.header)
	w.WriteHeader(answer.status)
	w.Write(answer.body.Bytes())
}

// change carries a change out and keeps it, if it was one.
func (r *Registry) change(c change) (*answer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.state()
	answer := r.do(c)
	if bytes.Equal(before, r.state()) {
		return answer, nil
	}
	c.Status, c.Answer = answer.status, answer.text()
	r.journal = append(r.journal, c)
	return answer, r.save()
}

func (r *Registry) do(c change) *answer {
	answer := &answer{header: http.Header{}, status: http.StatusOK}
	request, err := http.NewRequest(c.Method, c.Path, strings.NewReader(c.Body))
	if err != nil {
		http.Error(answer, err.Error(), http.StatusBadRequest)
		return answer
	}
	r.fake.Handler().ServeHTTP(answer, request)
	return answer
}

// answer is one that is kept before it is sent. It is a http.ResponseWriter.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }
func (a *answer) text() string                { return strings.TrimSpace(a.body.String()) }
