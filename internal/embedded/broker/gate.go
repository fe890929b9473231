package broker

import (
	"context"
	"net"
	"sync"
)

// gate is the listener that the broker accepts from. It lets the broker's own client in at all times, and the world only
// between open and shut: so a log is repaired and cleaned before anyone sees it, and transactions are ended after the
// last client has gone.
type gate struct {
	world net.Listener
	ways  chan net.Conn
	done  chan struct{}
	end   sync.Once
	tasks sync.WaitGroup

	mu      sync.Mutex
	closing bool
	clients map[net.Conn]struct{}
}

func newGate(world net.Listener) *gate {
	return &gate{world: world, ways: make(chan net.Conn), done: make(chan struct{}), clients: map[net.Conn]struct{}{}}
}

// open lets the world in. Until then its connections wait in the listener's queue.
func (g *gate) open() {
	g.tasks.Go(func() {
		for {
			conn, err := g.world.Accept()
			if err != nil {
				return
			}
			client := &client{framed: framed{Conn: conn}, gate: g}
			if !g.admit(client) {
				conn.Close()
				return
			}
			select {
			case g.ways <- client:
			case <-g.done:
				client.Close()
				return
			}
		}
	})
}

// shut sends the world away and keeps it out.
func (g *gate) shut() {
	g.world.Close()
	g.mu.Lock()
	g.closing = true
	clients := g.clients
	g.clients = map[net.Conn]struct{}{}
	g.mu.Unlock()
	for conn := range clients {
		conn.Close()
	}
	g.tasks.Wait()
}

// inside dials the broker without a socket.
func (g *gate) inside(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case g.ways <- theirs:
		return ours, nil
	case <-g.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept, Close and Addr make it a net.Listener.
func (g *gate) Accept() (net.Conn, error) {
	select {
	case conn := <-g.ways:
		return conn, nil
	case <-g.done:
		return nil, net.ErrClosed
	}
}

func (g *gate) Close() error {
	g.end.Do(func() { close(g.done) })
	return g.world.Close()
}

func (g *gate) Addr() net.Addr { return g.world.Addr() }

func (g *gate) admit(conn net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closing {
		g.clients[conn] = struct{}{}
	}
	return !g.closing
}

// client is a connection from the world that its gate knows of.
type client struct {
	framed
	gate *gate
}

func (c *client) Close() error {
	c.gate.mu.Lock()
	delete(c.gate.clients, c)
	c.gate.mu.Unlock()
	return c.framed.Close()
}
