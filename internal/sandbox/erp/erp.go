// Package erp is a small ERP of the sandbox's own, as a REST API: customers, and the orders that are booked for them. It is made up,
// but no more forgiving than real ones: it does twice what it is told twice, unless it was set to find that out.
//
// All paths are below /erp. Bodies are JSON of at most 256 KiB, without unknown fields. Every request needs the header
// "Authorization: Bearer TOKEN".
//
//	GET  /v1/customers?email=E                 the customers with this address, compared without case and spaces around: 200 {"customers":[…]}
//	POST /v1/customers                         {"email","name","country"}: 201 and the customer
//	GET  /v1/orders?external_ref=R             the orders with this reference: 200 {"orders":[…]}
//	GET  /v1/orders?changed_since=T&limit=N&cursor=C
//	                                           what changed since then (RFC 3339; none: ever), the oldest change first, an order once, where it
//	                                           changed last: 200 {"orders":[…],"next_cursor":"…"}; no cursor: that was all for now, N to 100
//	POST /v1/orders                            {"external_ref","customer_id","order_date","currency","lines":[{"article","quantity","unit_price"}],
//	                                           "ship_to":{"name","street","postal_code","city","country"}}, the last one if it is known:
//	                                           201 and the order
//	GET  /v1/orders/{id}                       200 and the order
//	PUT  /v1/orders/{id}                       {"lines","ship_to"}: 200 and the order, with those lines from now on
//	POST /v1/orders/{id}/cancel                200 and the order; no effect when it is cancelled already
//	POST /v1/orders/{id}/pack                  {"weight_grams","length_mm","width_mm","height_mm"}, by the warehouse: 200 and the order
//	POST /v1/orders/{id}/unpack                by the warehouse, which takes it back: 200 and the order
//	PUT  /v1/orders/{id}/tracking              {"carrier","number","url","label_url","status"}, the last three if they are known: 200 and the order,
//	                                           with that of the carrier's number from now on
//
// An order has a version, which every change makes another. What it is already has no effect, and leaves it its version.
//
// An error is {"error":{"code","message","field"}}; its code is stable:
//
//	400 invalid_request        what cannot be understood; field says where
//	401 unauthorized           no token, or another
//	404 not_found              no such endpoint, customer or order
//	409 duplicate_external_ref, duplicate_email    only when the ERP is set to find repeats
//	409 too_late, is_cancelled    it is packed, or cancelled: it stays as it is
//	409 too_many_parcels
//	413 too_large
//	422 unknown_customer, blocked_customer, unknown_article, closed_period    no repetition helps
//	429 rate_limited           with Retry-After, in seconds
//	500 internal_error, 502 and 504 gateway, 503 unavailable, 507 full: it keeps no more
//
// Its books count what was done by operation: orders.create for an external reference, customers.create for a digest of an address,
// orders.amend, orders.pack, orders.unpack and orders.cancel for the order's id, orders.tracking for that and the number.
package erp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"waybill/internal/sandbox/party"
)

// Options say what kind of ERP it is. A zero means the default.
type Options struct {
	Token                string // who has it may do everything
	RequestsPerSecondMax int    // 50; as many may come at once
	OrdersMax            int    // 1,000,000, as many customers
	Now                  func() time.Time
}

// ERP is the party. All is kept in memory.
type ERP struct {
	options Options
	limit   *rate.Limiter

	mu        sync.Mutex
	settings  Settings
	numbered  int // customers and orders, those too that were only pretended
	customers map[string]*Customer
	byEmail   map[string][]*Customer
	orders    map[string]*Order
	byRef     map[string][]*Order
	changes   []change // in their order; an order knows which is its last
}

// New is an ERP without customers and orders.
func New(o Options) *ERP {
	if o.RequestsPerSecondMax == 0 {
		o.RequestsPerSecondMax = 50
	}
	if o.OrdersMax == 0 {
		o.OrdersMax = 1_000_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &ERP{
		options: o, limit: rate.NewLimiter(rate.Limit(o.RequestsPerSecondMax), o.RequestsPerSecondMax),
		customers: map[string]*Customer{}, orders: map[string]*Order{}, byEmail: map[string][]*Customer{}, byRef: map[string][]*Order{},
	}
}

// nextID is an id that was never given before.
func (e *ERP) nextID(kind string) string {
	e.numbered++
	return fmt.Sprintf("%s-%d", kind, 100_000+e.numbered)
}

// Name is "erp".
func (*ERP) Name() string { return "erp" }

// Close has nothing to end.
func (*ERP) Close() {}

// Operations are those of the package's table.
func (e *ERP) Operations() []party.Operation {
	return []party.Operation{
		{Name: "customers.find", Pattern: "GET /v1/customers", Do: e.findCustomers},
		{Name: "customers.create", Pattern: "POST /v1/customers", Acts: true, Do: e.createCustomer},
		{Name: "orders.list", Pattern: "GET /v1/orders", Do: e.listOrders},
		{Name: "orders.create", Pattern: "POST /v1/orders", Acts: true, Do: e.createOrder},
		{Name: "orders.get", Pattern: "GET /v1/orders/{id}", Do: e.getOrder},
		{Name: "orders.amend", Pattern: "PUT /v1/orders/{id}", Acts: true, Do: e.amendOrder},
		{Name: "orders.pack", Pattern: "POST /v1/orders/{id}/pack", Acts: true, Do: e.packOrder},
		{Name: "orders.unpack", Pattern: "POST /v1/orders/{id}/unpack", Acts: true, Do: e.unpackOrder},
		{Name: "orders.tracking", Pattern: "PUT /v1/orders/{id}/tracking", Acts: true, Do: e.trackOrder},
		{Name: "orders.cancel", Pattern: "POST /v1/orders/{id}/cancel", Acts: true, Do: e.cancelOrder},
	}
}

// Admit asks for the token, then for patience.
func (e *ERP) Admit(c *party.Call) *party.Reply {
	given, bearer := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer ")
	// Digests, so that not even the length of the token shows in the time this takes.
	right, is := sha256.Sum256([]byte(e.options.Token)), sha256.Sum256([]byte(given))
	if !bearer || e.options.Token == "" || subtle.ConstantTimeCompare(right[:], is[:]) != 1 {
		r := e.Refuse(http.StatusUnauthorized, "give the token: Authorization: Bearer TOKEN", 0)
		return &r
	}
	if !e.limit.AllowN(e.options.Now(), 1) {
		r := e.Refuse(http.StatusTooManyRequests, "too many requests", time.Second)
		return &r
	}
	return nil
}

// codes are those of errors that can happen to any request.
var codes = map[int]string{
	http.StatusUnauthorized: "unauthorized", http.StatusNotFound: "not_found", http.StatusRequestEntityTooLarge: "too_large",
	http.StatusTooManyRequests: "rate_limited", http.StatusInternalServerError: "internal_error", http.StatusServiceUnavailable: "unavailable",
	http.StatusInsufficientStorage: "full", http.StatusBadGateway: "gateway", http.StatusGatewayTimeout: "gateway",
}

// Refuse answers with the error of a status.
func (*ERP) Refuse(status int, message string, after time.Duration) party.Reply {
	r := problem(status, codes[status], "", message)
	r.After = after
	return r
}

func problem(status int, code, field, message string) party.Reply {
	inner := map[string]string{"code": code, "message": message}
	if field != "" {
		inner["field"] = field
	}
	return party.JSON(status, map[string]any{"error": inner})
}

func invalid(field, message string) party.Reply {
	return problem(http.StatusBadRequest, "invalid_request", field, message)
}

func notFound(message string) party.Reply {
	return problem(http.StatusNotFound, "not_found", "", message)
}

// digest stands for an address in the books, which are no place for one.
func digest(email string) string {
	sum := sha256.Sum256([]byte(email))
	return "email:" + hex.EncodeToString(sum[:8])
}
