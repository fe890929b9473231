package ebay

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/shelf"
)

// Options say what kind of account it is.
type Options struct {
	Seed                    uint64
	Client, Secret, Refresh string // of the program, and the seller's word for it; it stays the same
	Now                     func() time.Time
}

// API is the Sell Fulfillment API of one account, as far as an order touches it, and what it sells. All is kept in memory.
type API struct {
	*shelf.Shelf
	options Options
	market  Market
}

// NewAPI is one that has sold nothing.
func NewAPI(o Options, books *ledger.Ledger) *API {
	return &API{Shelf: shelf.New(Market(o.Seed), books, o.Now), options: o, market: Market(o.Seed)}
}

// Name is "ebay".
func (*API) Name() string { return "ebay" }

// Close ends nothing: it does nothing by itself.
func (*API) Close() {}

// ShipOperation is the name of createShippingFulfillment in rules and books; its subject is the order's id, a space and the tracking number.
const ShipOperation = "fulfillment.ship"

const (
	loginPath = "/identity/v1/oauth2/token"
	orders    = "/sell/fulfillment/v1/order"
	parcels   = orders + "/{orderId}/shipping_fulfillment"
)

// Operations are the token endpoint, and those of the specification by which an order is read and shipped.
func (a *API) Operations() []party.Operation {
	return []party.Operation{
		{Name: "login.token", Pattern: "POST " + loginPath, Do: a.login},
		{Name: "orders.list", Pattern: "GET " + orders, Do: a.list},
		{Name: "orders.get", Pattern: "GET " + orders + "/{orderId}", Do: a.get},
		{Name: "fulfillments.list", Pattern: "GET " + parcels, Do: a.listParcels},
		{Name: ShipOperation, Pattern: "POST " + parcels, Acts: true, Do: a.ship},
	}
}

// login exchanges the refresh token, which stays the same (RFC 6749 §6; the client proves itself in the header).
func (a *API) login(c *party.Call) party.Reply {
	asked, _ := url.ParseQuery(string(c.Body))
	client, secret, _ := c.BasicAuth()
	switch {
	case !same(a.options.Client, client) || !same(a.options.Secret, secret):
		return party.JSON(http.StatusUnauthorized, map[string]string{"error": "invalid_client", "error_description": "client authentication failed"})
	case asked.Get("grant_type") != "refresh_token" || !same(a.options.Refresh, asked.Get("refresh_token")):
		return party.JSON(http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "the provided authorization refresh token is invalid"})
	}
	return party.JSON(http.StatusOK, map[string]any{"access_token": a.token(), "token_type": "User Access Token", "expires_in": 7200})
}

// same compares secrets in a time that tells nothing; an empty one is nobody's.
func same(right, given string) bool { return right != "" && hmac.Equal([]byte(right), []byte(given)) }

// token is made of the secrets, so that none has to be kept.
func (a *API) token() string {
	sum := sha256.Sum256([]byte("access " + a.options.Secret + " " + a.options.Refresh))
	return "v^1.1#" + hex.EncodeToString(sum[:])
}

// Admit checks the token; who logs in needs none.
func (a *API) Admit(c *party.Call) *party.Reply {
	if strings.HasSuffix(c.URL.Path, loginPath) || same("Bearer "+a.token(), c.Header.Get("Authorization")) {
		return nil
	}
	return refused(http.StatusUnauthorized, 1001, "REQUEST", "Invalid access token")
}

// Refuse says what went wrong in eBay's form.
func (*API) Refuse(status int, message string, after time.Duration) party.Reply {
	r := *refused(status, 30500, "APPLICATION", message)
	r.After = after
	return r
}

func refused(status, id int, category, message string) *party.Reply {
	r := party.JSON(status, map[string]any{"errors": []any{map[string]any{"errorId": id, "domain": "API_FULFILLMENT", "category": category, "message": message}}})
	return &r
}

func (a *API) get(c *party.Call) party.Reply {
	a.Lock()
	defer a.Unlock()
	o := a.Find(c.PathValue("orderId"))
	if o == nil {
		return *refused(http.StatusNotFound, 32100, "REQUEST", "Invalid order ID")
	}
	return a.written(o)
}

// written is an order as it is now: byte for byte as the market has it, until the seller has told of a parcel.
func (a *API) written(o *shelf.Order) party.Reply {
	if len(o.Parcels) == 0 {
		return party.Reply{Status: http.StatusOK, Body: a.market.Order(o.Number, o.Version).Body}
	}
	s, _ := a.market.at(o.Number, o.Version)
	document := s.document()
	document["lastModifiedDate"], document["orderFulfillmentStatus"] = instant(o.Changed), fulfilled
	for i, item := range document["lineItems"].([]any) {
		switch left := s.left(i, o); {
		case left == 0:
			item.(map[string]any)["lineItemFulfillmentStatus"] = fulfilled
		default:
			document["orderFulfillmentStatus"] = inProgress
		}
	}
	return party.JSON(http.StatusOK, document)
}

// left is how many pieces of a line are still to be sent.
func (s *sale) left(i int, o *shelf.Order) int {
	if s.goods == fulfilled {
		return 0
	}
	return s.lines[i].quantity - o.Sent(s.lines[i].id)
}

// limitMax is how many orders a page has at most.
const limitMax = 200

// list is a page of the orders that changed in a period: filter=lastmodifieddate:[from..to].
func (a *API) list(c *party.Call) party.Reply {
	query := c.URL.Query()
	limit, offset := 50, 0
	if text := query.Get("limit"); text != "" {
		limit, _ = strconv.Atoi(text)
	}
	if text := query.Get("offset"); text != "" {
		offset, _ = strconv.Atoi(text)
	}
	var from, until time.Time
	if span, is := strings.CutPrefix(query.Get("filter"), "lastmodifieddate:["); is {
		begins, ends, _ := strings.Cut(strings.TrimSuffix(span, "]"), "..")
		from, _ = time.Parse(time.RFC3339, begins)
		until, _ = time.Parse(time.RFC3339, ends)
		if from.IsZero() {
			return *refused(http.StatusBadRequest, 30800, "REQUEST", "Invalid date format")
		}
	}
	if limit < 1 || limit > limitMax || offset < 0 {
		return *refused(http.StatusBadRequest, 30820, "REQUEST", "Invalid limit or offset")
	}
	a.Lock()
	defer a.Unlock()
	all := a.Changed(from, until)
	slices.Reverse(all) // the latest first
	page := []any{}
	for _, o := range all[min(offset, len(all)):min(offset+limit, len(all))] {
		page = append(page, map[string]string{"orderId": o.Ref, "lastModifiedDate": instant(o.Changed)})
	}
	answer := map[string]any{"total": len(all), "limit": limit, "offset": offset, "orders": page}
	if offset+limit < len(all) {
		answer["next"] = c.Base(a.Name()) + orders + "?offset=" + strconv.Itoa(offset+limit)
	}
	return party.JSON(http.StatusOK, answer)
}
