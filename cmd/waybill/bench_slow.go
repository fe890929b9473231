package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/schemas"
)

// slowStage is a stage that is slow because it waits. So it is as slow while others use the machine as when they have stopped: what
// is shown can be compared with what it takes. One that is slow because of the disk or the processor gets faster as soon as nobody
// sends any more, and no estimate can know that.
type slowStage struct {
	records float64 // that it does for each order
	settle  func(*config.Config)
	begin   func(*admission, *stack) (end func() error, err error) // before the pipeline is wired
	wire    func(*pipeline)                                        // before it runs
}

const (
	slowInsert    = 400 * time.Millisecond // that ClickHouse takes longer for what is inserted, however much that is
	slowBlockRows = 30
	slowOrder     = 20 * time.Millisecond // that a channel takes to read an order
)

var slowStages = map[string]slowStage{
	"normalize": {
		records: 1,
		settle:  func(*config.Config) {},
		begin:   func(*admission, *stack) (func() error, error) { return func() error { return nil }, nil },
		wire:    func(p *pipeline) { p.channels["allegro"].wait(slowOrder) },
	},
	"landing": {
		records: 2, // as it came, and in our words
		settle:  func(c *config.Config) { c.Landing.BlockRowsMax = slowBlockRows },
		begin:   (*admission).farAway,
		wire:    func(*pipeline) {},
	},
}

func (m *admission) settle(c *config.Config) {
	m.bench.settle(c)
	c.Limits.DrainSecondsMax = m.boundSeconds
	slowStages[m.slow].settle(c)
}

func (m *admission) run(ctx context.Context, s *stack) error {
	if err := s.provisionAll(ctx, m.app.log); err != nil {
		return err
	}
	end, err := slowStages[m.slow].begin(m, s)
	if err != nil {
		return err
	}
	p, err := m.app.newPipeline(ctx, s, partsUsed(s.config))
	if err != nil {
		return errors.Join(err, end())
	}
	slowStages[m.slow].wire(p)
	err = p.during(ctx, m.measure)
	return errors.Join(err, p.close(), end())
}

// farAway puts somebody between the landing and the engine who lets each insert wait.
func (m *admission) farAway(s *stack) (end func() error, err error) {
	dsn, err := url.Parse(s.dsn)
	if err != nil {
		return nil, fmt.Errorf("read the engine's address: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen in front of the engine: %w", err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: dsn.Scheme, Host: dsn.Host})
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Query().Get("query"), "INSERT") {
			select {
			case <-time.After(slowInsert):
			case <-r.Context().Done():
			}
		}
		proxy.ServeHTTP(w, r)
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	dsn.Host = listener.Addr().String()
	s.dsn = dsn.String()
	return func() error {
		if err := server.Close(); err != nil {
			return err
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}, nil
}

// wait makes a channel take its time over each order that it says in our words, as one does that has to ask somebody.
func (r *readers) wait(each time.Duration) {
	for mapping, channel := range r.by {
		r.by[mapping] = slowChannel{channel, each}
	}
}

type slowChannel struct {
	marketplaces.Marketplace
	each time.Duration
}

func (c slowChannel) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	time.Sleep(c.each)
	return c.Marketplace.Normalize(raw)
}
