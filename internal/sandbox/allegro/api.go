package allegro

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

// Options say what kind of Allegro it is. A zero means the default.
type Options struct {
	Seed         uint64
	ClientID     string // what Allegro calls the program that asks
	ClientSecret string // what proves it
	RefreshToken string // the first, which the seller gave that program
	OrdersMax    int    // that are kept; 500,000
	Now          func() time.Time
}

// API is Allegro's REST API for one seller and one program, and what it sells: orders of the market of a seed, as far as they have been
// sold or shown. All is kept in memory; of an order only what can not be made again from its number.
type API struct {
	options Options
	market  Market
	chance  *fault.Chance
	books   *ledger.Ledger
	later   *party.Later
	logins  *logins
	quota   *quota

	mu       sync.Mutex
	listed   []*held // in the order in which they came
	forms    map[string]*held
	numbers  map[uint64]*held // those that were paid together stand here under both numbers
	next     uint64           // the number that is sold next, if it is not there yet
	journal  []entry
	lastID   int64
	waybills map[string]int // how many orders name one
	had      []Revision     // all that ever was
}

// NewAPI is one that has sold nothing. What its journal leaves out or says late is up to chance, and waits with later.
func NewAPI(o Options, chance *fault.Chance, books *ledger.Ledger, later *party.Later) *API {
	if o.OrdersMax == 0 {
		o.OrdersMax = 500_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &API{
		options: o, market: Market(o.Seed), chance: chance, books: books, later: later, logins: newLogins(o), quota: &quota{now: o.Now},
		forms: map[string]*held{}, numbers: map[uint64]*held{}, next: 1, waybills: map[string]int{},
	}
}

// Name is "allegro".
func (*API) Name() string { return "allegro" }

// Close ends nothing: the API does nothing by itself.
func (*API) Close() {}

// Operations are those endpoints of the specification (developer.allegro.pl/swagger.yaml) that an order touches, and the one that gives
// tokens, which is at allegro.pl in reality.
func (a *API) Operations() []party.Operation {
	const form = "/order/checkout-forms/{id}"
	return []party.Operation{
		// A login that says yes and means no can not be lived with, so that nothing strikes it but what strikes reading.
		{Name: "auth.token", Pattern: "POST " + loginPath, Do: a.token},
		{Name: "events.list", Pattern: "GET /order/events", Do: a.listEvents},
		{Name: "event-stats.get", Pattern: "GET /order/event-stats", Do: a.latestEvent},
		{Name: "checkout-forms.list", Pattern: "GET /order/checkout-forms", Do: a.listForms},
		{Name: "checkout-forms.get", Pattern: "GET " + form, Do: a.getForm},
		{Name: "checkout-forms.fulfillment", Pattern: "PUT " + form + "/fulfillment", Acts: true, Do: a.setFulfillment},
		{Name: "shipments.list", Pattern: "GET " + form + "/shipments", Do: a.listShipments},
		{Name: "shipments.add", Pattern: "POST " + form + "/shipments", Acts: true, Do: a.addShipment},
		{Name: "carriers.list", Pattern: "GET /order/carriers", Do: listCarriers},
	}
}

// mediaType is what every answer is, and what every request has to accept and to be.
const mediaType = "application/vnd.allegro.public.v1+json"

// written is an answer, written field by field.
func written[T any](value *T, fields func(*T, *wire.Line)) party.Reply {
	line := wire.Line{}
	wire.Element(&line, value, fields)
	return party.Reply{Status: http.StatusOK, Body: line, Type: mediaType}
}

// answered is an answer of any other kind.
func answered(status int, value any) party.Reply {
	r := party.JSON(status, value)
	r.Type = mediaType
	return r
}

// now is the time in milliseconds, which is all that the API tells.
func (a *API) now() time.Time { return a.options.Now().UTC().Truncate(time.Millisecond) }

// revision is a new one of a form.
func (a *API) revision(h *held) string {
	h.changes++
	return fmt.Sprintf("%08x", uint32(wire.Throw(uint64(a.market), h.number, forRevision, uint64(h.version), uint64(h.changes)).Next()))
}
