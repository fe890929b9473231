package main

import (
	"io"
	"net"
	"sync"
	"time"
)

// wire is the way from one process to one broker: a listener that the broker names to the process as its own address. It can be cut.
type wire struct {
	address, target string
	listener        net.Listener

	mu    sync.Mutex
	mode  string
	open  chan struct{} // closed while bytes pass
	conns map[net.Conn]bool
	ended sync.WaitGroup
}

// How a wire can be cut. A hole is the cruelest: what was on its way when the wire was cut arrives when it is mended.
const (
	whole    = ""
	refusing = "refuse" // nobody listens, and whoever was connected is thrown out
	hole     = "hole"   // connections stand, and nothing passes
	reset    = "reset"  // whoever is connected is thrown out; new ones are served
)

func newWire(address, target string) (*wire, error) {
	w := &wire{address: address, target: target, open: make(chan struct{}), conns: map[net.Conn]bool{}}
	close(w.open)
	return w, w.listen()
}

func (w *wire) listen() (err error) {
	for range 50 { // connections of before may still have the port
		if w.listener, err = net.Listen("tcp", w.address); err == nil {
			listener := w.listener
			w.ended.Go(func() { w.accept(listener) })
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

func (w *wire) accept(listener net.Listener) {
	for {
		near, err := listener.Accept()
		if err != nil {
			return
		}
		w.ended.Go(func() { w.serve(near) })
	}
}

func (w *wire) serve(near net.Conn) {
	if !w.note(near) {
		return
	}
	defer w.drop(near)
	<-w.gate()
	far, err := net.Dial("tcp", w.target)
	if err != nil || !w.note(far) {
		return
	}
	defer w.drop(far)
	var both sync.WaitGroup
	both.Go(func() { w.pass(far, near); throwOut(near) })
	both.Go(func() { w.pass(near, far); throwOut(far) })
	both.Wait()
}

// pass copies, but only while the wire is whole.
func (w *wire) pass(to, from net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			<-w.gate()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if err == io.EOF {
				<-w.gate()
			}
			return
		}
	}
}

func (w *wire) gate() chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open
}

func (w *wire) note(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.mode == refusing {
		throwOut(c)
		return false
	}
	w.conns[c] = true
	return true
}

func (w *wire) drop(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.conns, c)
	_ = c.Close() // it may be closed already
}

// throwOut ends a connection at once, with a reset.
func throwOut(c net.Conn) {
	if tcp, is := c.(*net.TCPConn); is {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// cut makes the wire fail in that way, until it is mended.
func (w *wire) cut(mode string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.mode != whole {
		return
	}
	switch mode {
	case hole:
		w.open = make(chan struct{})
	case refusing:
		_ = w.listener.Close()
	}
	w.mode = mode
	if mode != hole {
		for c := range w.conns {
			throwOut(c)
		}
	}
}

// mend makes it whole again.
func (w *wire) mend() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	was := w.mode
	w.mode = whole
	switch was {
	case hole:
		close(w.open)
	case refusing:
		return w.listen()
	}
	return nil
}

func (w *wire) close() {
	_ = w.mend()
	_ = w.listener.Close()
	w.mu.Lock()
	for c := range w.conns {
		throwOut(c)
	}
	w.mu.Unlock()
	w.ended.Wait()
}
