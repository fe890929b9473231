package main

import (
	"context"
	"maps"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/internal/httpd"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/topics"
)

// playground is the parties of the sandbox, played inside this process. Their books begin empty with it.
type playground struct {
	*sandboxserver.Server
	server *httpd.Server
	url    string
}

// openPlayground plays the parties at a free port of this machine.
func (a *app) openPlayground(ctx context.Context, o sandboxserver.Options) (*playground, error) {
	played, err := sandboxserver.New(o)
	if err != nil {
		return nil, err
	}
	p := &playground{Server: played, server: httpd.New("sandbox", "127.0.0.1:0", played.Handler(), httpd.Limits{Write: sandboxWriteMax}, a.log)}
	at, err := p.server.Open(ctx)
	if err != nil {
		played.Close()
		return nil, err
	}
	p.url = "http://" + at
	return p, nil
}

// erp is how its ERP is reached.
func (p *playground) erp() config.ERP {
	for _, party := range p.Parties(p.url) {
		if party.Party == topics.ERP {
			return config.ERP{System: "sandbox", URL: party.URL, Token: config.Secret(party.Made["token"])}
		}
	}
	return config.ERP{}
}

// lend lets the account of a marketplace that is played be called, if the configuration does not say how.
func (p *playground) lend(c *config.Config) {
	for _, played := range p.Parties(p.url) {
		account, is := c.Parties[played.Party]
		if !is || account.Channel != played.Party || isCalled(account) {
			continue
		}
		if played.Made["client_key"] == "" { // Kaufland's alone has one: Allegro would know none of the orders that are fed
			continue
		}
		settings := maps.Clone(account.Settings)
		if settings == nil {
			settings = config.Settings{}
		}
		settings[marketplaces.SettingURL] = played.URL
		settings[marketplaces.SettingClient], settings[marketplaces.SettingSecret] = played.Made["client_key"], played.Made["secret_key"]
		if settings[connectors.SettingWebhookSecret] == "" {
			settings[connectors.SettingWebhookSecret] = played.Made["secret_key"] // Kaufland signs its pushes with the same
		}
		account.Settings = settings
		c.Parties[played.Party] = account
	}
	topics.Call(calledParties(c))
}

// run serves until ctx ends.
func (p *playground) run(ctx context.Context) error {
	defer context.AfterFunc(ctx, p.Close)() // so that no request waits any longer
	return p.server.Run(ctx)
}
