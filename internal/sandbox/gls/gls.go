// Package gls plays the ShipIT-Farm API of GLS, after its OpenAPI description (dev-portal.gls-group.net, shipit-farm v1), the samples of
// ShipIT's own documentation (gls-shipit.gls-group.eu, webservices 5_0_11 and 3_4_19) and Authentication API v2. It imports no connector.
//
// All paths are below /gls.
//
//	POST /oauth2/v2/token                                       a token for client id and secret
//	POST /shipit-farm/v1/backend/rs/shipments                   books parcels, which are billed, and answers their labels
//	POST /shipit-farm/v1/backend/rs/shipments/cancel/{trackID}  takes a parcel back, before the end of its day
//	POST /shipit-farm/v1/backend/rs/shipments/reprintparcel     the labels of a parcel, or of all with a reference
//	POST /shipit-farm/v1/backend/rs/tracking/parcels            the parcels with a reference, of some days
//	GET  /track-and-trace-v1/tracking/simple/trackids/{ids}     up to ten parcels with their events, 500 requests a day (Track & Trace V1, 1.0.7)
//	GET  /track-and-trace-v1/tracking/simple/references/{ids}   the same by our references
//
// What is wrong stands in the headers message and error; the body is empty. Its books count shipments.create for our reference, which is
// billed, and shipments.cancel for a parcel.
package gls

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	lives "waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/token"
)

// Options say what kind of GLS it is. A zero means the default.
type Options struct {
	ClientID, ClientSecret string
	ContactID              string // that GLS knows the shipper by
	RequestsPerSecondMax   int    // 100
	ShipmentsMax           int    // that are kept, 1,000,000
	Now                    func() time.Time
	Seed                   uint64          // of the parcels' lives
	Calendar               *lives.Calendar // by which they live; that of the clock
}

// GLS is the party. All is kept in memory.
type GLS struct {
	options Options
	limit   *rate.Limiter
	tokens  token.Issuer

	mu      sync.Mutex
	numbers int
	parcels map[string]*parcel   // by track id
	byRef   map[string][]*parcel // by our reference
	byNo    map[string]*parcel   // by parcel number
	closed  string               // the last day whose end was reported

	lives *lives.Book
	quota *lives.Quota // of Track & Trace
}

// tokenLife is the longest that GLS gives (Authentication API v2: up to four hours).
const tokenLife = 4 * time.Hour

// New is a GLS without parcels.
func New(o Options) *GLS {
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
		o.Calendar = lives.NewCalendar(o.Now)
	}
	return &GLS{
		options: o, limit: rate.NewLimiter(rate.Limit(o.RequestsPerSecondMax), o.RequestsPerSecondMax),
		tokens: token.Issuer{Secret: o.ClientSecret, Life: tokenLife, Now: o.Now}, parcels: map[string]*parcel{}, byRef: map[string][]*parcel{},
		byNo: map[string]*parcel{}, lives: lives.NewBook(o.Seed, o.Calendar, lives.German, false), quota: lives.NewQuota(o.Calendar, tracesADay),
	}
}

// Parcels are the lives of what was booked.
func (g *GLS) Parcels() *lives.Book { return g.lives }

// Name is "gls".
func (*GLS) Name() string { return "gls" }

// Close has nothing to end.
func (*GLS) Close() {}

// The paths of the API, and of what gives tokens.
const (
	apiPath   = "/shipit-farm/v1/backend/rs"
	loginPath = "/oauth2/v2/token"
)

// Operations are those of the package's table.
func (g *GLS) Operations() []party.Operation {
	return []party.Operation{
		{Name: "token", Pattern: "POST " + loginPath, Do: g.token},
		{Name: "shipments.create", Pattern: "POST " + apiPath + "/shipments", Acts: true, Commits: true, Do: g.create},
		{Name: "shipments.cancel", Pattern: "POST " + apiPath + "/shipments/cancel/{trackID}", Acts: true, Commits: true, Do: g.cancel},
		{Name: "shipments.reprint", Pattern: "POST " + apiPath + "/shipments/reprintparcel", Do: g.reprint},
		{Name: "parcels.find", Pattern: "POST " + apiPath + "/tracking/parcels", Do: g.find},
		{Name: "parcels.trace", Pattern: "GET " + tracePath + "/trackids/{ids}", Do: g.trace, Refuse: refusedTrace},
		{Name: "references.trace", Pattern: "GET " + tracePath + "/references/{ids}", Do: g.traceReferences, Refuse: refusedTrace},
	}
}

// Admit asks for a token, then for patience.
func (g *GLS) Admit(c *party.Call) *party.Reply {
	var r party.Reply
	switch path := strings.TrimPrefix(c.URL.Path, "/"+g.Name()); {
	case path != loginPath && !g.tokens.Opens(c.Request):
		r = party.JSON(http.StatusUnauthorized, map[string]any{
			"fault": map[string]any{"faultstring": "The Token has expired: policy(Verify-JWT)", "detail": map[string]string{"errorcode": "steps.jwt.TokenExpired"}},
		})
	case !g.limit.AllowN(g.options.Now(), 1):
		r = g.Refuse(http.StatusTooManyRequests, "", time.Second)
	case strings.HasPrefix(path, tracePath):
		return g.admitTrace()
	default:
		return nil
	}
	return &r
}

// Refuse answers as the gateway before the API does (Track & Trace V1, Response429), or as the API, with nothing but a header.
func (*GLS) Refuse(status int, message string, after time.Duration) party.Reply {
	if status != http.StatusTooManyRequests {
		return party.Reply{Status: status, After: after, Header: http.Header{"Message": {message}, "Error": {"INTERNAL_ERROR"}}}
	}
	r := party.JSON(status, map[string]any{
		"fault": map[string]any{"faultstring": "Rate limit quota violation. Quota limit  exceeded.", "detail": map[string]string{"errorcode": "policies.ratelimit.QuotaViolation"}},
	})
	r.After = after
	return r
}

// token is one for the client itself (RFC 6749 §4.4); a refusal is the FaultResponse of the specification.
func (g *GLS) token(c *party.Call) party.Reply {
	is := token.ClientOf(c.Request, c.Body)
	switch {
	case is.Grant != "client_credentials":
		return refusedToken(http.StatusBadRequest, "Invalid grant type")
	case !token.Same(g.options.ClientID, is.ID) || !token.Same(g.options.ClientSecret, is.Secret):
		return refusedToken(http.StatusBadRequest, "Invalid client identifier")
	}
	return party.JSON(http.StatusOK, map[string]any{"access_token": g.tokens.Issue(), "token_type": "Bearer", "expires_in": int(tokenLife / time.Second)})
}

func refusedToken(status int, message string) party.Reply {
	return party.JSON(status, map[string]any{"errors": []any{map[string]string{"message": message, "type": "400"}}})
}
