package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
)

// child is a process that this one started, with a log of its own.
type child struct {
	name    string
	command *exec.Cmd
	gone    chan struct{} // closed when it has ended
	err     error         // how it ended; read after gone
}

// starter starts children from one thread that lives as long as this program: what is to die with it dies with that thread
// (prctl(2), PR_SET_PDEATHSIG).
type starter struct {
	once sync.Once
	jobs chan func()
}

func (s *starter) do(job func()) {
	s.once.Do(func() {
		s.jobs = make(chan func())
		go func() {
			runtime.LockOSThread()
			for job := range s.jobs {
				job()
			}
		}()
	})
	done := make(chan struct{})
	s.jobs <- func() { defer close(done); job() }
	<-done
}

// start runs a program; its output goes to the log file, behind what is there.
func (s *starter) start(name, log string, environment []string, program string, arguments ...string) (*child, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	c := &child{name: name, command: exec.Command(program, arguments...), gone: make(chan struct{})}
	c.command.Stdout, c.command.Stderr = file, file
	c.command.Env = append(withoutWaybill(os.Environ()), environment...)
	c.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	s.do(func() { err = c.command.Start() })
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		c.err = c.command.Wait()
		close(c.gone)
	}()
	return c, nil
}

// withoutWaybill is the environment without settings of an instance that somebody runs here.
func withoutWaybill(environment []string) (kept []string) {
	for _, variable := range environment {
		if !strings.HasPrefix(variable, "WAYBILL_") || strings.HasPrefix(variable, "WAYBILL_CACHE=") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// signal sends a signal. A process that has ended can not be signalled, which is as well.
func (c *child) signal(s os.Signal) {
	if c != nil {
		_ = c.command.Process.Signal(s)
	}
}

func (c *child) kill() {
	c.signal(syscall.SIGKILL)
	c.wait()
}

func (c *child) wait() {
	if c != nil {
		<-c.gone
	}
}

func (c *child) runs() bool {
	if c == nil {
		return false
	}
	select {
	case <-c.gone:
		return false
	default:
		return true
	}
}
