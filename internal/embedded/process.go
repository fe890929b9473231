package embedded

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is one child process, from its start to its end.
type process struct {
	command *exec.Cmd
	ready   chan ready    // gets one
	gone    chan struct{} // closed when it has ended
	output  *output
	err     error // how it ended; read after gone
}

// run starts it on the calling thread, whose end will end the child.
func run(executable string, arguments, environment []string, log *slog.Logger) (*process, error) {
	p := &process{
		command: exec.Command(executable, arguments...),
		ready:   make(chan ready, 1), gone: make(chan struct{}),
		output: &output{log: log},
	}
	p.command.Env = append(os.Environ(), environment...)
	p.command.Stdout = &lines{each: p.hear}
	p.command.Stderr = &lines{each: p.output.add}
	// A process group of its own: Ctrl-C on a terminal goes to the parent, who stops its clients first.
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	EndWithParent(p.command.SysProcAttr)
	p.command.WaitDelay = time.Second
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		if err := p.command.Wait(); err != nil {
			p.err = fmt.Errorf("%w%s", err, p.output.told())
		}
		close(p.gone)
	}()
	return p, nil
}

// wait returns when it has ended: nil if it ended well.
func (p *process) wait() error {
	<-p.gone
	return p.err
}

// A process that has ended already cannot be signalled, which is as well.
func (p *process) terminate() { _ = p.command.Process.Signal(syscall.SIGTERM) }
func (p *process) kill()      { _ = p.command.Process.Kill() }

// hear waits for the line that says it is ready; whatever else it prints is output.
func (p *process) hear(line string) {
	var r ready
	if json.Unmarshal([]byte(line), &r) != nil || !r.Ready {
		p.output.add(line)
		return
	}
	select {
	case p.ready <- r:
	default:
	}
}

// output goes to the parent's log; the last lines are kept to explain an end.
type output struct {
	log  *slog.Logger
	mu   sync.Mutex
	last []string
}

func (o *output) add(line string) {
	o.log.Info(line)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = append(o.last, line)
	o.last = o.last[max(0, len(o.last)-lastLinesKept):]
}

// told is the end of a sentence.
func (o *output) told() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.last) == 0 {
		return "; it said nothing"
	}
	return "; it said:\n\t" + strings.Join(o.last, "\n\t")
}

// lines cuts what is written to it into lines. One that is too long is cut.
type lines struct {
	each func(line string)
	half []byte
}

const lineBytesMax = 64 << 10

func (l *lines) Write(p []byte) (int, error) {
	l.half = append(l.half, p...)
	for {
		line, rest, whole := bytes.Cut(l.half, []byte("\n"))
		if !whole && len(l.half) < lineBytesMax {
			return len(p), nil
		}
		l.each(strings.ToValidUTF8(string(line), "?"))
		l.half = append([]byte(nil), rest...)
	}
}
