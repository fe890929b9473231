package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// door is the HTTP handler in front of the engine.
type door struct {
	config Config
	engine *engine
	spool  *spool
}

// serveHTTP serves until ctx ends, then lets requests end, and kills the queries of those that do not.
func serveHTTP(ctx context.Context, listener net.Listener, d *door, ready func(addr string)) error {
	requests, cancelRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelRequests()
	server := &http.Server{
		Handler:           d,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       5 * time.Minute,
		MaxHeaderBytes:    2 * queryBytesMax,
		ErrorLog:          slog.NewLogLogger(d.config.Log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return requests },
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	ready(listener.Addr().String())

	select {
	case err := <-served:
		return fmt.Errorf("the engine's door closed by itself: %w", err)
	case <-ctx.Done():
	}
	patience, end := context.WithTimeout(requests, stopSecondsMax*time.Second)
	defer end()
	err := server.Shutdown(patience)
	if err == nil {
		return nil
	}
	cancelRequests()
	lastly, end := context.WithTimeout(context.WithoutCancel(ctx), stopSecondsMax*time.Second)
	defer end()
	if err := server.Shutdown(lastly); err != nil {
		return fmt.Errorf("a query did not end when it was killed: %w", err)
	}
	return nil
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !fromThisMachine(r) {
		http.Error(w, "this engine answers programs of its own machine only", http.StatusForbidden)
		return
	}
	switch {
	case r.URL.Path == "/ping":
		io.WriteString(w, "Ok.\n")
	case r.URL.Path != "/":
		http.NotFound(w, r)
	case r.Method == http.MethodGet && !r.URL.Query().Has("query"):
		io.WriteString(w, "Ok.\n")
	case r.Method == http.MethodGet, r.Method == http.MethodPost:
		d.serveQuery(w, r)
	default:
		http.Error(w, "GET or POST", http.StatusMethodNotAllowed)
	}
}

// fromThisMachine keeps web pages out: a browser can be made to send a request to a loopback address.
func fromThisMachine(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return r.Header.Get("Origin") == "" && (host == "localhost" || ip != nil && ip.IsLoopback())
}

func (d *door) serveQuery(w http.ResponseWriter, r *http.Request) {
	q, err := readRequest(r, d.config, "waybill-"+rand.Text())
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	w.Header().Set("X-ClickHouse-Query-Id", q.id)
	if isHello(q) {
		if greeting, err := hello(d.engine.version); err != nil {
			d.refuse(w, r, err)
		} else {
			d.answer(w, q, greeting)
		}
		return
	}
	c, err := d.engine.take(r.Context())
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	defer d.engine.replace(c)
	if err := d.run(w, r, c, q); err != nil {
		d.refuse(w, r, err)
	}
}

// run prepares the connection, executes the statement and answers with its result.
func (d *door) run(w http.ResponseWriter, r *http.Request, c *connection, q *request) error {
	if err := c.admit(q); err != nil {
		return err
	}
	for _, statement := range q.prologue() {
		if err := c.exec(statement); err != nil {
			return err
		}
	}
	statement := q.statement
	if q.insert != nil {
		path, size, err := d.spool.put(q.data)
		if err != nil {
			return err
		}
		defer os.Remove(path)
		if size == 0 {
			return nil
		}
		statement = fmt.Sprintf("%s SELECT * FROM file(%s, %s)", q.insert.target, quoted(path), quoted(q.insert.format))
	}
	settled := d.killWhenGone(r.Context(), q.mark)
	defer settled()
	result := c.run(statement, q.format, q.parameters)
	defer result.free()
	if err := result.err(); err != nil {
		return err
	}
	w.Header().Set("X-ClickHouse-Summary", `{"written_rows":"`+strconv.FormatUint(result.rowsWritten(), 10)+`"}`)
	d.answer(w, q, result.bytes())
	return nil
}

// killWhenGone cancels the query under mark when ctx ends, again and again, for it may not have begun yet. The
// returned function ends the watch.
func (d *door) killWhenGone(ctx context.Context, mark string) (settled func()) {
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		select {
		case <-done:
			return
		case <-ctx.Done():
		}
		for {
			if err := d.engine.kill(mark); err != nil {
				d.config.Log.Warn("the query of a client that left could not be killed", "error", err)
			}
			select {
			case <-done:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
	return func() { close(done); <-over }
}

func (d *door) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody is there to read it
	}
	var exception *engineError
	if !errors.As(err, &exception) {
		exception = refusal(1002, "UNKNOWN_EXCEPTION", err.Error())
	}
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	if exception.code != 0 {
		w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(exception.code))
	}
	w.WriteHeader(httpStatus(exception.code))
	io.WriteString(w, exception.message+"\n")
}
