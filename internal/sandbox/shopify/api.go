package shopify

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/shelf"
)

// Options say what kind of shop it is.
type Options struct {
	Seed  uint64
	Token string // that the app shows
	Now   func() time.Time
}

// API is the Admin API of one shop, as far as an order touches it, and what it sells. All is kept in memory.
type API struct {
	*shelf.Shelf
	options Options
	market  Market
}

// NewAPI is one that has sold nothing.
func NewAPI(o Options, books *ledger.Ledger) *API {
	return &API{Shelf: shelf.New(Market(o.Seed), books, o.Now), options: o, market: Market(o.Seed)}
}

// Name is "shopify".
func (*API) Name() string { return "shopify" }

// Close ends nothing: it does nothing by itself.
func (*API) Close() {}

// ShipOperation is the name of fulfillmentCreate in rules and books; its subject is the order's id, a space and the tracking number.
const ShipOperation = "fulfillment.ship"

// EventOperation is that of fulfillmentEventCreate; its subject is the order's id, the tracking number and the status, with spaces between.
const EventOperation = "fulfillment.event"

// CancelOperation is that of orderCancel; its subject is the order's id.
const CancelOperation = "orders.cancel"

const (
	base    = "/admin/api/2026-07/"
	graphql = "POST " + base + "graphql.json"
)

// Operations are GET /orders/{id}.json and, of GraphQL, the queries and the mutations by which orders are listed, looked at, shipped, followed and cancelled.
func (a *API) Operations() []party.Operation {
	says := func(word string) func([]byte) bool {
		return func(body []byte) bool { return bytes.Contains(body, []byte(word)) }
	}
	return []party.Operation{
		{Name: "orders.get", Pattern: "GET " + base + "orders/{file}", Do: a.getOrder},
		{Name: ShipOperation, Pattern: graphql, Acts: true, Means: says("fulfillmentCreate("), Do: a.ship},
		{Name: EventOperation, Pattern: graphql, Acts: true, Means: says("fulfillmentEventCreate("), Do: a.tell},
		{Name: CancelOperation, Pattern: graphql, Acts: true, Means: says("orderCancel("), Do: a.cancelOrder},
		{Name: "orders.paying", Pattern: graphql, Means: says("displayFinancialStatus"), Do: a.paying},
		{Name: "fulfillments.events", Pattern: graphql, Means: says("events(first:"), Do: a.events},
		{Name: "orders.search", Pattern: graphql, Means: says("orders(first:"), Do: a.search},
		{Name: "fulfillments.look", Pattern: graphql, Means: says("fulfillmentOrders("), Do: a.look},
		{Name: "shop.get", Pattern: graphql, Do: func(*party.Call) party.Reply {
			return data(map[string]any{"shop": map[string]string{"id": "gid://shopify/Shop/1"}})
		}},
	}
}

// Admit checks the token.
func (a *API) Admit(c *party.Call) *party.Reply {
	if given := c.Header.Get("X-Shopify-Access-Token"); given == "" || a.options.Token == "" || !hmac.Equal([]byte(given), []byte(a.options.Token)) {
		r := a.Refuse(http.StatusUnauthorized, "[API] Invalid API key or access token (unrecognized login or wrong password)", 0)
		return &r
	}
	return nil
}

// Refuse says what went wrong in Shopify's form.
func (*API) Refuse(status int, message string, after time.Duration) party.Reply {
	r := party.JSON(status, map[string]string{"errors": message})
	r.After = after
	return r
}

// data is an answer of GraphQL.
func data(value any) party.Reply { return party.JSON(http.StatusOK, map[string]any{"data": value}) }

// again makes an order from its number, with what the seller has told of its parcels.
func (a *API) again(o *shelf.Order) (s *sale, document map[string]any) {
	s, _ = a.market.at(o.Number, o.Version)
	if s.money = cmp.Or(o.Money, s.money); o.Ended != nil {
		s.cancelled = new(stamp(*o.Ended))
	}
	document = s.document()
	if o.IsMade() {
		return s, document
	}
	document["updated_at"] = stamp(o.Changed)
	if len(o.Parcels) == 0 {
		return s, document
	}
	var parcels []any
	for _, p := range o.Parcels {
		var lines []any
		for line, n := range p.Pieces {
			lines = append(lines, map[string]any{"id": json.Number(line), "quantity": n})
		}
		parcels = append(parcels, map[string]any{"id": json.Number(p.ID), "status": "success", "tracking_number": p.Number, "line_items": lines})
	}
	document["fulfillments"], document["fulfillment_status"] = parcels, "fulfilled"
	for i := range s.lines {
		if s.left(i, o) > 0 {
			document["fulfillment_status"] = "partial"
		}
	}
	return s, document
}

// left is how many pieces of a line are still to be sent.
func (s *sale) left(i int, o *shelf.Order) int {
	if s.sent || s.cancelled != nil || o.Ended != nil {
		return 0
	}
	return s.lines[i].quantity - s.lines[i].gone - o.Sent(s.lines[i].id)
}

func (a *API) getOrder(c *party.Call) party.Reply {
	ref, is := strings.CutSuffix(c.PathValue("file"), ".json")
	a.Lock()
	defer a.Unlock()
	o := a.Find(ref)
	if !is || o == nil {
		return a.Refuse(http.StatusNotFound, "Not Found", 0)
	}
	if o.IsMade() { // byte for byte as its webhook brought it
		return party.Reply{Status: http.StatusOK, Body: append(append([]byte(`{"order":`), a.market.Order(o.Number, o.Version).Body...), '}')}
	}
	_, document := a.again(o)
	return party.JSON(http.StatusOK, map[string]any{"order": document})
}
