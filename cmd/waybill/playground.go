package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"

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
	o.AmazonFaster = playedFaster
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

// madeFor are the settings of an account, and what the sandbox calls what it has made for them. Kaufland signs its pushes with the secret that
// it is called with.
var madeFor = map[string]map[string]string{
	"allegro": {marketplaces.SettingClient: "client_id", marketplaces.SettingSecret: "client_secret", marketplaces.SettingRefresh: "refresh_token"},
	"amazon":  {marketplaces.SettingClient: "client_id", marketplaces.SettingSecret: "client_secret", marketplaces.SettingRefresh: "refresh_token"},
	"ebay":    {marketplaces.SettingClient: "client_id", marketplaces.SettingSecret: "client_secret", marketplaces.SettingRefresh: "refresh_token"},
	"shopify": {marketplaces.SettingSecret: "token"},
	"kaufland": {
		marketplaces.SettingClient: "client_key", marketplaces.SettingSecret: "secret_key", connectors.SettingWebhookSecret: "secret_key",
	},
}

// lentSites are all that are played.
var lentSites = map[string]string{
	"amazon":   "A1PA6795UKMFR9,A1F83G8C2ARO7P,ATVPDKIKX0DER,A1VC38T7YXB528,A1C3SOZRARQ6R3,APJ6JRA9NG5V4,A13V1IB3VIYZZH,A1RKKUPIHCS9HS",
	"kaufland": "de,at,cz,fr,it,pl,sk",
}

// playedFaster is by how much more Amazon grants here than in reality, where an account may search once in three minutes.
const playedFaster = 10_000

// lend lets the account of a marketplace that is played be called, if the configuration does not say how.
func (p *playground) lend(c *config.Config) {
	for _, played := range p.Parties(p.url) {
		account, is := c.Parties[played.Party]
		if !is || account.Channel != played.Party || isCalled(account) {
			continue
		}
		settings := maps.Clone(account.Settings)
		if settings == nil {
			settings = config.Settings{}
		}
		settings[marketplaces.SettingURL] = played.URL
		if played.Login != "" {
			settings[marketplaces.SettingLogin] = played.Login
		}
		switch played.Party {
		case "amazon":
			settings[marketplaces.SettingRate] = fmt.Sprint(playedFaster)
		case "allegro":
			settings[marketplaces.SettingKeep] = filepath.Join(c.Data, "sandbox-allegro-login")
		}
		for setting, made := range madeFor[played.Party] {
			if settings[setting] == "" {
				settings[setting] = played.Made[made]
			}
		}
		if settings[marketplaces.SettingSites] == "" {
			settings[marketplaces.SettingSites] = lentSites[played.Party]
		}
		account.Settings = settings
		c.Parties[played.Party] = account
	}
	topics.Call(calledParties(c))
}

// accountVariables hand the accounts that are called to a process of this one.
func accountVariables(c *config.Config) (variables []string) {
	for _, name := range calledParties(c) {
		for setting, value := range c.Parties[name].Settings {
			variables = append(variables, config.SettingVariable(name, setting)+"="+value)
		}
	}
	return variables
}

// run serves until ctx ends.
func (p *playground) run(ctx context.Context) error {
	defer context.AfterFunc(ctx, p.Close)() // so that no request waits any longer
	return p.server.Run(ctx)
}
