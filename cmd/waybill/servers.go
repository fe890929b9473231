package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"waybill/connectors"
	"waybill/connectors/openapi"
	"waybill/internal/drain"
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
	pages, err := map[string]http.Handler{}, error(nil)
	if p.store != nil {
		watched := drainConfig(p.stack)
		watched.Log, watched.Metrics = p.app.log, p.metrics
		p.drain = drain.New(watched)
		pages["GET /drain"] = http.HandlerFunc(p.showDrain)
		doors, err := p.openDoors()
		if err != nil {
			return err
		}
		if p.doors, err = p.open(ctx, "doors", p.config.Listen, httpd.Doors(doors, ready)); err != nil {
			return err
		}
	}
	p.ops, err = p.open(ctx, "operations", p.config.OpsListen, httpd.Ops(p.metrics, ready, pages))
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

// openDoors are the doors by their paths.
func (p *pipeline) openDoors() (map[string]http.Handler, error) {
	parties, metrics, alone := p.doorParties(), connectors.NewMetrics(p.metrics), isLoopback(p.config.Listen)
	feeds := connectors.NewFeed(parties, p.store, p.limits(p.config.Limits.FeedBytesMax), metrics)
	orders := connectors.NewOrders(parties, p.store, requestKeys{p.views.keys}, p.limits(p.config.Limits.BodyBytesMax), metrics)
	webhooks, err := connectors.NewWebhooks(p.webhookParties(), p.store, p.limits(p.config.Limits.WebhookBytesMax), metrics)
	if err != nil {
		return nil, err
	}
	pushes, err := connectors.NewPushes(pushParties(p.config), p.store, p.limits(p.config.Limits.WebhookBytesMax), metrics)
	if err != nil {
		return nil, err
	}
	feeds.Log, orders.Log, webhooks.Log, pushes.Log = p.app.log, p.app.log, p.app.log, p.app.log
	feeds.Backlog, orders.Backlog = p.drain, p.drain
	feeds.OpenWithoutToken, orders.OpenWithoutToken = alone, alone
	return map[string]http.Handler{
		connectors.FeedPath: feeds, connectors.WebhooksPath: webhooks, connectors.TrackingPath: pushes,
		connectors.OrdersPath: orders, connectors.OrdersPath + "/": orders,
		"GET /openapi.json": http.HandlerFunc(describeDoors),
	}, nil
}

// limits are those of a door whose requests have at most so many bytes.
func (p *pipeline) limits(requestBytesMax int) connectors.Limits {
	limits := p.config.Limits
	return connectors.Limits{
		BodyBytesMax: limits.BodyBytesMax, RequestBytesMax: requestBytesMax, DocumentsMax: limits.FeedDocumentsMax,
		RequestsPerSecondMax: limits.RequestsPerSecondMax, RequestBurstMax: limits.RequestBurstMax,
		RequestsInFlightMax: limits.RequestsInFlightMax, InFlightBytesMax: limits.InFlightBytesMax, StoreSecondsMax: limits.StoreSecondsMax,
	}
}

// isLoopback tells whether nobody but this machine reaches an address.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func describeDoors(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(openapi.Document) // who hung up needs no answer
}

// readiness asks every part whether it does its work.
func (p *pipeline) readiness() *httpd.Readiness {
	ready := &httpd.Readiness{}
	for _, step := range p.steps {
		ready.Add(step.Name(), func(context.Context) error { return step.Ready() })
	}
	ready.Add("versions", func(context.Context) error { return p.choices.Readable() })
	if p.landing != nil {
		ready.Add("landing", func(context.Context) error { return p.landing.Ready() })
	}
	if p.views.keys != nil {
		ready.Add("orders.keys", func(context.Context) error { return p.views.keys.Ready() })
	}
	if p.tables != nil {
		ready.Add("clickhouse", p.tables.Ping)
	}
	return ready
}
