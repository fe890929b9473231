package httpd

import (
	"net"
	"sync"
)

// bounded is a listener with no more than so many connections open: the next one waits to be accepted.
type bounded struct {
	net.Listener
	places chan struct{}
	done   chan struct{}
	once   sync.Once
}

// Accept waits for a place, then for a connection.
func (b *bounded) Accept() (net.Conn, error) {
	select {
	case b.places <- struct{}{}:
	case <-b.done:
		return nil, net.ErrClosed
	}
	conn, err := b.Listener.Accept()
	if err != nil {
		<-b.places
		return nil, err
	}
	return &connection{Conn: conn, leave: sync.OnceFunc(func() { <-b.places })}, nil
}

// Close ends the wait of Accept too.
func (b *bounded) Close() error {
	b.once.Do(func() { close(b.done) })
	return b.Listener.Close()
}

type connection struct {
	net.Conn
	leave func()
}

// Close gives the place back.
func (c *connection) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
