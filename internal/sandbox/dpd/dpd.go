// Package dpd plays the shipping service of DPD's META API, after its OpenAPI description (version 2.30) and its "Specification and
// description" 1.2. It imports no connector.
//
// All paths are below /dpd.
//
//	POST /shipping/v1/login      with the headers X-DPD-LOGIN, X-DPD-PASSWORD and X-DPD-BUCODE: a token, in the header X-DPD-TOKEN
//	POST /shipping/v1/shipment   books one shipment, which is billed, and answers one document with all its labels
//	POST /shipping/v1/label      the labels of parcels once more
//
// What became of a parcel is asked at the public SOAP services, where a version of the service ends the path:
//
//	POST /services/LoginService/V2_0             getAuth: a token for user and password
//	POST /services/ParcelLifeCycleService/V2_0   getTrackingData: the milestones of a parcel
//
// DPD tells of scans by itself too (Tracking Push Service): see push.go.
//
// Nothing is found by a reference, and nothing is taken back. An error is {"errorCode","errorMessage","errorOrigin"}. Its books count
// shipments.create for our reference, which is billed.
package dpd

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

// Options say what kind of DPD it is. A zero means the default.
type Options struct {
	Login, Password      string
	Unit                 string // the code of the business unit, 001 (Germany)
	RequestsPerSecondMax int    // 100
	PushToken            string // in the URL of its pushes, by which they are known
	ShipmentsMax         int    // 1,000,000
	Now                  func() time.Time
	Seed                 uint64           // of the parcels' lives
	Calendar             *parcel.Calendar // by which they live; that of the clock
}

// DPD is the party. Only numbers are kept.
type DPD struct {
	options Options
	limit   *rate.Limiter
	tokens  token.Issuer

	mu      sync.Mutex
	numbers int // of the parcels, from 1
	parcels *parcel.Book
}

// tokenLife is for how long a token is good (Specification 1.2, Authentication process).
const tokenLife = 24 * time.Hour

// New is a DPD without shipments.
func New(o Options) *DPD {
	if o.Unit == "" {
		o.Unit = "001"
	}
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
	return &DPD{
		options: o, limit: rate.NewLimiter(rate.Limit(o.RequestsPerSecondMax), o.RequestsPerSecondMax),
		tokens:  token.Issuer{Secret: o.Password, Life: tokenLife, Now: o.Now},
		parcels: parcel.NewBook(o.Seed, o.Calendar, parcel.German, false),
	}
}

// Parcels are the lives of what was booked.
func (d *DPD) Parcels() *parcel.Book { return d.parcels }

// Name is "dpd".
func (*DPD) Name() string { return "dpd" }

// Close has nothing to end.
func (*DPD) Close() {}

const loginPath = "/shipping/v1/login"

// Operations are those of the package's table.
func (d *DPD) Operations() []party.Operation {
	return []party.Operation{
		{Name: "login", Pattern: "POST " + loginPath, Do: d.login},
		{Name: "shipments.create", Pattern: "POST /shipping/v1/shipment", Acts: true, Commits: true, Do: d.create},
		{Name: "labels.get", Pattern: "POST /shipping/v1/label", Do: d.label},
		{Name: "soap.login", Pattern: "POST " + soapPath + "/LoginService/{version}", Do: d.getAuth, Refuse: refusedSOAP},
		{Name: "parcels.track", Pattern: "POST " + soapPath + "/ParcelLifeCycleService/{version}", Do: d.getTrackingData, Refuse: refusedSOAP},
	}
}

// Admit asks for a token, then for patience.
func (d *DPD) Admit(c *party.Call) *party.Reply {
	var r party.Reply
	switch path := strings.TrimPrefix(c.URL.Path, "/"+d.Name()); {
	case strings.HasPrefix(path, soapPath+"/") && d.limit.AllowN(d.options.Now(), 1):
		return nil // who it is stands in the envelope
	case strings.HasPrefix(path, soapPath+"/"):
		r = refusedSOAP(http.StatusTooManyRequests, "Too many requests", time.Second)
	case path != loginPath && !d.tokens.Opens(c.Request):
		r = *refused(http.StatusUnauthorized, "AUTH_401", "Authentication information is missing or invalid", meta)
	case !d.limit.AllowN(d.options.Now(), 1):
		r = d.Refuse(http.StatusTooManyRequests, "Too many requests", time.Second)
	default:
		return nil
	}
	return &r
}

// Where an error arose (shipment.Error, errorOrigin).
const (
	meta = "META-API"
	unit = "BU-API"
)

// Refuse answers with the error of a status.
func (*DPD) Refuse(status int, message string, after time.Duration) party.Reply {
	r := *refused(status, "UNEXPECTED_ERROR", message, meta)
	r.After = after
	return r
}

// refused is the specification's Error. Its codes are not published; these are made up.
func refused(status int, code, message, origin string) *party.Reply {
	r := party.JSON(status, map[string]string{"errorCode": code, "errorMessage": message, "errorOrigin": origin})
	return &r
}

func (d *DPD) login(c *party.Call) party.Reply {
	h := c.Header
	if !token.Same(d.options.Login, h.Get("X-DPD-LOGIN")) || !token.Same(d.options.Password, h.Get("X-DPD-PASSWORD")) || !token.Same(d.options.Unit, h.Get("X-DPD-BUCODE")) {
		return *refused(http.StatusUnauthorized, "AUTH_401", "Authentication information is missing or invalid", unit)
	}
	return party.Reply{Status: http.StatusOK, Header: http.Header{"X-Dpd-Token": {d.tokens.Issue()}}}
}
