package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"waybill/connectors/clickhouse"
)

// engine is the ClickHouse engine as a process of its own.
type engine struct {
	starter  *starter
	program  string
	dir      string
	address  string
	password string
	child    *child
}

// engineTime is how long it may take until it answers.
const engineTime = 60 * time.Second

func newEngine(s *starter, program, dir string) (*engine, error) {
	address, err := freeAddresses(1)
	if err != nil {
		return nil, err
	}
	return &engine{starter: s, program: program, dir: dir, address: address[0], password: rand.Text()}, os.MkdirAll(dir, 0o700)
}

func (e *engine) dsn() string {
	return fmt.Sprintf("http://default:%s@%s/default", e.password, e.address)
}

// start starts it where it was, and waits until it answers.
func (e *engine) start(ctx context.Context) (err error) {
	e.child, err = e.starter.start("waybill clickhouse", e.log(), []string{"WAYBILL_ENGINE_PASSWORD=" + e.password}, e.program,
		"clickhouse", "--dir", e.dir, "--listen", e.address)
	if err != nil {
		return err
	}
	until := time.Now().Add(engineTime)
	for {
		table, err := e.open(ctx)
		if err == nil {
			return table.Close()
		}
		if !e.child.runs() || time.Now().After(until) || ctx.Err() != nil {
			return fmt.Errorf("the engine does not answer (see %s): %w", e.log(), err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (e *engine) log() string { return filepath.Join(e.dir, "log") }

// open connects to it.
func (e *engine) open(ctx context.Context) (*clickhouse.ClickHouse, error) {
	return clickhouse.Open(ctx, e.dsn(), clickhouse.Options{QuerySeconds: 60, QueryRows: 10_000_000, QueryBytes: 1 << 30})
}
