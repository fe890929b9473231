// Package inpost is InPost of the sandbox: the ShipX API v1 below /inpost/v1, as integrators observed it. It is no more forgiving:
//
//		POST   /v1/organizations/{organization}/shipments   201, status created; it is bought by itself within a second or so
//		GET    /v1/organizations/{organization}/shipments   ?created_at_gteq&sort_by&sort_order&page&per_page
//		GET    /v1/organizations/{organization}
//		GET    /v1/shipments/{id}
//		GET    /v1/shipments/{id}/label                     ?format=pdf|zpl|epl&type=A6|normal
//		DELETE /v1/shipments/{id}                           204, until an offer is chosen
//		GET    /v1/tracking/{number}                        what became of it, to everybody
//
//	  - a reference is not unique and no filter;
//	  - a new shipment is missing from lists for up to 5.4 s, and one that was taken back for ever;
//	  - a page is not as long as it says, and repeats the last row of the one before;
//	  - created, offers_prepared, offer_selected, confirmed follow each other; without money it stays at the third, with a transaction that failed;
//	  - a number and a label are there when it is confirmed;
//	  - the life of a parcel begins when it is bought, and its states are those of the shipment from then on;
//	  - what it says it has done is done.
//
// It tells of each state by itself too: see Teller.
//
// Its books count shipments.create for a shipment's reference, when it is billed, and shipments.delete for its id.
package inpost

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"

	lives "waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

// Options say who may come in. A zero means the default.
type Options struct {
	Seed         uint64
	Token        string
	Organization string // 7008
	ShipmentsMax int    // 1,000,000
	Now          func() time.Time
	Calendar     *lives.Calendar // by which parcels live; that of the clock
}

// InPost is the party. All is kept in memory.
type InPost struct {
	options Options

	mu        sync.Mutex
	broke     bool
	shipments []*kept
	byID      map[string]*kept
	byNumber  map[string]*kept
	lives     *lives.Book
}

// New has no shipments.
func New(o Options) *InPost {
	if o.Organization == "" {
		o.Organization = "7008"
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
	return &InPost{options: o, byID: map[string]*kept{}, byNumber: map[string]*kept{}, lives: lives.NewBook(o.Seed, o.Calendar, lives.Polish, false)}
}

// Parcels are the lives of what was bought.
func (i *InPost) Parcels() *lives.Book { return i.lives }

// Name is "inpost".
func (*InPost) Name() string { return "inpost" }

// Close has nothing to end.
func (*InPost) Close() {}

// Organization is the number in its paths.
func (i *InPost) Organization() string { return i.options.Organization }

// Broke takes the organization's money, or gives it back: without, what is made is not bought.
func (i *InPost) Broke(is bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.broke = is
}

// Operations are those of the package's table.
func (i *InPost) Operations() []party.Operation {
	return []party.Operation{
		{Name: "organizations.get", Pattern: "GET /v1/organizations/{organization}", Do: i.organization},
		{Name: "shipments.create", Pattern: "POST /v1/organizations/{organization}/shipments", Acts: true, Commits: true, Do: i.create},
		{Name: "shipments.list", Pattern: "GET /v1/organizations/{organization}/shipments", Do: i.list},
		{Name: "shipments.get", Pattern: "GET /v1/shipments/{id}", Do: i.get},
		{Name: "shipments.label", Pattern: "GET /v1/shipments/{id}/label", Do: i.label},
		{Name: "shipments.delete", Pattern: "DELETE /v1/shipments/{id}", Acts: true, Commits: true, Do: i.delete},
		{Name: "parcels.track", Pattern: "GET " + trackingPath + "/{number}", Do: i.track},
	}
}

// Admit asks for the token, and then whether the organization is that of the token.
func (i *InPost) Admit(c *party.Call) *party.Reply {
	if strings.HasPrefix(c.URL.Path, "/"+i.Name()+trackingPath+"/") {
		return nil
	}
	given, _ := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer ")
	right, is := sha256.Sum256([]byte(i.options.Token)), sha256.Sum256([]byte(given))
	if i.options.Token == "" || subtle.ConstantTimeCompare(right[:], is[:]) != 1 {
		r := problem(http.StatusUnauthorized, "token_invalid", "Token is missing or invalid.", nil)
		return &r
	}
	if asked := strings.Split(c.URL.Path, "/organizations/"); len(asked) == 2 && strings.Split(asked[1], "/")[0] != i.options.Organization {
		r := problem(http.StatusForbidden, "forbidden", "Access forbidden for this token.", nil)
		return &r
	}
	return nil
}

// keys are those of errors that can happen to any request.
var keys = map[int]string{
	http.StatusNotFound: "resource_not_found", http.StatusRequestEntityTooLarge: "too_large", http.StatusInternalServerError: "internal_server_error",
	http.StatusServiceUnavailable: "service_unavailable", http.StatusBadGateway: "bad_gateway", http.StatusGatewayTimeout: "gateway_timeout",
}

// Refuse answers with the error of a status; of too many requests whatever stands before InPost does.
func (*InPost) Refuse(status int, message string, after time.Duration) party.Reply {
	if status == http.StatusTooManyRequests {
		return party.Reply{Status: status, After: after, Body: []byte("error code: 1015\n"), Type: "text/plain; charset=UTF-8"}
	}
	r := problem(status, keys[status], message, nil)
	r.After = after
	return r
}

func problem(status int, key, message string, details any) party.Reply {
	if details == nil {
		details = map[string]any{}
	}
	return party.JSON(status, map[string]any{"status": status, "error": key, "message": message, "details": details})
}

func (i *InPost) organization(*party.Call) party.Reply {
	return party.JSON(http.StatusOK, map[string]any{"id": i.options.Organization, "name": "Waybill Sandbox", "services": []string{locker, courier}})
}
