package server

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// versionMax bounds how many changes of an order are made again at a time.
const versionMax = 1000

// showOrder lets an order of Allegro's market stand at a version.
func (s *Server) showOrder(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.ParseUint(r.PathValue("number"), 10, 64)
	version, not := strconv.Atoi(r.URL.Query().Get("version"))
	if err != nil || not != nil || version < 1 || version > versionMax {
		fail(w, http.StatusBadRequest, fmt.Errorf("give the number of an order, and a version from 1 to %d", versionMax))
		return
	}
	if err := s.allegro.Show(number, version); err != nil {
		fail(w, http.StatusInsufficientStorage, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"number": number, "version": version})
}

// combineOrders lets a buyer pay two of Allegro's orders together.
func (s *Server) combineOrders(w http.ResponseWriter, r *http.Request) {
	one, other, _ := strings.Cut(r.URL.Query().Get("orders"), ",")
	first, err := strconv.ParseUint(one, 10, 64)
	second, not := strconv.ParseUint(other, 10, 64)
	if err != nil || not != nil {
		fail(w, http.StatusBadRequest, errors.New("give the numbers of two orders: orders=N,M"))
		return
	}
	if err := s.allegro.Combine(first, second); err != nil {
		fail(w, http.StatusConflict, err)
		return
	}
	answer(w, http.StatusOK, map[string]uint64{"first": first, "second": second})
}
