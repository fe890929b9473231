package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"waybill/internal/embedded"
)

// crew is the processes that share the work of some parts, each a child of this one that can be stopped or killed.
type crew struct {
	app   *app
	stack *stack
	parts []string // none: all that the configuration has a use for
	dir   string   // folder of their folders
	env   []string // beside what this process has
	hands map[string]*hand
	cpu   time.Duration // of those that have ended
}

// hand is one process of the crew.
type hand struct {
	cmd   *exec.Cmd
	ready chan struct{} // closed when it reads its partitions
	ended chan struct{}
	url   string // of its doors, once it is ready; empty if it has none
	last  string // line that it said, once it has ended
}

func (a *app) newCrew(s *stack, dir string, parts []string, env ...string) *crew {
	return &crew{app: a, stack: s, parts: parts, dir: dir, hands: map[string]*hand{}, env: append(env,
		"WAYBILL_KAFKA_BROKERS="+strings.Join(s.brokers, ","), "WAYBILL_REGISTRY_URL="+s.registry, "WAYBILL_CLICKHOUSE_DSN="+s.dsn,
		"WAYBILL_DEPLOYMENT="+s.config.Deployment)}
}

// start starts a process under a name, and does not wait for it. It has the folder that its name had before.
func (c *crew) start(name string) (*hand, error) {
	args := append([]string{"run"}, c.parts...)
	args = append(args, "--instance", name, "--data", filepath.Join(c.dir, name), "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0")
	if c.app.configFile != "" {
		args = append(args, "--config", c.app.configFile)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	h := &hand{cmd: exec.Command(self, args...), ready: make(chan struct{}), ended: make(chan struct{})}
	h.cmd.Env = append(os.Environ(), c.env...)
	// A process group of its own: Ctrl-C on a terminal goes to the parent, who ends it when its own work is done.
	h.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	embedded.EndWithParent(h.cmd.SysProcAttr)
	pipe, err := h.cmd.StderrPipe()
	if err == nil {
		started := make(chan error)
		go h.hold(pipe, started)
		err = <-started
	}
	if err != nil {
		return nil, fmt.Errorf("start process %s: %w", name, err)
	}
	c.hands[name] = h
	return h, nil
}

// hold starts the process and listens to it on a thread that lives as long as it does: the kernel takes that thread for its parent.
func (h *hand) hold(said io.Reader, started chan<- error) {
	runtime.LockOSThread()
	err := h.cmd.Start()
	started <- err
	if err == nil {
		h.listen(said)
	}
}

// listen notes when the process says that it is ready, and when it has ended.
func (h *hand) listen(said io.Reader) {
	ready := false
	for lines := bufio.NewScanner(said); lines.Scan(); {
		h.last = lines.Text()
		if at, is := strings.CutPrefix(h.last, "waybill is up at "); is && !ready {
			h.url, _, _ = strings.Cut(at, " ")
		}
		if !ready && strings.HasPrefix(h.last, "metrics and health at") {
			ready = true
			close(h.ready)
		}
	}
	_ = h.cmd.Wait() // how it ended is in its state
	close(h.ended)
}

// handSecondsMax bounds how long a process may take until it is ready, or has ended.
const handSecondsMax = 300

// await waits until the process is ready.
func (h *hand) await(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, handSecondsMax*time.Second)
	defer cancel()
	select {
	case <-h.ready:
		return nil
	case <-h.ended:
		return fmt.Errorf("process %s ended before it was ready: %s", name, h.last)
	case <-ctx.Done():
		return fmt.Errorf("process %s is not ready: %w", name, ctx.Err())
	}
}

// end sends a process a signal that ends it, and waits until it has.
func (c *crew) end(name string, with syscall.Signal) error {
	h := c.hands[name]
	delete(c.hands, name)
	if err := h.cmd.Process.Signal(with); err != nil {
		return fmt.Errorf("end process %s: %w", name, err)
	}
	select {
	case <-h.ended:
		c.cpu += h.cmd.ProcessState.UserTime() + h.cmd.ProcessState.SystemTime()
		return nil
	case <-time.After(handSecondsMax * time.Second):
		return fmt.Errorf("process %s does not end", name)
	}
}

// dismiss ends all that still work.
func (c *crew) dismiss(with syscall.Signal) error {
	for name := range c.hands {
		if err := c.end(name, with); err != nil {
			return err
		}
	}
	return nil
}
