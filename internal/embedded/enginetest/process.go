package enginetest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"waybill/internal/embedded/engine"
)

// Process is an engine's process of its own, for tests of its life and death.
type Process struct {
	Address string // host:port of its door
	PID     int

	command *exec.Cmd
	stdin   io.Closer
	log     *lockedBuffer
	wait    func() error
}

// Launch starts an engine on c, whose Log is ignored, and kills it when the test ends.
func Launch(t testing.TB, c engine.Config) *Process {
	t.Helper()
	process, err := launch(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		process.Kill()
		if t.Failed() {
			t.Logf("the engine said:\n%s", process.Log())
		}
	})
	return process
}

// Fail starts an engine that is expected to end by itself, and returns what it said.
func Fail(t testing.TB, c engine.Config) string {
	t.Helper()
	process, err := launch(c)
	if err == nil {
		process.Kill()
		t.Fatal("the engine started")
	}
	return err.Error()
}

func launch(c engine.Config) (*Process, error) {
	c.Log = nil
	config, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &Process{command: exec.Command(self), log: new(lockedBuffer)}
	p.command.Env = append(os.Environ(), configVariable+"="+string(config))
	p.command.Stderr = p.log
	p.wait = sync.OnceValue(p.command.Wait)
	if p.stdin, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start the engine's process: %w", err)
	}
	p.PID = p.command.Process.Pid
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the engine ended before it was ready: %w: %s", p.wait(), p.Log())
	}
	p.Address = strings.TrimSpace(address)
	return p, nil
}

// DSN is how clickhouse-go finds the engine's default database.
func (p *Process) DSN() string { return "http://" + p.Address + "/default" }

// Log is what the process has written to standard error so far.
func (p *Process) Log() string { return p.log.String() }

// Signal sends a signal and waits for the process' end.
func (p *Process) Signal(signal syscall.Signal) (*os.ProcessState, error) {
	if err := p.command.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return nil, err
	}
	err := p.wait()
	return p.command.ProcessState, err
}

// Orphan lets go of the process as the death of its parent would, and waits for its end.
func (p *Process) Orphan() error {
	p.stdin.Close()
	return p.wait()
}

// Kill ends the process at once, as kill -9 does.
func (p *Process) Kill() { _, _ = p.Signal(syscall.SIGKILL) }

// Wait waits for the process to end by itself.
func (p *Process) Wait() error { return p.wait() }

type lockedBuffer struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}
