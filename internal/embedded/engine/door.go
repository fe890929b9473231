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
	"strconv"
	"time"
)

// door is the HTTP handler in front of the engine.
type door struct {
	config  Config
	engine  *engine
	spool   *spool
	places  chan struct{}   // one for each request that runs or waits
	killAll <-chan struct{} // closed when a stop has waited long enough
}

const waitingPerConnectionMax = 32 // requests beyond are refused

func newDoor(c Config, e *engine) *door {
	return &door{config: c, engine: e, spool: openSpool(c), places: make(chan struct{}, (1+waitingPerConnectionMax)*c.Connections)}
}

// serveHTTP serves until ctx ends, then lets requests end, and kills the queries of those that do not.
func serveHTTP(ctx context.Context, listener net.Listener, d *door, ready func(addr string)) error {
	requests, cancelRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelRequests()
	d.killAll = requests.Done()
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
	if shutDown(ctx, server, d.config.StopSecondsMax) == nil {
		return nil
	}
	cancelRequests()
	if err := shutDown(ctx, server, killSecondsMax); err != nil {
		return fmt.Errorf("a query did not end when it was killed: %w", err)
	}
	return nil
}

const killSecondsMax = 10 // how long a killed query may take to notice

func shutDown(ctx context.Context, server *http.Server, secondsMax int) error {
	patience, end := context.WithTimeout(context.WithoutCancel(ctx), time.Duration(secondsMax)*time.Second)
	defer end()
	return server.Shutdown(patience)
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
		d.admitted(w, r)
	default:
		http.Error(w, "GET or POST", http.StatusMethodNotAllowed)
	}
}

// admitted serves the query of a client that knows the password, unless too many wait already.
func (d *door) admitted(w http.ResponseWriter, r *http.Request) {
	if !knowsPassword(r, d.config.Password) {
		refuse(w, refusal(516, "AUTHENTICATION_FAILED", "Authentication failed: the password is wrong or missing"))
		return
	}
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
		d.serveQuery(w, r)
	default:
		refuse(w, refusal(202, "TOO_MANY_SIMULTANEOUS_QUERIES", fmt.Sprintf("More than %d queries run or wait", cap(d.places))))
	}
}

func (d *door) serveQuery(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadSecondsMax * time.Second))
	q, err := readRequest(r, d.config, "waybill-"+rand.Text())
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("X-ClickHouse-Query-Id", q.id)
	a := newAnswer(w, q)
	if err = d.execute(a, r, q); err == nil {
		err = a.end()
	}
	switch {
	case errors.Is(err, errClientLeft):
		panic(http.ErrAbortHandler)
	case err != nil && a.began:
		a.fail(err)
	case err != nil:
		refuse(w, err)
	}
}

// execute waits for the request's data and for a connection, and runs the statement.
func (d *door) execute(a *answer, r *http.Request, q *request) error {
	if isHello(q) {
		greeting, err := hello(d.engine.version)
		if err != nil {
			return err
		}
		return a.write(greeting)
	}
	data, err := d.receive(r, q)
	if err != nil {
		return err
	}
	defer data.remove()
	_ = http.NewResponseController(a.w).SetReadDeadline(time.Time{}) // all is read: the query may take longer
	c, err := d.engine.take(r.Context())
	if err != nil {
		return err
	}
	defer func() { go d.engine.replace(c) }() // engine.stop waits for it
	return d.run(a, r, c, q, data)
}

// refuse answers with an exception instead of a body.
func refuse(w http.ResponseWriter, err error) {
	exception := exceptionOf(err)
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	if exception.code != 0 {
		w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(exception.code))
	}
	w.WriteHeader(httpStatus(exception.code))
	_, _ = io.WriteString(w, exception.message+"\n") // a client that has left reads nothing
}
