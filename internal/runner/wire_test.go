package runner

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kgo"
)

// wire is the line between one process and the brokers, which a test can cut.
type wire struct {
	dead    atomic.Bool // no new connection, no word through the old ones
	deafen  atomic.Bool // the next answers are lost, one a connection
	mu      sync.Mutex
	conns   map[*wiredConn]bool
	answers atomic.Int64 // lost
}

func (w *wire) option() kgo.Opt {
	return kgo.Dialer(func(ctx context.Context, network, host string) (net.Conn, error) {
		if w.dead.Load() {
			return nil, errors.New("the wire is cut")
		}
		conn, err := (&net.Dialer{}).DialContext(ctx, network, host)
		if err != nil {
			return nil, err
		}
		c := &wiredConn{Conn: conn, wire: w}
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.conns == nil {
			w.conns = map[*wiredConn]bool{}
		}
		w.conns[c] = true
		return c, nil
	})
}

// cut ends all connections and lets none begin.
func (w *wire) cut() {
	w.dead.Store(true)
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.conns {
		_ = c.Conn.Close()
	}
	clear(w.conns)
}

func (w *wire) mend() { w.dead.Store(false); w.deafen.Store(false) }

type wiredConn struct {
	net.Conn
	wire *wire
}

func (c *wiredConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err == nil && c.wire.deafen.Load() {
		c.wire.answers.Add(1)
		_ = c.Conn.Close()
		return 0, errors.New("the answer is lost")
	}
	return n, err
}
