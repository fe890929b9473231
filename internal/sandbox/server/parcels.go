package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"waybill/internal/sandbox/parcel"
)

// pushing are the carriers that tell of scans by themselves; GLS does not.
var pushing = []string{"dhl", "dpd", "inpost", "ups"}

// openPost lets carriers tell of scans, when somebody says where.
func (s *Server) openPost() {
	tellers := map[string]parcel.Teller{"dhl": s.dhl.Teller(), "dpd": s.dpd.Teller(), "inpost": s.inpost.Teller(), "ups": s.ups.Teller()}
	for name, t := range tellers {
		t.Books = s.ledgers[name]
		tellers[name] = t
	}
	s.post = parcel.NewPost(s.calendar, s.chance, s.later, tellers)
}

func (s *Server) parcelBooks() map[string]*parcel.Book {
	return map[string]*parcel.Book{"dhl": s.dhl.Parcels(), "dpd": s.dpd.Parcels(), "gls": s.gls.Parcels(), "inpost": s.inpost.Parcels(), "ups": s.ups.Parcels()}
}

// ParcelSums are those of a carrier's parcels: its own truth.
type ParcelSums = parcel.Sums

// Parcels are the sums of each carrier's parcels, by its name.
func (s *Server) Parcels() map[string]ParcelSums {
	sums := map[string]ParcelSums{}
	for name, book := range s.parcelBooks() {
		sums[name] = book.Sums()
	}
	return sums
}

// LetParcelsLive lets a day of the parcels' lives pass in so much time, from now on, and has carriers push to HOOKS/tracking/PARTY; nowhere, if
// that is empty. What happened before somebody listens is not pushed.
func (s *Server) LetParcelsLive(day time.Duration, hooks string) error {
	if err := parcel.CheckHooks(hooks); err != nil {
		return err
	}
	if err := s.calendar.Pace(day); err != nil {
		return err
	}
	return s.post.Use(hooks)
}

// parcelsSaid is how parcels live.
type parcelsSaid struct {
	Day   string                `json:"day"`
	Hooks string                `json:"hooks"`
	Now   time.Time             `json:"now"` // in the calendar
	Sums  map[string]ParcelSums `json:"sums"`
}

func (s *Server) parcelRoutes(mux *http.ServeMux) {
	say := func(w http.ResponseWriter) {
		answer(w, http.StatusOK, parcelsSaid{s.calendar.Day().String(), s.post.Hooks(), s.calendar.Now(), s.Parcels()})
	}
	mux.HandleFunc("GET /admin/parcels", func(w http.ResponseWriter, _ *http.Request) { say(w) })
	mux.HandleFunc("PUT /admin/parcels", func(w http.ResponseWriter, r *http.Request) {
		wanted := struct {
			Day   string `json:"day"`
			Hooks string `json:"hooks"`
		}{s.calendar.Day().String(), s.post.Hooks()}
		err := read(w, r, &wanted)
		if err == nil {
			err = s.letParcelsLive(wanted.Day, wanted.Hooks)
		}
		if err != nil {
			fail(w, http.StatusBadRequest, err)
			return
		}
		say(w)
	})
	mux.HandleFunc("GET /admin/parcels/{party}", s.listParcels)
}

func (s *Server) letParcelsLive(day, hooks string) error {
	takes, err := time.ParseDuration(day)
	if err != nil {
		return fmt.Errorf("read how long a day takes, %q: give a duration as 2s or 24h", day)
	}
	return s.LetParcelsLive(takes, hooks)
}

func (s *Server) listParcels(w http.ResponseWriter, r *http.Request) {
	book := s.parcelBooks()[r.PathValue("party")]
	if book == nil {
		fail(w, http.StatusNotFound, errors.New("no such carrier"))
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := json.NewEncoder(w)
	for truth := range book.Truths {
		if lines.Encode(truth) != nil {
			return // who hung up needs no answer
		}
	}
}
