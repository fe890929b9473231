// Package httpd serves HTTP within limits: one server for the doors, one for those who operate the process. It says whether the
// process lives and is ready, turns a panic into an answer, and ends without cutting anyone off.
//
// It knows nothing of what is served.
package httpd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Limits bound every connection. A zero means the default.
type Limits struct {
	ConnectionsMax int           // open at a time
	HeaderBytesMax int           // of one request
	Header         time.Duration // for the header to arrive
	Read           time.Duration // for all of a request to arrive
	Write          time.Duration // from the header to the end of the answer
	Idle           time.Duration // between two requests
	Drain          time.Duration // for requests to end when the server stops
}

// defaults suit a server that nobody described.
var defaults = Limits{
	ConnectionsMax: 1024, HeaderBytesMax: 32 << 10, Header: 5 * time.Second, Read: 30 * time.Second, Write: 90 * time.Second,
	Idle: 2 * time.Minute, Drain: 20 * time.Second,
}

func (l Limits) withDefaults() Limits {
	orInt := func(v *int, other int) {
		if *v == 0 {
			*v = other
		}
	}
	orTime := func(v *time.Duration, other time.Duration) {
		if *v == 0 {
			*v = other
		}
	}
	orInt(&l.ConnectionsMax, defaults.ConnectionsMax)
	orInt(&l.HeaderBytesMax, defaults.HeaderBytesMax)
	orTime(&l.Read, defaults.Read)
	orTime(&l.Header, min(defaults.Header, l.Read))
	orTime(&l.Write, max(defaults.Write, 2*l.Read))
	orTime(&l.Idle, defaults.Idle)
	orTime(&l.Drain, defaults.Drain)
	return l
}

// Server is one HTTP server.
type Server struct {
	name     string
	address  string
	limits   Limits
	log      *slog.Logger
	http     *http.Server
	listener net.Listener
	stopping atomic.Bool
}

// New is a server of that name for the handler; it opens nothing.
func New(name, address string, handler http.Handler, limits Limits, log *slog.Logger) *Server {
	limits = limits.withDefaults()
	log = log.With("server", name)
	s := &Server{name: name, address: address, limits: limits, log: log}
	s.http = &http.Server{
		Handler:           s.around(handler),
		ReadHeaderTimeout: limits.Header,
		ReadTimeout:       limits.Read,
		WriteTimeout:      limits.Write,
		IdleTimeout:       limits.Idle,
		MaxHeaderBytes:    limits.HeaderBytesMax,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // what strangers do to a port is no news
	}
	return s
}

// Open begins to listen, and says where: a port 0 has become a free one.
func (s *Server) Open(ctx context.Context) (address string, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.address)
	if err != nil {
		return "", fmt.Errorf("open the %s at %s: %w", s.name, s.address, err)
	}
	s.Use(listener)
	return listener.Addr().String(), nil
}

// Use makes it serve a listener that is open already.
func (s *Server) Use(listener net.Listener) {
	s.listener = &bounded{Listener: listener, places: make(chan struct{}, s.limits.ConnectionsMax), done: make(chan struct{})}
}

// Run serves until the context ends, then lets requests end that are under way, for no longer than the drain time.
func (s *Server) Run(ctx context.Context) error {
	if s.listener == nil {
		if _, err := s.Open(ctx); err != nil {
			return err
		}
	}
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve the %s: %w", s.name, err)
	case <-ctx.Done():
	}
	err := s.stop()
	if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("serve the %s: %w", s.name, ended))
	}
	return err
}

func (s *Server) stop() error {
	s.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), s.limits.Drain)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("the %s stopped with requests under way: %w", s.name, err), s.http.Close())
	}
	return nil
}
