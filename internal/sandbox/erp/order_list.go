package erp

import (
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"time"

	"waybill/internal/sandbox/party"
)

// pageMax is the most orders in one answer, and how many there are when none is said.
const pageMax = 100

type page struct {
	Orders     []*Order `json:"orders"`
	NextCursor string   `json:"next_cursor,omitempty"`
}

func (e *ERP) listOrders(c *party.Call) party.Reply {
	asked := c.URL.Query()
	if asked.Has("external_ref") {
		ref := asked.Get("external_ref")
		if ref == "" {
			return invalid("external_ref", "give a reference")
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		return party.JSON(http.StatusOK, page{Orders: append([]*Order{}, e.byRef[ref]...)})
	}
	limit, from, since := pageMax, 0, time.Time{}
	var err error
	if text := asked.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > pageMax {
			return invalid("limit", fmt.Sprintf("give a number from 1 to %d", pageMax))
		}
	}
	if text := asked.Get("cursor"); text != "" {
		if from, err = strconv.Atoi(text); err != nil || from < 0 {
			return invalid("cursor", "give the next_cursor of an answer")
		}
	}
	if text := asked.Get("changed_since"); text != "" {
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			return invalid("changed_since", "give a time as 2026-11-22T13:00:00Z")
		}
	}
	return party.JSON(http.StatusOK, e.page(since, from, limit))
}

// page is what changed since then and stands in the changes from a place on. A cursor is such a place: a page is never disturbed by what
// is changed meanwhile, which comes at the end.
func (e *ERP) page(since time.Time, from, limit int) page {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := page{Orders: []*Order{}}
	first := sort.Search(len(e.changes), func(at int) bool { return !e.changes[at].at.Before(since) })
	for at := max(from, first); at < len(e.changes); at++ {
		o := e.changes[at].order
		if o.change != at { // it changed again, and stands there
			continue
		}
		if len(p.Orders) == limit {
			p.NextCursor = strconv.Itoa(at)
			return p
		}
		copied := *o
		p.Orders = append(p.Orders, &copied)
	}
	return p
}
