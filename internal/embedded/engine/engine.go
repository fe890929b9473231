// Package engine serves one ClickHouse engine (libchdb) over the ClickHouse HTTP protocol, for a child process of
// the binary. It is a real ClickHouse: the engine's own parser, tables and errors; only the HTTP door is ours.
//
// It must not know what an order, a topic or a table of Waybill is: it serves whatever SQL it is given.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"waybill/internal/embedded/lock"
)

// Config says where the engine lives and how much of the machine it may use.
type Config struct {
	Dir             string       // data folder, created if missing; locked while the process lives
	Library         string       // path of libchdb.so; empty: where `make fetch` puts it
	Listen          string       // address of the HTTP door, loopback only; default 127.0.0.1:0
	Password        string       // what clients must send, if not empty: every user of the machine can reach a loopback door
	Connections     int          // requests that run at once; further ones wait; default 6
	MemoryBytesMax  int64        // what the whole process may take, within a quarter; default 2 GiB, at least 1 GiB
	QuerySecondsMax int          // how long a query may run, whatever it asks for; default 300
	BodyBytesMax    int64        // largest request body, after decompression; default 256 MiB
	LockSecondsMax  int          // how long to wait for an earlier engine on the folder that still shuts down; default: not at all
	StopSecondsMax  int          // how long a stop waits for running requests before it kills their queries; default 10
	Log             *slog.Logger // default slog.Default()
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Connections <= 0 {
		c.Connections = 6
	}
	if c.MemoryBytesMax <= 0 {
		c.MemoryBytesMax = 2 << 30
	}
	if c.QuerySecondsMax <= 0 {
		c.QuerySecondsMax = 300
	}
	if c.BodyBytesMax <= 0 {
		c.BodyBytesMax = 256 << 20
	}
	if c.StopSecondsMax <= 0 {
		c.StopSecondsMax = 10
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// Serve runs the engine on c.Dir until ctx ends, calls ready once with the address that it listens on, and returns
// nil after a clean stop. A process can serve one engine, once: libchdb keeps process-wide state.
func Serve(ctx context.Context, c Config, ready func(addr string)) error {
	c = c.withDefaults()
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return fmt.Errorf("find the engine's data folder %s: %w", c.Dir, err)
	}
	c.Dir = dir

	held, err := takeFolder(ctx, c)
	if err != nil {
		return err
	}
	defer held.Release()

	listener, err := listenOnLoopback(ctx, c.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()

	engine, err := start(c)
	if err != nil {
		return err
	}
	c.Log.Info("the ClickHouse engine is ready", "version", engine.version, "address", listener.Addr().String(), "data", c.Dir)
	if err := serveHTTP(ctx, listener, newDoor(c, engine), ready); err != nil {
		return err // something of the engine still runs: it ends with the process, as by a kill
	}
	engine.stop()
	return nil
}

func listenOnLoopback(ctx context.Context, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("the engine's listen address %q is not host:port: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("the engine listens on loopback only, not on %q: it knows no users; run a ClickHouse server to share data", address)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("open the engine's door: %w", err)
	}
	return listener, nil
}

// start loads the library and opens the engine on c.Dir.
func start(c Config) (*engine, error) {
	library := c.Library
	if library == "" {
		path, err := LibraryPath()
		if err != nil {
			return nil, err
		}
		library = path
	}
	settings, err := writeServerSettings(c)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	e, err := openEngine(library, connectArguments(c, settings), c.Connections)
	if err != nil {
		return nil, fmt.Errorf("start the ClickHouse engine on %s: %w", c.Dir, err)
	}
	c.Log.Debug("the ClickHouse engine has started", "seconds", time.Since(began).Seconds())
	return e, nil
}

// takeFolder makes the folder and holds it for this process.
func takeFolder(ctx context.Context, c Config) (*lock.Lock, error) {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the engine's data folder: %w", err)
	}
	patience := func(lock.Holder) time.Duration { return time.Duration(c.LockSecondsMax) * time.Second }
	return lock.Take(ctx, filepath.Join(c.Dir, "lock"), "embedded engine", patience)
}
