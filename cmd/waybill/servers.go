package main

import (
	"context"
	"net/http"
	"time"

	"waybill/connectors"
	"waybill/internal/httpd"
)

// server is one of the two of a pipeline, and where it listens.
type server struct {
	*httpd.Server
	url string
}

// wireServers opens the port of the doors, if they run here, and that of those who operate the process.
func (p *pipeline) wireServers(ctx context.Context, _ []string) error {
	ready := p.readiness()
	var err error
	if p.store != nil {
		doors := httpd.Doors(map[string]http.Handler{connectors.FeedPath: p.feedDoor()}, ready)
		if p.doors, err = p.open(ctx, "doors", p.config.Listen, doors); err != nil {
			return err
		}
	}
	p.ops, err = p.open(ctx, "operations", p.config.OpsListen, httpd.Ops(p.metrics, ready))
	return err
}

func (p *pipeline) open(ctx context.Context, name, address string, handler http.Handler) (*server, error) {
	s := httpd.New(name, address, handler, httpd.Limits{
		ConnectionsMax: p.config.Limits.ConnectionsMax, HeaderBytesMax: p.config.Limits.HeaderBytesMax,
		Read: time.Duration(p.config.Limits.ReadSecondsMax) * time.Second,
	}, p.app.log)
	at, err := s.Open(ctx)
	if err != nil {
		return nil, err
	}
	return &server{Server: s, url: "http://" + at}, nil
}

func (p *pipeline) feedDoor() *connectors.Feed {
	parties := map[string]connectors.Party{}
	for name, party := range p.config.Parties {
		parties[name] = connectors.Party{Name: name, Seller: party.Seller, Channel: party.Channel, Receiver: p.channels[name]}
	}
	limits := p.config.Limits
	door := connectors.NewFeed(parties, p.store, connectors.Limits{
		BodyBytesMax: limits.BodyBytesMax, RequestBytesMax: limits.FeedBytesMax, DocumentsMax: limits.FeedDocumentsMax,
		RequestsPerSecondMax: limits.RequestsPerSecondMax, RequestBurstMax: limits.RequestBurstMax,
		RequestsInFlightMax: limits.RequestsInFlightMax, StoreSecondsMax: limits.StoreSecondsMax,
	}, connectors.NewMetrics(p.metrics))
	door.Log = p.app.log
	return door
}

// readiness asks every part whether it does its work.
func (p *pipeline) readiness() *httpd.Readiness {
	ready := &httpd.Readiness{}
	for _, step := range p.steps {
		ready.Add(step.Name(), func(context.Context) error { return step.Ready() })
	}
	if p.tables != nil {
		ready.Add("clickhouse", p.tables.Ping)
	}
	return ready
}
