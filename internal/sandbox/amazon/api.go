package amazon

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// Options say what kind of Amazon it is. A zero means the default.
type Options struct {
	Seed      uint64
	Client    string  // the program's id, with Login with Amazon (LWA)
	Secret    string  // what proves it
	Refresh   string  // the seller's refresh token for that program; it stays the same
	Faster    float64 // by which the documented rates are multiplied; 1
	OrdersMax int     // that are kept; 500,000
	Now       func() time.Time
}

// API is the Selling Partner API of one seller, as far as an order touches it, and what it sells: orders of the market of a seed, as far
// as they have been sold or shown. All is kept in memory; of an order only what can not be made again from its number.
//
// An order is told as the market writes it, whose times are made up. When it became so is another time, which the API keeps itself: lists
// are filtered by that one, and tell it.
type API struct {
	options Options
	market  Market
	books   *ledger.Ledger
	plans   map[string]*plan // by the pattern of an operation
	asked   atomic.Uint64    // requests that were answered
	issued  atomic.Uint64    // access tokens

	mu      sync.Mutex
	orders  map[string]*held
	numbers map[uint64]*held
	next    uint64   // the number that is sold next, if it has not been shown
	changes []change // by time; those that later ones replaced stay a while
	served  []Revision
	known   map[Revision]bool // those that were served
}

// NewAPI is one that has sold nothing.
func NewAPI(o Options, books *ledger.Ledger) *API {
	if o.Faster == 0 {
		o.Faster = 1
	}
	if o.OrdersMax == 0 {
		o.OrdersMax = 500_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &API{
		options: o, market: Market(o.Seed), books: books, plans: map[string]*plan{}, next: 1,
		orders: map[string]*held{}, numbers: map[uint64]*held{}, known: map[Revision]bool{},
	}
	for pattern, p := range usagePlans {
		a.plans[a.routed(pattern)] = p.plan(o.Faster)
	}
	return a
}

// Name is "amazon".
func (*API) Name() string { return "amazon" }

// Close ends nothing: it does nothing by itself.
func (*API) Close() {}

// The patterns of what can be asked, below the party's own path.
const (
	loginPattern   = "POST /auth/o2/token"
	searchPattern  = "GET /orders/2026-01-01/orders"
	getPattern     = "GET /orders/2026-01-01/orders/{orderId}"
	confirmPattern = "POST /orders/v0/orders/{orderId}/shipmentConfirmation"
)

// Operations are LWA's token endpoint, and those operations of the specifications (orders_2026-01-01.json, ordersV0.json) by which an order
// is read and shipped. Notifications lie in queues of the seller's own, and are no part of it.
func (a *API) Operations() []party.Operation {
	return []party.Operation{
		{Name: "login.token", Pattern: loginPattern, Do: a.login},
		{Name: "orders.search", Pattern: searchPattern, Do: a.within(searchPattern, a.searchOrders)},
		{Name: "orders.get", Pattern: getPattern, Do: a.within(getPattern, a.getOrder)},
		{Name: ConfirmOperation, Pattern: confirmPattern, Acts: true, Do: a.within(confirmPattern, a.confirmShipment)},
	}
}

// ConfirmOperation is the name of confirmShipment in rules and books; its subject is the order's id, a space and the package's reference.
const ConfirmOperation = "shipment.confirm"

// routed is a pattern as a request has it.
func (a *API) routed(pattern string) string {
	method, path, _ := strings.Cut(pattern, " ")
	return method + " /" + a.Name() + path
}

// within answers with the headers of an operation. The rate is told with these answers (x-amzn-RateLimit-Limit in the specifications).
func (a *API) within(pattern string, do func(*party.Call) party.Reply) func(*party.Call) party.Reply {
	rate := a.plans[a.routed(pattern)].told
	return func(c *party.Call) party.Reply {
		r := a.numbered(do(c))
		switch r.Status {
		case http.StatusOK, http.StatusNoContent, http.StatusBadRequest, http.StatusNotFound:
			r.Header.Set(headerRate, rate)
		}
		return r
	}
}
