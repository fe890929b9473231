package embeddedtest

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
)

// Cable is the way of one process to brokers in a bubble of its own time, which can be cut: what is connected breaks, and nothing new
// connects.
type Cable struct {
	Network *kfake.VirtualNetwork
	mu      sync.Mutex
	cut     bool
	ends    []net.Conn
}

// Dial is for kgo.Dialer.
func (c *Cable) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut {
		return nil, errors.New("the cable is cut")
	}
	end, err := c.Network.DialContext(ctx, network, address)
	if err == nil {
		c.ends = append(c.ends, end)
	}
	return end, err
}

// Set cuts the cable, or mends it.
func (c *Cable) Set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	for _, end := range c.ends {
		_ = end.Close()
	}
	c.ends = nil
}
