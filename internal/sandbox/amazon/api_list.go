package amazon

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

// The limits of searchOrders (orders_2026-01-01.json).
const (
	pageMax      = 100
	sitesMax     = 50
	settled      = 2 * time.Minute // how long ago the end of a period must be at least
	tokenGoodFor = 24 * time.Hour  // of a page
)

var (
	fulfillers          = []string{"MERCHANT", "AMAZON"}
	fulfillmentStatuses = []string{preordered, pending, unshipped, partlyShipped, shipped, cancelled, unfulfillable}
	searchable          = []string{
		"createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore", "fulfillmentStatuses", "marketplaceIds", "fulfilledBy",
		"maxResultsPerPage", "paginationToken", "includedData",
	}
)

// search is what a list is asked for.
type search struct {
	created                    bool // the period is that of their first time, not of their latest
	after, before              time.Time
	sites, statuses, fulfillBy []string
	limit                      int
	turn                       uint64 // behind which the page begins
	same                       string // of all that must stay the same from page to page
}

// place is where the next page begins, told as a token.
type place struct {
	Turn   uint64    `json:"turn"`
	Same   string    `json:"same"`
	Before time.Time `json:"before"`
	Issued time.Time `json:"issued"`
}

// searchOrders lists what changed first, first.
func (a *API) searchOrders(c *party.Call) party.Reply {
	asked, bad := a.searchOf(c)
	if bad != nil {
		return *bad
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var page []order
	var last, next uint64
	for _, change := range a.after(asked.turn) {
		h := change.order
		if !change.isLatest() || !asked.spans(h) {
			continue
		}
		o := a.again(h)
		if !asked.wants(&o) {
			continue
		}
		if len(page) == asked.limit {
			next = last
			break
		}
		o.CreatedTime, o.LastUpdatedTime = wire.Instant(h.placed), wire.Instant(h.changed)
		page, last = append(page, o.only(values(c, "includedData"))), change.turn
	}
	return asked.reply(page, next, a.options.Now())
}

// spans tells whether an order is of the period and the sites.
func (s *search) spans(h *held) bool {
	at := h.changed
	if s.created {
		at = h.placed
	}
	return !at.Before(s.after) && !at.After(s.before) && (len(s.sites) == 0 || slices.Contains(s.sites, h.site))
}

func (s *search) wants(o *order) bool {
	return (len(s.statuses) == 0 || slices.Contains(s.statuses, o.Fulfillment.FulfillmentStatus)) &&
		(len(s.fulfillBy) == 0 || slices.Contains(s.fulfillBy, o.Fulfillment.FulfilledBy))
}

func (s *search) reply(page []order, next uint64, now time.Time) party.Reply {
	line := wire.Line{}
	wire.Element(&line, s, func(s *search, l *wire.Line) {
		wire.Objects(l, "orders", append([]order{}, page...), (*order).write)
		if next > 0 {
			at := place{next, s.same, s.before, now}
			wire.Object(l, "pagination", &at, func(at *place, l *wire.Line) {
				text, _ := json.Marshal(at) // numbers, times and a text: can not fail
				l.Text("nextToken", base64.RawURLEncoding.EncodeToString(text))
			})
		}
		l.Text(map[bool]string{false: "lastUpdatedBefore", true: "createdBefore"}[s.created], wire.Instant(s.before))
	})
	return party.Reply{Status: http.StatusOK, Body: line}
}

// searchOf reads a query.
func (a *API) searchOf(c *party.Call) (s search, bad *party.Reply) {
	if bad := onlyKnown(c, searchable...); bad != nil {
		return s, bad
	}
	for name, of := range map[string][]string{"fulfillmentStatuses": fulfillmentStatuses, "fulfilledBy": fulfillers, "includedData": datasets} {
		if bad := allIn(c, name, of); bad != nil {
			return s, bad
		}
	}
	query := c.URL.Query()
	s = search{
		sites: values(c, "marketplaceIds"), statuses: values(c, "fulfillmentStatuses"), fulfillBy: values(c, "fulfilledBy"), limit: pageMax, same: sameness(query),
	}
	if len(s.sites) > sitesMax {
		return s, invalid(fmt.Sprintf("marketplaceIds: at most %d", sitesMax))
	}
	if text := query.Get("maxResultsPerPage"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > pageMax {
			return s, invalid(fmt.Sprintf("maxResultsPerPage must be between 1 and %d", pageMax))
		}
		s.limit = n
	}
	if bad := s.readPeriod(query, a.now()); bad != nil {
		return s, bad
	}
	return s, s.readPlace(query.Get("paginationToken"), a.now())
}

// readPeriod reads exactly one of both periods; without an end, it ends as late as it may.
func (s *search) readPeriod(query url.Values, now time.Time) *party.Reply {
	s.created = query.Get("createdAfter") != ""
	if s.created == (query.Get("lastUpdatedAfter") != "") {
		return invalid("exactly one of createdAfter and lastUpdatedAfter must be provided")
	}
	kind, other := "lastUpdated", "created"
	if s.created {
		kind, other = other, kind
	}
	if query.Get(other+"Before") != "" {
		return invalid(other + "Before goes with " + other + "After")
	}
	s.before = now.Add(-settled)
	for name, at := range map[string]*time.Time{kind + "After": &s.after, kind + "Before": &s.before} {
		if text := query.Get(name); text != "" {
			var err error
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				return invalid("Invalid date/time field [" + name + "]")
			}
		}
	}
	if query.Get(kind+"Before") != "" && (s.before.Before(s.after) || s.before.After(now.Add(-settled))) {
		return invalid(kind + "Before must be after " + kind + "After and at least two minutes before the time of the request")
	}
	return nil
}

// readPlace goes on where the page before ended, if all else is asked for as before.
func (s *search) readPlace(token string, now time.Time) *party.Reply {
	if token == "" {
		return nil
	}
	var at place
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(text, &at)
	}
	if err != nil || at.Same != s.same || now.Sub(at.Issued) > tokenGoodFor {
		return invalid("Invalid paginationToken")
	}
	s.turn, s.before = at.Turn, at.Before
	return nil
}

// sameness is of all that a page must have in common with the one before: all parameters but three.
func sameness(query url.Values) string {
	query = maps.Clone(query)
	for _, free := range []string{"paginationToken", "maxResultsPerPage", "includedData"} {
		query.Del(free)
	}
	sum := sha256.Sum256([]byte(query.Encode()))
	return hex.EncodeToString(sum[:8])
}
