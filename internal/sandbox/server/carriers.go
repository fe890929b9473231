package server

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"waybill/internal/sandbox/dhl"
	"waybill/internal/sandbox/dpd"
	"waybill/internal/sandbox/gls"
	"waybill/internal/sandbox/inpost"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/printer"
	"waybill/internal/sandbox/ups"
)

// secretOf is made of a seed for a purpose: the same every time, and known to all.
func secretOf(seed uint64, purpose string) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("sandbox %s %d", purpose, seed)))
	return hex.EncodeToString(sum[:])
}

// parcelCarriers are the parties that take parcels.
type parcelCarriers struct {
	calendar *parcel.Calendar
	post     *parcel.Post

	dhl    *dhl.DHL
	inpost *inpost.InPost
	gls    *gls.GLS
	ups    *ups.UPS
	dpd    *dpd.DPD
}

// openCarriers lets in who has the credentials that are made of the seed.
func (s *Server) openCarriers() {
	o, made := s.options, s.carrierSecrets()
	s.calendar = parcel.NewCalendar(o.Now)
	s.calendar.Grants = o.ParcelsGranted
	s.dhl = dhl.New(dhl.Options{
		Key: made["dhl"]["api_key"], Secret: made["dhl"]["api_secret"], User: made["dhl"]["user"], Password: made["dhl"]["password"],
		PushSecret: made["dhl"]["push_secret"], Now: o.Now, Seed: o.Seed, Calendar: s.calendar,
	})
	s.inpost = inpost.New(inpost.Options{Seed: o.Seed, Token: made["inpost"]["token"], Organization: made["inpost"]["organization"], Now: o.Now, Calendar: s.calendar})
	s.gls = gls.New(gls.Options{
		ClientID: made["gls"]["client_id"], ClientSecret: made["gls"]["client_secret"], ContactID: made["gls"]["contact_id"],
		Now: o.Now, Seed: o.Seed, Calendar: s.calendar,
	})
	s.ups = ups.New(ups.Options{
		ClientID: made["ups"]["client_id"], ClientSecret: made["ups"]["client_secret"], ShipperNumber: made["ups"]["shipper_number"],
		PushSecret: made["ups"]["push_secret"], Now: o.Now, Seed: o.Seed, Calendar: s.calendar,
	})
	s.dpd = dpd.New(dpd.Options{
		Unit: made["dpd"]["business_unit"], Login: made["dpd"]["user"], Password: made["dpd"]["password"],
		PushToken: made["dpd"]["push_secret"], Now: o.Now, Seed: o.Seed, Calendar: s.calendar,
	})
	for _, p := range []party.Party{s.dhl, s.inpost, s.gls, s.ups, s.dpd} {
		s.ledgers[p.Name()] = ledger.New(o.Now)
		s.parties = append(s.parties, p)
	}
	s.openPost()
}

// openPrinter plugs in the printer of the packing station.
func (s *Server) openPrinter() {
	s.printer = printer.New(printer.Options{Now: s.options.Now})
	s.ledgers[s.printer.Name()] = ledger.New(s.options.Now)
	s.parties = append(s.parties, s.printer)
}

// carrierSecrets are by carrier what a connector is set with.
func (s *Server) carrierSecrets() map[string]map[string]string {
	of := func(purpose string) string { return secretOf(s.options.Seed, purpose) }
	return map[string]map[string]string{
		"dhl": {
			"api_key": of("dhl key")[:32], "api_secret": of("dhl secret")[:16], "user": "sandy_sandbox", "password": of("dhl password")[:20], "billing_number": "33333333330102",
			"push_header": dhl.PushHeader, "push_secret": of("dhl push"), "tracking_user": "sandy_sandbox", "tracking_password": of("dhl password")[:20],
		},
		"inpost": {"token": of("inpost token"), "organization": "7008"},
		"gls":    {"client_id": of("gls client id")[:32], "client_secret": of("gls client secret")[:16], "contact_id": "2760123456"},
		"ups": {
			"client_id": of("ups client id")[:48], "client_secret": of("ups client secret"), "shipper_number": strings.ToUpper(of("ups shipper number")[:6]),
			"push_header": ups.CredentialHeader, "push_secret": of("ups push"),
		},
		"dpd": {"business_unit": "001", "user": "sandy_sandbox", "password": of("dpd password")[:20], "push_secret": of("dpd push")[:32]}, // 001 is Germany
	}
}

// tracked is where what became of a parcel is asked.
var tracked = map[string]map[string]string{
	"dhl":    {"tracking_url": "/dhl/parcel/de/tracking/v0", "unified_url": "/dhl/track"},
	"inpost": {"tracking_url": "/inpost"},
	"gls":    {"tracking_url": "/gls/track-and-trace-v1"},
	"ups":    {"tracking_url": "/ups/api"},
	"dpd":    {"tracking_url": "/dpd/services"},
}

// carrierAccess says how each is reached.
func (s *Server) carrierAccess(base string) (all []Access) {
	for _, at := range []Access{
		{Party: "dhl", URL: base + "/dhl/parcel/de/shipping/v2", Login: base + "/dhl/parcel/de/account/auth/ropc/v1/token"},
		{Party: "inpost", URL: base + "/inpost"},
		{Party: "gls", URL: base + "/gls/shipit-farm/v1/backend", Login: base + "/gls/oauth2/v2/token"},
		{Party: "ups", URL: base + "/ups/api", Login: base + "/ups/security/v1/oauth/token"},
		{Party: "dpd", URL: base + "/dpd/shipping/v1"},
	} {
		at.Made = s.carrierSecrets()[at.Party]
		for setting, path := range tracked[at.Party] {
			at.Made[setting] = base + path
		}
		at.Credentials = fmt.Sprintf("made of seed %d, told at /admin/parties", s.options.Seed)
		all = append(all, at)
	}
	return append(all, Access{Party: s.printer.Name(), URL: "ipp" + strings.TrimPrefix(base, "http") + "/" + s.printer.Name() + printer.Path, Credentials: "none: it prints for whoever reaches it"})
}

// DHL is the party, to close its day.
func (s *Server) DHL() *dhl.DHL { return s.dhl }

// InPost is the party, to take its money.
func (s *Server) InPost() *inpost.InPost { return s.inpost }

// GLS is the party, to end its day.
func (s *Server) GLS() *gls.GLS { return s.gls }

// UPS is the party, to end the time in which it takes shipments back.
func (s *Server) UPS() *ups.UPS { return s.ups }

// carrierRoutes are what people at a carrier can do.
func (s *Server) carrierRoutes(mux *http.ServeMux) {
	for path, end := range map[string]func(){"dhl": s.dhl.CloseDay, "gls": s.gls.EndDay, "ups": s.ups.EndPeriod} {
		mux.HandleFunc("POST /admin/"+path+"/close", func(w http.ResponseWriter, _ *http.Request) {
			end()
			w.WriteHeader(http.StatusNoContent)
		})
	}
	mux.HandleFunc("PUT /admin/printer", func(w http.ResponseWriter, r *http.Request) {
		var wanted struct {
			Jammed bool `json:"jammed"`
		}
		if err := read(w, r, &wanted); err != nil {
			fail(w, http.StatusBadRequest, err)
			return
		}
		if s.printer.Mend(); wanted.Jammed {
			s.printer.Jam()
		}
		answer(w, http.StatusOK, wanted)
	})
	mux.HandleFunc("PUT /admin/inpost", func(w http.ResponseWriter, r *http.Request) {
		var wanted struct {
			Broke bool `json:"broke"`
		}
		if err := read(w, r, &wanted); err != nil {
			fail(w, http.StatusBadRequest, err)
			return
		}
		s.inpost.Broke(wanted.Broke)
		answer(w, http.StatusOK, wanted)
	})
}

// Pack has the ERP's warehouse pack up to so many of the orders that are booked there, and is how many that were.
func (s *Server) Pack(most int) int { return s.erp.Pack(most) }

// Packed is how many orders are packed there.
func (s *Server) Packed() int { return s.erp.Packed() }
