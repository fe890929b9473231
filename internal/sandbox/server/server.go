// Package server is the sandbox as HTTP parties: marketplaces, an ERP, an Odoo, carriers and a printer, each with books of its own, with faults that can be switched on,
// and with an admin API for all. It imports no connector: it is the other side of the wire, so that its books prove what was done there.
// Nothing is kept on disk.
package server

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"waybill/internal/sandbox/allegro"
	"waybill/internal/sandbox/amazon"
	"waybill/internal/sandbox/ebay"
	"waybill/internal/sandbox/erp"
	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/kaufland"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/odoo"
	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/printer"
	"waybill/internal/sandbox/shopify"
)

// Options say what is played. A zero means the default.
type Options struct {
	Seed    uint64
	Shown   map[string]uint64 // by marketplace: the seed of the orders that are shown there; none: Seed
	Faults  string            // a mix: none, light or heavy
	Orders  int               // that each marketplace has sold when it opens
	OpenFor time.Duration     // how long the addresses of a new order are hidden; 0: they are not
	Retries []time.Duration

	// Empty ones are made of the seed, and then no secrets: Parties tells them.
	ERPToken, KauflandClientKey, KauflandSecret               string
	AllegroClientID, AllegroClientSecret, AllegroRefreshToken string
	AmazonClient, AmazonSecret, AmazonRefresh                 string
	OdooKey                                                   string
	ShopifyToken, EBayClient, EBaySecret, EBayRefresh         string

	// AmazonFaster multiplies what Amazon allows, one search in three minutes; 1.
	AmazonFaster float64
	// ParcelsGranted multiplies how often a day carriers allow to be asked for parcels; 1.
	ParcelsGranted int

	// RequestsPerSecondMax is the ERP's, 50.
	RequestsPerSecondMax int
	Now                  func() time.Time
}

// market is a marketplace, of which orders can be shown that were fed another way.
type market interface {
	party.Party
	// Show lets an order of the market of a seed stand as it does at a version.
	Show(number uint64, version int) error
}

// asking is a market that waits for the seller's word about each order.
type asking interface {
	// Accepted tells whether it has that.
	Accepted(ref string) bool
}

// Server is the parties together.
type Server struct {
	options  Options
	chance   *fault.Chance
	later    *party.Later
	kaufland *kaufland.API
	allegro  *allegro.API
	amazon   *amazon.API
	erp      *erp.ERP
	odoo     *odoo.Odoo
	parcelCarriers
	printer *printer.Printer
	shopify *shopify.API
	ebay    *ebay.API
	markets map[string]market
	parties []party.Party
	ledgers map[string]*ledger.Ledger
	known   fault.Operations
	handler http.Handler
}

// New makes the parties and lets the marketplaces sell their first orders; it opens no port. Close ends it.
func New(o Options) (*Server, error) {
	rules, err := fault.Mix(o.Faults)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{options: o, chance: fault.New(o.Seed, o.Now), later: party.NewLater(), ledgers: map[string]*ledger.Ledger{}}
	s.chance.Use(rules)
	for _, name := range []string{"kaufland", "allegro", "erp"} {
		s.ledgers[name] = ledger.New(o.Now)
	}
	made := credentialsOf(o.Seed)
	s.kaufland = kaufland.NewAPI(kaufland.Options{
		Seed: o.Seed, Shown: o.Shown["kaufland"], ClientKey: cmp.Or(o.KauflandClientKey, made.clientKey), Secret: cmp.Or(o.KauflandSecret, made.secret),
		OpenFor: o.OpenFor, Retries: o.Retries, Now: o.Now,
	}, s.chance, s.ledgers["kaufland"], s.later)
	s.allegro = allegro.NewAPI(allegro.Options{
		Seed: cmp.Or(o.Shown["allegro"], o.Seed), ClientID: cmp.Or(o.AllegroClientID, made.allegroClient), ClientSecret: cmp.Or(o.AllegroClientSecret, made.allegroSecret),
		RefreshToken: cmp.Or(o.AllegroRefreshToken, made.allegroRefresh), Now: o.Now,
	}, s.chance, s.ledgers["allegro"], s.later)
	s.erp = erp.New(erp.Options{Token: cmp.Or(o.ERPToken, made.token), RequestsPerSecondMax: o.RequestsPerSecondMax, Now: o.Now})
	s.markets = map[string]market{"allegro": s.allegro, "kaufland": s.kaufland}
	s.ledgers["amazon"] = ledger.New(o.Now)
	s.amazon = amazon.NewAPI(amazon.Options{
		Seed: cmp.Or(o.Shown["amazon"], o.Seed), Client: cmp.Or(o.AmazonClient, made.amazonClient), Secret: cmp.Or(o.AmazonSecret, made.amazonSecret),
		Refresh: cmp.Or(o.AmazonRefresh, made.amazonRefresh), Faster: o.AmazonFaster, Now: o.Now,
	}, s.ledgers["amazon"])
	s.markets["amazon"] = s.amazon
	s.ledgers["odoo"] = ledger.New(o.Now)
	people := made.odooPeople
	if o.OdooKey != "" { // whoever keeps that secret keeps people out
		people = ""
	}
	s.odoo = odoo.New(odoo.Options{Key: cmp.Or(o.OdooKey, made.odooKey), PeopleKey: people, Now: o.Now})
	s.openShops(o, made)
	s.parties = []party.Party{s.kaufland, s.erp, s.allegro, s.amazon, s.odoo, s.shopify, s.ebay}
	s.openCarriers()
	s.openPrinter()
	s.known = operations(s.parties)
	s.handler = s.routes()
	if err := errors.Join(s.kaufland.Sell(o.Orders), s.allegro.Sell(o.Orders), s.amazon.Sell(o.Orders), s.shopify.Sell(o.Orders), s.ebay.Sell(o.Orders)); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the sandbox: %w", err)
	}
	return s, nil
}

// credentials made of a seed are the same every time, and known to all.
type credentials struct {
	clientKey, secret, token                     string
	allegroClient, allegroSecret, allegroRefresh string
	amazonClient, amazonSecret, amazonRefresh    string
	odooKey, odooPeople                          string
	shopifyToken                                 string
	ebayClient, ebaySecret, ebayRefresh          string
}

func credentialsOf(seed uint64) credentials {
	of := func(purpose string) string { return secretOf(seed, purpose) }
	return credentials{
		clientKey: of("kaufland client key")[:32], secret: of("kaufland secret"), token: of("erp token"), // a client key has 32 characters, and so has a client id of Allegro's
		allegroClient: of("allegro client id")[:32], allegroSecret: of("allegro client secret"), allegroRefresh: of("allegro refresh token"),
		amazonClient: "amzn1.application-oa2-client." + of("amazon client")[:32], amazonSecret: "amzn1.oa2-cs.v1." + of("amazon secret"),
		amazonRefresh: "Atzr|" + of("amazon refresh token"), odooKey: of("odoo key")[:40], odooPeople: of("odoo people")[:40], // as long as those of Odoo
		shopifyToken: "shpat_" + of("shopify token")[:32],
		ebayClient:   of("ebay client")[:36], ebaySecret: "PRD-" + of("ebay secret")[:32], ebayRefresh: "v^1.1#i^1#" + of("ebay refresh token"),
	}
}

func operations(parties []party.Party) fault.Operations {
	known := fault.Operations{}
	for _, p := range parties {
		known[p.Name()] = map[string]fault.Ability{}
		for _, o := range p.Operations() {
			known[p.Name()][o.Name] = o.Ability()
		}
	}
	known["kaufland"][kaufland.PushOperation] = fault.Pushing
	known["allegro"][allegro.EventOperation] = fault.Pushing
	for _, market := range forgetful {
		if known[market] != nil {
			known[market][FeedOperation] = fault.Ability{fault.Omit}
		}
	}
	for _, carrier := range pushing {
		known[carrier][parcel.PushOperation] = fault.Pushing
	}
	return known
}

// routes gives each party its path, and the admin API its own.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, p := range s.parties {
		mux.Handle("/"+p.Name()+"/", party.NewDesk(p, s.chance, s.ledgers[p.Name()], s.later))
	}
	mux.Handle("/admin/", s.admin())
	mux.Handle("GET /{$}", http.RedirectHandler("/admin/", http.StatusSeeOther))
	return mux
}

// Handler answers for all parties, below its name, and for the admin API, below /admin. It cuts connections with
// http.ErrAbortHandler.
func (s *Server) Handler() http.Handler { return s.handler }

// Books are the sums of each party's ledger, by its name.
func (s *Server) Books() map[string]ledger.Books {
	books := map[string]ledger.Books{}
	for name, l := range s.ledgers {
		books[name] = l.Books()
	}
	return books
}

// Ledger is a party's, to look at single effects; nil if there is no such party.
func (s *Server) Ledger(party string) *ledger.Ledger { return s.ledgers[party] }

// Duplicates is how many orders the ERP booked beyond the first of each external reference.
func (s *Server) Duplicates() int {
	return s.ledgers["erp"].Books().Operations["orders.create"].Repeated
}

// Amazon is Amazon, to sell and show orders there, and to look at what it handed over.
func (s *Server) Amazon() *amazon.API { return s.amazon }

// Sell lets Kaufland sell so many more orders, and announce them.
func (s *Server) Sell(orders int) error { return s.kaufland.Sell(orders) }

// Allegro is the party, to let it sell or show orders.
func (s *Server) Allegro() *allegro.API { return s.allegro }

// UseFaults takes other rules, and counts from one again.
func (s *Server) UseFaults(rules []fault.Rule) error {
	if err := fault.Check(rules, s.known); err != nil {
		return err
	}
	s.chance.Use(rules)
	return nil
}

// Access is how a party is reached.
type Access struct {
	Party       string            `json:"party"`
	URL         string            `json:"url"`
	Login       string            `json:"login,omitempty"` // where tokens are got, if it works with OAuth
	Credentials string            `json:"credentials"`     // where they are from, in words
	Made        map[string]string `json:"made"`            // those made of the seed; what was given is told to nobody
}

// Parties says how each is reached, below the URL of the server.
func (s *Server) Parties(base string) []Access {
	made := credentialsOf(s.options.Seed)
	amazon := s.access("amazon", base+"/amazon", map[string][2]string{
		"client_id": {s.options.AmazonClient, made.amazonClient}, "client_secret": {s.options.AmazonSecret, made.amazonSecret},
		"refresh_token": {s.options.AmazonRefresh, made.amazonRefresh},
	})
	amazon.Login = base + "/amazon/auth/o2/token"
	allegro := s.access("allegro", base+"/allegro", map[string][2]string{
		"client_id": {s.options.AllegroClientID, made.allegroClient}, "client_secret": {s.options.AllegroClientSecret, made.allegroSecret},
		"refresh_token": {s.options.AllegroRefreshToken, made.allegroRefresh},
	})
	allegro.Login = base + "/allegro/auth/oauth/token"
	return append([]Access{
		s.access("kaufland", base+"/kaufland/v2", map[string][2]string{
			"client_key": {s.options.KauflandClientKey, made.clientKey}, "secret_key": {s.options.KauflandSecret, made.secret},
		}),
		s.access("erp", base+"/erp/v1", map[string][2]string{"token": {s.options.ERPToken, made.token}}),
		allegro,
		amazon,
		s.access("odoo", base+"/odoo/"+s.odoo.Database(), map[string][2]string{"user": {"", s.odoo.Login()}, "api_key": {s.options.OdooKey, made.odooKey}, "people_key": {s.options.OdooKey, made.odooPeople}}),
		s.access("shopify", base+"/shopify", map[string][2]string{"token": {s.options.ShopifyToken, made.shopifyToken}}),
		s.ebayAccess(base, made),
	}, s.carrierAccess(base)...)
}

// access is that of a party whose credentials are given or, where that is empty, made.
func (s *Server) access(name, url string, credentials map[string][2]string) Access {
	a := Access{Party: name, URL: url, Made: map[string]string{}}
	for what, is := range credentials {
		if is[0] == "" {
			a.Made[what] = is[1]
		}
	}
	switch len(a.Made) {
	case 0:
		a.Credentials = "given at the start"
	case len(credentials):
		a.Credentials = fmt.Sprintf("made of seed %d, told at /admin/parties", s.options.Seed)
	default:
		a.Credentials = fmt.Sprintf("given in part at the start, the others made of seed %d and told at /admin/parties", s.options.Seed)
	}
	return a
}

// Close ends all that is still to come: requests that wait, effects that are late, pushes. Those that serve the handler do it before
// they wait for its requests.
func (s *Server) Close() {
	for _, p := range s.parties {
		p.Close()
	}
	s.post.Close()
	s.later.Close()
}
