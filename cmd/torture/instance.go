package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// instance is one of the places where a `waybill run` is kept running. One that ends by itself is started again, as whoever runs
// services does it.
type instance struct {
	number  int
	address string // of its doors
	dir     string // what it keeps
	logs    string // where its log is
	program string
	brokers []string // as this one reaches them
	shared  *settings
	starter *starter

	mu      sync.Mutex
	name    string // its --instance
	names   int    // how many it has had
	wanted  bool
	child   *child
	crashes int // how often it ended by itself
}

// settings are what all instances have in common.
type settings struct {
	file     string // configuration
	registry string
	dsn      string
	token    string // that webhooks show
}

func (i *instance) url() string { return "http://" + i.address }

// data is the folder of an instance; another name has another.
func (i *instance) data() string { return filepath.Join(i.dir, "instance-"+i.name) }

func (i *instance) log() string {
	return filepath.Join(i.logs, fmt.Sprintf("waybill-%d.log", i.number))
}

// restartTime is the pause before one that ended by itself is started again.
const restartTime = 500 * time.Millisecond

// keep starts it whenever it is wanted and does not run, until ctx ends.
func (i *instance) keep(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := i.startIfWanted(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
	i.end()
	return nil
}

func (i *instance) startIfWanted() (err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.wanted || i.child.runs() {
		return nil
	}
	if i.child != nil { // whoever ends it on purpose leaves nil
		i.crashes++
		i.child = nil
		time.Sleep(restartTime)
	}
	if err := os.MkdirAll(i.data(), 0o700); err != nil {
		return err
	}
	i.child, err = i.starter.start("waybill "+i.name, i.log(), i.shared.environment(), i.program,
		"run", "--config", i.shared.file, "--instance", i.name, "--listen", i.address, "--data", i.data(), "-v",
		"--brokers", strings.Join(i.brokers, ","), "--registry", i.shared.registry)
	return err
}

// go on under the same name, or under another if so is said.
func (i *instance) start(another bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if another {
		i.names++
		i.name = fmt.Sprintf("%d-%d", i.number, i.names)
	}
	i.wanted = true
}

// kill ends it at once; term lets it end by itself, for as long as that may take.
func (i *instance) kill() { i.take().kill() }

func (i *instance) term() {
	c := i.take()
	c.signal(syscall.SIGTERM)
	if c == nil {
		return
	}
	select {
	case <-c.gone:
	case <-time.After(termTime):
		c.kill()
	}
}

// termTime is how long a process may take to end by itself.
const termTime = 30 * time.Second

// take is the process, which is not wanted any more.
func (i *instance) take() *child {
	i.mu.Lock()
	defer i.mu.Unlock()
	c := i.child
	i.wanted, i.child = false, nil
	return c
}

// signal sends a signal to the process, if there is one.
func (i *instance) signal(s os.Signal) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.child.signal(s)
}

func (i *instance) end() {
	i.signal(syscall.SIGCONT)
	i.kill()
}

// ready is nil once it says that it does its work.
func (i *instance) ready(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, i.url()+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("instance %s is not ready: %s", i.name, response.Status)
	}
	return nil
}
