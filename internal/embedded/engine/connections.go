package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// engine is a running ClickHouse engine with a fixed number of connections.
//
// A connection carries what SET and USE leave behind, and readonly cannot be taken back: so each serves one request
// and is then replaced, which costs half a millisecond.
type engine struct {
	chdb      *chdb
	version   string
	arguments []string
	actions   signalActions
	free      chan *connection
	control   *connection // never given out: keeps the engine open, and kills queries
	controls  sync.Mutex
}

type connection struct {
	chdb   *chdb
	handle *connectionHandle
}

// openEngine loads library, opens the engine with the arguments and makes ready the connections.
func openEngine(library string, arguments []string, connections int) (*engine, error) {
	actions := currentSignalActions()
	defer actions.restore()
	chdb, err := loadChdb(library)
	if err != nil {
		return nil, err
	}
	chdb.signalHandlers(0) // else a crash leaves a process that neither works nor ends
	e := &engine{chdb: chdb, arguments: arguments, actions: actions, free: make(chan *connection, connections)}
	if e.control, err = e.connect(); err != nil {
		return nil, err
	}
	for range connections {
		e.free <- nil // opened when it is first needed
	}
	if e.version, err = e.control.text("SELECT version()"); err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

func (e *engine) connect() (*connection, error) {
	handle := e.chdb.open(e.arguments)
	e.actions.restore()
	if handle == nil || *handle == 0 {
		return nil, errors.New("the engine refused a connection; its own message, if any, is on standard error")
	}
	return &connection{chdb: e.chdb, handle: handle}, nil
}

// take waits for a connection that nobody has used yet.
func (e *engine) take(ctx context.Context) (*connection, error) {
	select {
	case c := <-e.free:
		if c != nil {
			return c, nil
		}
		fresh, err := e.connect() // the one before could not be replaced
		if err != nil {
			e.free <- nil
		}
		return fresh, err
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a free connection: %w", ctx.Err())
	}
}

// replace closes a used connection and makes ready a new one in its place.
func (e *engine) replace(used *connection) {
	used.close()
	fresh, err := e.connect()
	if err != nil {
		fresh = nil
	}
	e.free <- fresh
}

// kill asks the engine to cancel the query that runs under mark. ASYNC: SYNC would hang.
func (e *engine) kill(mark string) error {
	e.controls.Lock()
	defer e.controls.Unlock()
	_, err := e.control.text("KILL QUERY WHERE Settings['log_comment'] = " + quoted(mark) + " ASYNC")
	return err
}

// stop waits for every connection and closes it; with the last one the engine closes its tables.
func (e *engine) stop() {
	for range cap(e.free) {
		if c := <-e.free; c != nil {
			c.close()
		}
	}
	e.control.close()
	e.actions.restore()
}

func (c *connection) close() { c.chdb.closeConnection(c.handle) }

// insert stores all of data through the INSERT that target begins.
func (c *connection) insert(target, format string, data io.Reader) (rowsWritten uint64, err error) {
	return c.chdb.insertFrom(*c.handle, target, format, data)
}

func (c *connection) runInPieces(query, format string, parameters []parameter) (rows, error) {
	return c.chdb.runInPieces(*c.handle, query, format, parameters)
}

func (c *connection) run(query, format string, parameters []parameter) result {
	return c.chdb.run(*c.handle, query, format, parameters)
}

// exec runs a statement for its effect.
func (c *connection) exec(query string) error {
	r := c.run(query, "TSV", nil)
	defer r.free()
	return r.err()
}

// text runs a statement and returns its one value.
func (c *connection) text(query string) (string, error) {
	r := c.run(query, "RawBLOB", nil)
	defer r.free()
	return string(r.bytes()), r.err()
}
