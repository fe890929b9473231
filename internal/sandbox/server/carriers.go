package server

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"waybill/internal/sandbox/dhl"
	"waybill/internal/sandbox/inpost"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// secretOf is made of a seed for a purpose: the same every time, and known to all.
func secretOf(seed uint64, purpose string) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("sandbox %s %d", purpose, seed)))
	return hex.EncodeToString(sum[:])
}

// parcelCarriers are the parties that take parcels.
type parcelCarriers struct {
	dhl    *dhl.DHL
	inpost *inpost.InPost
}

// openCarriers lets in who has the credentials that are made of the seed.
func (s *Server) openCarriers() {
	o, made := s.options, s.carrierSecrets()
	s.dhl = dhl.New(dhl.Options{Key: made["dhl"]["api_key"], Secret: made["dhl"]["api_secret"], User: made["dhl"]["user"], Password: made["dhl"]["password"], Now: o.Now})
	s.inpost = inpost.New(inpost.Options{Seed: o.Seed, Token: made["inpost"]["token"], Organization: made["inpost"]["organization"], Now: o.Now})
	for _, p := range []party.Party{s.dhl, s.inpost} {
		s.ledgers[p.Name()] = ledger.New(o.Now)
		s.parties = append(s.parties, p)
	}
}

// carrierSecrets are by carrier what a connector is set with.
func (s *Server) carrierSecrets() map[string]map[string]string {
	of := func(purpose string) string { return secretOf(s.options.Seed, purpose) }
	return map[string]map[string]string{
		"dhl":    {"api_key": of("dhl key")[:32], "api_secret": of("dhl secret")[:16], "user": "sandy_sandbox", "password": of("dhl password")[:20], "billing_number": "33333333330102"},
		"inpost": {"token": of("inpost token"), "organization": "7008"},
	}
}

// carrierAccess says how each is reached.
func (s *Server) carrierAccess(base string) (all []Access) {
	for _, at := range []Access{
		{Party: "dhl", URL: base + "/dhl/parcel/de/shipping/v2", Login: base + "/dhl/parcel/de/account/auth/ropc/v1/token"},
		{Party: "inpost", URL: base + "/inpost"},
	} {
		at.Made = s.carrierSecrets()[at.Party]
		at.Credentials = fmt.Sprintf("made of seed %d, told at /admin/parties", s.options.Seed)
		all = append(all, at)
	}
	return all
}

// DHL is the party, to close its day.
func (s *Server) DHL() *dhl.DHL { return s.dhl }

// InPost is the party, to take its money.
func (s *Server) InPost() *inpost.InPost { return s.inpost }

// carrierRoutes are what people at a carrier can do.
func (s *Server) carrierRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /admin/dhl/close", func(w http.ResponseWriter, _ *http.Request) {
		s.dhl.CloseDay()
		w.WriteHeader(http.StatusNoContent)
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

// PackAll has the ERP's warehouse pack all that is booked there.
func (s *Server) PackAll() { s.erp.PackAll() }

// Packed is how many orders are packed there.
func (s *Server) Packed() int { return s.erp.Packed() }
