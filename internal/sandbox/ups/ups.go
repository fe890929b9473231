// Package ups plays the Shipping, Rating and OAuth APIs of UPS, after UPS's own OpenAPI descriptions (github.com/UPS-API/api-documentation:
// Shipping.yaml, Rating.yaml, OAuthClientCredentials.yaml). It imports no connector.
//
// All paths are below /ups.
//
//	POST   /security/v1/oauth/token                 a token for client id and secret, by HTTP Basic
//	POST   /api/shipments/v2409/ship                books packages, which are billed, and answers their labels
//	DELETE /api/shipments/v2409/void/cancel/{id}    takes a shipment back
//	POST   /api/labels/v1/recovery                  the labels of a package, or of the shipment with a reference
//	POST   /api/rating/v2409/Shop                   what each service costs
//	POST   /api/rating/v2409/Shoptimeintransit      and when it arrives
//	GET    /api/track/v1/details/{number}           all packages of a shipment with their activity (Tracking.yaml)
//	POST   /api/track/v2/subscription/standard/package   follows up to 100 packages for 14 days (TrackAlert): each scan is pushed
//
// An error is {"response":{"errors":[{"code","message"}]}}. Its books count shipments.create for our reference, which is billed, and
// shipments.void for a shipment.
package ups

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/token"
)

// Options say what kind of UPS it is. A zero means the default.
type Options struct {
	ClientID, ClientSecret string
	ShipperNumber          string // of the account, six letters and digits
	RequestsPerSecondMax   int    // 100
	PushSecret             string // by which its pushes are known
	ShipmentsMax           int    // that are kept, 1,000,000
	Now                    func() time.Time
	Seed                   uint64           // of the parcels' lives
	Calendar               *parcel.Calendar // by which they live; that of the clock
}

// UPS is the party. All is kept in memory.
type UPS struct {
	options Options
	limit   *rate.Limiter
	tokens  token.Issuer

	mu        sync.Mutex
	numbers   int
	shipments map[string]*shipment   // by their number
	packages  map[string]*shipment   // by the number of a package
	byRef     map[string][]*shipment // by our reference
	parcels   *parcel.Book
}

// tokenLife is what UPS was seen to give, less a second (expires_in 14399).
const tokenLife = 4 * time.Hour

// New is a UPS without shipments.
func New(o Options) *UPS {
	if o.RequestsPerSecondMax == 0 {
		o.RequestsPerSecondMax = 100
	}
	if o.ShipmentsMax == 0 {
		o.ShipmentsMax = 1_000_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Calendar == nil {
		o.Calendar = parcel.NewCalendar(o.Now)
	}
	return &UPS{
		options: o, limit: rate.NewLimiter(rate.Limit(o.RequestsPerSecondMax), o.RequestsPerSecondMax),
		tokens:    token.Issuer{Secret: o.ClientSecret, Life: tokenLife, Now: o.Now},
		shipments: map[string]*shipment{}, packages: map[string]*shipment{}, byRef: map[string][]*shipment{},
		parcels: parcel.NewBook(o.Seed, o.Calendar, parcel.German, true),
	}
}

// Parcels are the lives of what was booked.
func (u *UPS) Parcels() *parcel.Book { return u.parcels }

// Name is "ups".
func (*UPS) Name() string { return "ups" }

// Close has nothing to end.
func (*UPS) Close() {}

const loginPath = "/security/v1/oauth/token"

// Operations are those of the package's table.
func (u *UPS) Operations() []party.Operation {
	return []party.Operation{
		{Name: "token", Pattern: "POST " + loginPath, Do: u.token},
		{Name: "shipments.create", Pattern: "POST /api/shipments/v2409/ship", Acts: true, Commits: true, Do: u.create},
		{Name: "shipments.void", Pattern: "DELETE /api/shipments/v2409/void/cancel/{id}", Acts: true, Commits: true, Do: u.void},
		{Name: "labels.recover", Pattern: "POST /api/labels/v1/recovery", Do: u.recover},
		{Name: "rates.shop", Pattern: "POST /api/rating/v2409/Shop", Do: u.shop},
		{Name: "rates.times", Pattern: "POST /api/rating/v2409/Shoptimeintransit", Do: u.shopTimes},
		{Name: "packages.track", Pattern: "GET /api/track/v1/details/{number}", Do: u.track},
		{Name: "alerts.subscribe", Pattern: "POST /api/track/v2/subscription/standard/package", Acts: true, Commits: true, Do: u.subscribe},
	}
}

// Admit asks for a token, then for patience.
func (u *UPS) Admit(c *party.Call) *party.Reply {
	var r party.Reply
	switch path := strings.TrimPrefix(c.URL.Path, "/"+u.Name()); {
	case path != loginPath && !u.tokens.Opens(c.Request):
		r = *refused(http.StatusUnauthorized, "250002", "Invalid Authentication Information.")
	case !u.limit.AllowN(u.options.Now(), 1):
		r = u.Refuse(http.StatusTooManyRequests, "", 0) // no Retry-After is documented
	default:
		return nil
	}
	return &r
}

// Refuse answers with the error of a status.
func (*UPS) Refuse(status int, message string, after time.Duration) party.Reply {
	code := "10004" // a system that failed for now
	if status == http.StatusTooManyRequests {
		code, message = "10429", "Rate Limit Exceeded"
	}
	r := *refused(status, code, message)
	r.After = after
	return r
}

// refused is the specification's ErrorResponse.
func refused(status int, code, message string) *party.Reply {
	r := party.JSON(status, map[string]any{"response": map[string]any{"errors": []any{map[string]string{"code": code, "message": message}}}})
	return &r
}

// token is one for the client itself (RFC 6749 §4.4), its numbers as texts.
func (u *UPS) token(c *party.Call) party.Reply {
	is := token.ClientOf(c.Request, c.Body)
	_, _, basic := c.BasicAuth()
	switch {
	case is.Grant != "client_credentials":
		return *refused(http.StatusBadRequest, "10400", "Invalid/Missing Authorization Header")
	case !basic || !token.Same(u.options.ClientID, is.ID) || !token.Same(u.options.ClientSecret, is.Secret):
		return *refused(http.StatusUnauthorized, "10401", "ClientId is Invalid")
	}
	return party.JSON(http.StatusOK, map[string]string{
		"access_token": u.tokens.Issue(), "token_type": "Bearer", "expires_in": "14399", "client_id": is.ID, "status": "approved", "refresh_count": "0",
	})
}
