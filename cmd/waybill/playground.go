package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/connectors/printers"
	"waybill/internal/config"
	"waybill/internal/httpd"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/processors"
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
	o.AmazonFaster, o.ParcelsGranted = playedFaster, playedFaster
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

// erp is how its ERP is reached, and otherwise as it is configured.
func (p *playground) erp(configured config.ERP) config.ERP {
	for _, party := range p.Parties(p.url) {
		if party.Party == topics.ERP {
			configured.System, configured.URL, configured.Token = "sandbox", party.URL, config.Secret(party.Made["token"])
		}
	}
	return configured
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

// playedFaster is by how much more is granted here than in reality, where an account of Amazon may search once in three minutes, and GLS answers
// 500 questions a day.
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
		case "amazon", "shopify":
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
	p.lendCarriers(c)
	topics.Call(calledParties(c))
	topics.Carry(carrierParties(c))
	topics.Print(printerParties(c))
}

// lentRoutes are who carries what is sold here. The products of DHL are those of its contract with the sandbox. InPost, which has to be waited for for
// minutes where an answer was lost, is for who configures it.
const lentRoutes = "DE=dhl:V01PAK, AT=gls, FR=gls, IT=gls, SK=gls, PL=dpd, CZ=dpd, ES=dpd, US=ups, GB=ups, *=dhl:V53WPAK"

// lentSender is where the goods lie that nobody has.
var lentSender = map[string]string{
	"sender_name": "Lager 1", "sender_company": "Sandkasten GmbH", "sender_street": "Speicherstraße 7", "sender_postal_code": "20457", "sender_city": "Hamburg",
	"sender_country": "DE", "sender_email": "lager@sandkasten.example", "sender_phone": "+4940123456",
}

// lendCarriers lets the carriers that are played be called, if the configuration does not say how, and has all that is sold carried by them.
func (p *playground) lendCarriers(c *config.Config) {
	lent, prints := false, p.lendPrinter(c)
	for _, played := range p.Parties(p.url) {
		account, is := c.Parties[played.Party]
		if !is || account.Carrier != played.Party || account.Settings["url"] != "" {
			continue
		}
		given := account.Settings
		account.Settings = config.Settings{"url": played.URL}
		if prints && played.Party == lentPrints {
			account.Settings[settingPrintAt] = lentPrinter
		}
		for _, made := range []map[string]string{lentSender, played.Made, lentTo[played.Party], given} {
			maps.Copy(account.Settings, made)
		}
		if played.Login != "" {
			account.Settings["token_url"] = played.Login
		}
		c.Parties[played.Party], lent = account, true
	}
	for name, party := range sellingParties(c) {
		if lent && party.Settings[processors.SettingShipWith] == "" {
			party.Settings = maps.Clone(party.Settings)
			if party.Settings == nil {
				party.Settings = config.Settings{}
			}
			party.Settings[processors.SettingShipWith] = lentRoutes
			c.Parties[name] = party
		}
	}
}

// lentPrinter is what the sandbox calls its printer, and the account that prints there is called in a configuration.
const lentPrinter = "printer"

// lentPrints is the carrier whose labels are printed there as soon as they come; those of the others are for who asks for them.
const lentPrints = "gls"

// lendPrinter lets the printer that is played be spoken to, if the configuration does not say how.
func (p *playground) lendPrinter(c *config.Config) (lent bool) {
	account := c.Parties[lentPrinter]
	for _, played := range p.Parties(p.url) {
		if played.Party == lentPrinter && account.Printer == "ipp" && len(account.Settings) == 0 {
			account.Settings = config.Settings{printers.SettingURL: played.URL}
			c.Parties[lentPrinter], lent = account, true
		}
	}
	return lent
}

// lentTo are settings of a carrier's account that are no credentials.
var lentTo = map[string]map[string]string{
	"dhl":    {"billing_number_v53wpak": "33333333335301", settingCalls: "1000", settingQuestions: "0"},
	"dpd":    {settingCalls: "1000", settingQuestions: "0"},
	"gls":    {settingCalls: "1000", settingQuestions: "0", settingSettles: playedSettles},
	"inpost": {settingCalls: "1000", settingQuestions: "0", "push_from": "127.0.0.0/8"},
	"ups":    {settingCalls: "1000", settingQuestions: "0", settingSettles: playedSettles},
}

// playedSettles is longer than the sandbox's faults hold anything back.
const playedSettles = "10"

// accountVariables hand the accounts, and what was settled for them, to a process of this one.
func accountVariables(c *config.Config) (variables []string) {
	for name := range c.Parties {
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
