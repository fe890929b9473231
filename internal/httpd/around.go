package httpd

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// around puts what every request needs around the handler: an answer while stopping, one when it panics, a line in the log.
func (s *Server) around(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &observed{ResponseWriter: w}
		began := time.Now()
		defer func() {
			s.recovered(seen, r, recover())
			s.log.LogAttrs(r.Context(), slog.LevelDebug, "request", // neither body nor query: both may hold anything about anyone
				slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", seen.status),
				slog.Int64("bytes", seen.bytes), slog.Duration("took", time.Since(began)))
		}()
		if s.stopping.Load() {
			w.Header().Set("Connection", "close")
			w.Header().Set("Retry-After", "1")
			answer(seen, http.StatusServiceUnavailable, map[string]any{"error": "this process is stopping; come again"})
			return
		}
		handler.ServeHTTP(seen, r)
	})
}

// recovered answers for a handler that panicked. http.ErrAbortHandler is its way to cut a connection on purpose.
func (s *Server) recovered(w *observed, r *http.Request, reason any) {
	if reason == nil {
		return
	}
	if err, ok := reason.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	s.log.Error("a request broke our code; this is a bug", "method", r.Method, "path", r.URL.Path, "panic", reason, "stack", string(debug.Stack()))
	if w.status == 0 {
		answer(w, http.StatusInternalServerError, map[string]any{"error": "this is a fault of Waybill; its log says more"})
		return
	}
	panic(http.ErrAbortHandler) // half an answer must not look like a whole one
}

// answer writes v as JSON.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who hung up needs no answer
}

// observed remembers what was answered.
type observed struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (o *observed) WriteHeader(status int) {
	if o.status == 0 && status >= 200 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (o *observed) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(b)
	o.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what is beneath.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }
