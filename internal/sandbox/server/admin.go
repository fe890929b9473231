package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"waybill/internal/sandbox/erp"
	"waybill/internal/sandbox/fault"
)

// adminBytesMax bounds the body of a request to the admin API.
const adminBytesMax = 1 << 20

// admin is for those who run the sandbox, on this machine alone.
//
//	GET  /admin/                        a page of faults and books
//	GET  /admin/parties                 how each party is reached
//	GET  /admin/books                   the sums of each party's books
//	GET  /admin/books/{party}/effects   ?after=N, one effect a line, from number N+1
//	GET  /admin/faults                  the rules, what can strike what, and what struck
//	PUT  /admin/faults                  {"mix":"light"} or {"rules":[{"party","operation","fault","probability","seconds"}]}
//	GET  /admin/erp, PUT /admin/erp     the ERP's settings
//	POST /admin/kaufland/orders         ?count=N sells so many more
//	POST /admin/amazon/orders           the same
//	POST /admin/allegro/orders          the same
//	POST /admin/shopify/orders          the same
//	POST /admin/ebay/orders             the same
//	POST /admin/shopify/refusals        ?count=N refuses the payments of so many orders that are not paid yet
//	PUT  /admin/allegro/orders/{number} ?version=V shows that order of the seed's market at that version
//	POST /admin/allegro/payments        ?orders=N,M pays two unpaid orders together
//	POST /admin/dhl/close               closes the day: what was made so far is neither read nor deleted any more
//	POST /admin/gls/close               the same: nothing of today is cancelled any more
//	POST /admin/ups/close               the same: what was made so far is not voided any more
//	GET  /admin/parcels                 the sums of each carrier's parcels, how long a day takes, and where pushes go
//	PUT  /admin/parcels                 {"day":"2s","hooks":"http://127.0.0.1:8080"}: a day of all parcels takes 2 s; carriers push to HOOKS/tracking/PARTY
//	GET  /admin/parcels/{party}         what became of each, a line a parcel
//	PUT  /admin/inpost                  {"broke":true}: what is made from now on can not be paid
//	PUT  /admin/printer                 {"jammed":true}: what it takes from now on is printed once it is jammed no more
func (s *Server) admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /admin/{$}", s.showPage)
	mux.HandleFunc("GET /admin/parties", func(w http.ResponseWriter, r *http.Request) { answer(w, http.StatusOK, s.Parties("http://"+r.Host)) })
	mux.HandleFunc("GET /admin/books", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, s.Books()) })
	mux.HandleFunc("GET /admin/books/{party}/effects", s.listEffects)
	mux.HandleFunc("GET /admin/faults", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, s.faults()) })
	mux.HandleFunc("PUT /admin/faults", s.putFaults)
	mux.HandleFunc("GET /admin/erp", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, s.erp.Settings()) })
	mux.HandleFunc("PUT /admin/erp", s.putSettings)
	mux.HandleFunc("POST /admin/kaufland/orders", sellMore(s.kaufland.Sell))
	mux.HandleFunc("POST /admin/amazon/orders", sellMore(s.amazon.Sell))
	mux.HandleFunc("POST /admin/allegro/orders", sellMore(s.allegro.Sell))
	mux.HandleFunc("POST /admin/shopify/orders", sellMore(s.shopify.Sell))
	mux.HandleFunc("POST /admin/ebay/orders", sellMore(s.ebay.Sell))
	mux.HandleFunc("POST /admin/shopify/refusals", s.refusePayments)
	mux.HandleFunc("PUT /admin/allegro/orders/{number}", s.showOrder)
	mux.HandleFunc("POST /admin/allegro/payments", s.combineOrders)
	s.carrierRoutes(mux)
	s.parcelRoutes(mux)
	return onlyHere(http.NewCrossOriginProtection().Handler(mux))
}

// onlyHere turns away who asks from another machine, and pages of other sites whose name was made to mean this one.
func onlyHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		host, _, split := net.SplitHostPort(r.Host)
		if split != nil {
			host = r.Host
		}
		named, _ := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil || !from.Addr().Unmap().IsLoopback() || host != "localhost" && !named.IsLoopback() {
			fail(w, http.StatusForbidden, errors.New("the admin API answers this machine alone, by a loopback address or as localhost"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// faultsShown is what is said of faults.
type faultsShown struct {
	Seed       uint64              `json:"seed"`
	Rules      []fault.Rule        `json:"rules"`
	Struck     map[string]int      `json:"struck"`     // since these rules are in use
	Operations map[string][]string `json:"operations"` // by party
}

func (s *Server) faults() faultsShown {
	shown := faultsShown{Seed: s.options.Seed, Rules: s.chance.Rules(), Struck: map[string]int{}, Operations: map[string][]string{}}
	for what, times := range s.chance.Struck() {
		shown.Struck[what.Party+" "+what.Operation+" "+string(what.Fault)] = times
	}
	for name, operations := range s.known {
		shown.Operations[name] = slices.Sorted(maps.Keys(operations))
	}
	return shown
}

func (s *Server) putFaults(w http.ResponseWriter, r *http.Request) {
	var wanted struct {
		Mix   *string       `json:"mix"`
		Rules *[]fault.Rule `json:"rules"`
	}
	if err := read(w, r, &wanted); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	if (wanted.Mix == nil) == (wanted.Rules == nil) {
		fail(w, http.StatusBadRequest, errors.New("give either a mix or rules"))
		return
	}
	if wanted.Mix != nil {
		rules, err := fault.Mix(*wanted.Mix)
		if err != nil {
			fail(w, http.StatusBadRequest, err)
			return
		}
		wanted.Rules = &rules
	}
	if err := s.UseFaults(*wanted.Rules); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	answer(w, http.StatusOK, s.faults())
}

func (s *Server) putSettings(w http.ResponseWriter, r *http.Request) {
	var wanted erp.Settings
	err := read(w, r, &wanted)
	if err == nil {
		err = s.erp.Set(wanted)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	answer(w, http.StatusOK, s.erp.Settings())
}

// sellMax bounds how many orders are sold at a time.
const sellMax = 10_000

func sellMore(sell func(orders int) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		count, err := strconv.Atoi(r.URL.Query().Get("count"))
		if err != nil || count < 1 || count > sellMax {
			fail(w, http.StatusBadRequest, fmt.Errorf("give a count from 1 to %d", sellMax))
			return
		}
		if err := sell(count); err != nil {
			fail(w, http.StatusInsufficientStorage, err)
			return
		}
		answer(w, http.StatusOK, map[string]int{"sold": count})
	}
}

func (s *Server) listEffects(w http.ResponseWriter, r *http.Request) {
	l := s.Ledger(r.PathValue("party"))
	after, err := strconv.Atoi("0" + r.URL.Query().Get("after"))
	if l == nil || err != nil {
		fail(w, http.StatusNotFound, errors.New("no such party, or no number to begin after"))
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := json.NewEncoder(w)
	for _, effect := range l.Effects(after) {
		if lines.Encode(effect) != nil {
			return // who hung up needs no answer
		}
	}
}

func read(w http.ResponseWriter, r *http.Request, into any) error {
	in := json.NewDecoder(http.MaxBytesReader(w, r.Body, adminBytesMax))
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return errors.New("read the request: there is more than one JSON value")
	}
	return nil
}

func fail(w http.ResponseWriter, status int, err error) {
	answer(w, status, map[string]string{"error": err.Error()})
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // who hung up needs no answer
}
