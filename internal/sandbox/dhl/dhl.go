// Package dhl is DHL Parcel DE of the sandbox: the Shipping API v2 (specification 2.1.13) below /dhl/parcel/de/shipping/v2, and the login by
// OAuth at /dhl/parcel/de/account/auth/ropc/v1/token. It is no more forgiving than DHL:
//
//	POST   /orders?validate&mustEncode&docFormat&includeDocs&printFormat   up to 30 shipments: 200 for one, 207 for several
//	GET    /orders?shipment=                                               their labels, until the day is closed
//	DELETE /orders?profile=&shipment=                                      takes them back, until the day is closed or DHL has them
//	GET    /                                                               its version, to everybody
//
// What became of a parcel is asked at two more places, with the key of the application, and at the first with its secret too:
//
//	GET /dhl/parcel/de/tracking/v0/shipments?xml=                          up to 20 parcels with all events (Parcel DE Tracking, d-get-piece-detail)
//	GET /dhl/track/shipments?trackingNumber=&service=                      one parcel (Shipment Tracking Unified), 250 a day, one a second
//
// What it is like:
//
//   - a reference is not unique, and nothing is found by it: who sends a shipment twice has two;
//   - a city that does not belong to its postal code is a warning, and the label is made, unless mustEncode=true;
//   - a field that breaks the schema is answered by its path, what DHL itself refuses by validationMessages;
//   - what was deleted, or never was there, is UnknownShipmentNumber with the status 204 inside of a 400;
//   - what it says it has done is done.
//
// It tells of scans by itself too (Unified Push): see push.go. Its books count orders.create for a shipment's refNo, when it is billed, and
// orders.delete for its number.
package dhl

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

// Options say who may come in. A zero means the default.
type Options struct {
	Key, Secret    string // of the application
	User, Password string // of the business customer
	PushSecret     string // by which its pushes are known
	ShipmentsMax   int    // 1,000,000
	Now            func() time.Time
	Seed           uint64           // of the parcels' lives
	Calendar       *parcel.Calendar // by which they live; that of the clock
}

// DHL is the party. All is kept in memory.
type DHL struct {
	options Options

	mu        sync.Mutex
	numbered  int
	shipments map[string]*kept
	tokens    map[string]time.Time // until when each is good

	parcels *parcel.Book
	quota   *parcel.Quota // of Unified
	pace    *rate.Limiter
}

// kept is a shipment that was made.
type kept struct {
	number  string
	order   shipment
	deleted bool
	closed  bool
}

const (
	shipping  = "/parcel/de/shipping/v2"
	loginPath = "/parcel/de/account/auth/ropc/v1/token"
	// tokenLife is what DHL answers (developer.dhl.com, Authentication API).
	tokenLife = 1799 * time.Second
)

// New has no shipments.
func New(o Options) *DHL {
	if o.ShipmentsMax == 0 {
		o.ShipmentsMax = 1_000_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Calendar == nil {
		o.Calendar = parcel.NewCalendar(o.Now)
	}
	return &DHL{
		options: o, shipments: map[string]*kept{}, tokens: map[string]time.Time{}, parcels: parcel.NewBook(o.Seed, o.Calendar, parcel.German, false),
		quota: parcel.NewQuota(o.Calendar, unifiedADay), pace: rate.NewLimiter(1, 1),
	}
}

// Name is "dhl".
func (*DHL) Name() string { return "dhl" }

// Close has nothing to end.
func (*DHL) Close() {}

// Parcels are the lives of what was booked.
func (d *DHL) Parcels() *parcel.Book { return d.parcels }

// Operations are those of the package's table.
func (d *DHL) Operations() []party.Operation {
	return []party.Operation{
		{Name: "login", Pattern: "POST " + loginPath, Do: d.login},
		{Name: "version", Pattern: "GET " + shipping, Do: version},
		{Name: "orders.create", Pattern: "POST " + shipping + "/orders", Acts: true, Commits: true, Do: d.create},
		{Name: "orders.get", Pattern: "GET " + shipping + "/orders", Do: d.get},
		{Name: "orders.delete", Pattern: "DELETE " + shipping + "/orders", Acts: true, Commits: true, Do: d.delete},
		{Name: "pieces.track", Pattern: "GET " + trackingPath, Do: d.pieces, Refuse: problem},
		{Name: "unified.track", Pattern: "GET " + unifiedPath, Do: d.unified, Refuse: problem},
	}
}

// Admit asks for a key and a password, or for a token.
func (d *DHL) Admit(c *party.Call) *party.Reply {
	if path := strings.TrimSuffix(c.URL.Path, "/"); strings.HasSuffix(path, loginPath) || strings.HasSuffix(path, shipping) {
		return nil
	}
	switch path := strings.TrimPrefix(strings.TrimSuffix(c.URL.Path, "/"), "/"+d.Name()); path {
	case trackingPath:
		return d.admitTracking(c)
	case unifiedPath:
		return d.admitUnified(c)
	}
	user, password, basic := c.BasicAuth()
	token, bearer := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer ")
	if basic && same(c.Header.Get("dhl-api-key"), d.options.Key) && same(user, d.options.User) && same(password, d.options.Password) || bearer && d.isGood(token) {
		return nil
	}
	r := d.Refuse(http.StatusUnauthorized, "Unauthorized for given resource.", 0)
	return &r
}

// same compares secrets in a time that tells nothing of them; nothing is never the same.
func same(given, right string) bool {
	g, r := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(right))
	return right != "" && subtle.ConstantTimeCompare(g[:], r[:]) == 1
}

func (d *DHL) isGood(token string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.options.Now().Before(d.tokens[token])
}

// login is the password grant (RFC 6749 §4.3).
func (d *DHL) login(c *party.Call) party.Reply {
	form, _ := url.ParseQuery(string(c.Body)) // what can not be read is not there
	switch {
	case form.Get("grant_type") != "password":
		return party.JSON(http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
	case !same(form.Get("client_id"), d.options.Key) || !same(form.Get("client_secret"), d.options.Secret):
		return party.JSON(http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
	case !same(form.Get("username"), d.options.User) || !same(form.Get("password"), d.options.Password):
		return party.JSON(http.StatusUnauthorized, map[string]string{"error": "invalid_grant"})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", d.options.Secret, len(d.tokens)))
	token := hex.EncodeToString(sum[:])
	d.tokens[token] = d.options.Now().Add(tokenLife)
	return party.JSON(http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(tokenLife.Seconds())})
}

func version(*party.Call) party.Reply {
	return party.JSON(http.StatusOK, map[string]any{
		"amp": map[string]string{"name": "pp-parcel-shipping-native", "env": "sandbox", "version": "v2.1.13"}, "backend": map[string]string{"env": "sandbox"},
	})
}

// Refuse answers with the state of a status.
func (*DHL) Refuse(status int, message string, after time.Duration) party.Reply {
	r := party.JSON(status, state{Title: http.StatusText(status), Code: status, Detail: message})
	r.After = after
	return r
}

// CloseDay closes what was made so far, as DHL does in the evening: it can not be changed or read any more.
func (d *DHL) CloseDay() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, k := range d.shipments {
		k.closed = true
	}
}
