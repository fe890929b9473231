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
	"strings"
	"time"
)

// door is the HTTP handler in front of the engine.
type door struct {
	config  Config
	engine  *engine
	spool   *spool
	killAll <-chan struct{} // closed when a stop has waited long enough
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
		refuse(w, err)
		return
	}
	w.Header().Set("X-ClickHouse-Query-Id", q.id)
	if isHello(q) {
		if greeting, err := hello(d.engine.version); err != nil {
			refuse(w, err)
		} else {
			d.answer(w, q, greeting)
		}
		return
	}
	data, err := d.receive(w, r, q)
	if err != nil {
		refuse(w, err)
		return
	}
	defer data.remove()
	c, err := d.engine.take(r.Context())
	if err != nil {
		refuse(w, err)
		return
	}
	defer func() { go d.engine.replace(c) }() // engine.stop waits for it
	if err := d.run(w, r, c, q, data); err != nil {
		refuse(w, err)
	}
}

func refuse(w http.ResponseWriter, err error) {
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
