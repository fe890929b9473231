package kaufland

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// Options say what kind of Kaufland it is. A zero means the default.
type Options struct {
	Seed      uint64
	Shown     uint64          // the seed of the market whose orders are shown; 0: Seed
	ClientKey string          // the seller's, for the header Shop-Client-Key
	Secret    string          // the seller's, with which requests and pushes are signed
	OpenFor   time.Duration   // how long addresses of a new order are hidden, 15 minutes in reality; 0: they are not
	OrdersMax int             // that are kept; 500,000
	Retries   []time.Duration // the pauses before a push is sent again; as documented, for about 12 hours
	Now       func() time.Time
}

// requestsPerSecondMax is a seller's, over all endpoints (sellerapi.kaufland.com, Rate Limits).
const requestsPerSecondMax = 111

// API is the Seller API v2 of one seller, and what it sells: orders of the market of a seed, as far as they have been sold. All is kept
// in memory; of an order only what can not be made again from its number.
type API struct {
	options Options
	market  Market // sells here
	shown   Market // sells elsewhere, and is shown
	limit   *rate.Limiter
	chance  *fault.Chance
	books   *ledger.Ledger
	later   *party.Later
	client  *http.Client
	until   context.Context // ends with the API
	end     context.CancelFunc

	mu            sync.Mutex
	sold          []*held // by time
	orders        map[string]*held
	units         map[int64]place
	subscriptions map[int64]*subscription
	subscribed    int64  // the last id
	pushes        uint64 // made so far
}

// NewAPI is one that has sold nothing. It pushes as chance and books allow, and waits with later.
func NewAPI(o Options, chance *fault.Chance, books *ledger.Ledger, later *party.Later) *API {
	if o.OrdersMax == 0 {
		o.OrdersMax = 500_000
	}
	if o.Retries == nil {
		o.Retries = documentedRetries()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &API{
		options: o, market: Market(o.Seed), shown: Market(cmp.Or(o.Shown, o.Seed)), chance: chance, books: books, later: later, client: party.OnThisMachine(pushWait),
		limit:  rate.NewLimiter(requestsPerSecondMax, requestsPerSecondMax),
		orders: map[string]*held{}, units: map[int64]place{}, subscriptions: map[int64]*subscription{},
	}
	a.until, a.end = context.WithCancel(context.Background())
	return a
}

// Name is "kaufland".
func (*API) Name() string { return "kaufland" }

// Close ends pushes that are under way.
func (a *API) Close() {
	a.end()
	a.client.CloseIdleConnections()
}

// PushOperation is the name of pushes in rules and books.
const PushOperation = "push"

// Operations are those endpoints of the specification (v2.27.0) that an order touches.
func (a *API) Operations() []party.Operation {
	const unit = "/v2/order-units/{id_order_unit}"
	return []party.Operation{
		{Name: "status.ping", Pattern: "GET /v2/status/ping", Do: ping},
		{Name: "carriers.list", Pattern: "GET /v2/carriers", Do: listCarriers},
		{Name: "orders.list", Pattern: "GET /v2/orders", Do: a.listOrders},
		{Name: "orders.get", Pattern: "GET /v2/orders/{id_order}", Do: a.getOrder},
		{Name: "order-units.list", Pattern: "GET /v2/order-units", Do: a.listUnits},
		{Name: "order-units.get", Pattern: "GET " + unit, Do: a.getUnit},
		{Name: "order-units.fulfil", Pattern: "PATCH " + unit + "/fulfil", Acts: true, Do: a.fulfil},
		{Name: "order-units.send", Pattern: "PATCH " + unit + "/send", Acts: true, Do: a.sendUnit},
		{Name: "order-units.cancel", Pattern: "PATCH " + unit + "/cancel", Acts: true, Do: a.cancelUnit},
		{Name: "order-units.refund", Pattern: "PATCH " + unit + "/refund", Acts: true, Do: a.refund},
		{Name: "shipments.add", Pattern: "POST /v2/shipments", Acts: true, Do: a.addShipment},
		{Name: "subscriptions.list", Pattern: "GET /v2/subscriptions", Do: a.listSubscriptions},
		{Name: "subscriptions.get", Pattern: "GET /v2/subscriptions/{id_subscription}", Do: a.getSubscription},
		{Name: "subscriptions.add", Pattern: "POST /v2/subscriptions", Acts: true, Do: a.subscribe},
		{Name: "subscriptions.update", Pattern: "PATCH /v2/subscriptions/{id_subscription}", Acts: true, Do: a.updateSubscription},
		{Name: "subscriptions.delete", Pattern: "DELETE /v2/subscriptions/{id_subscription}", Acts: true, Do: a.unsubscribe},
	}
}

func ping(*party.Call) party.Reply {
	return data(map[string]string{"message": "Never tell me the odds"})
}

// data is an answer in its envelope.
func data(value any) party.Reply { return party.JSON(http.StatusOK, map[string]any{"data": value}) }

var done = party.Reply{Status: http.StatusNoContent}
