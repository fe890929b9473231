package kaufland

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

var (
	fulfillmentTypes = []string{"fulfilled_by_merchant", "fulfilled_by_kaufland"}
	statuses         = []string{open, needToBeSent, sent, autopaid, received, returned, returnedPaid, cancelled}
	unitEmbeddable   = []string{"delivery_attempt_timestamp_iso", "return_unit", "tickets", "delivery", "kss_delivery"}
	unitSorts        = []string{"ts_created:desc", "ts_updated:desc"}
)

// window is which part of a list is wanted.
type window struct{ offset, limit int }

// filter is what a list of orders or units may be asked for.
type filter struct {
	window
	store            string
	created, updated time.Time // after these
	by               []string  // fulfillment types
	statuses         []string
	offer, sort      string
}

// asked reads a query; the field of the time of changes is called otherwise in the two lists.
func asked(c *party.Call, updated string) (f filter, bad *party.Reply) {
	query := c.URL.Query()
	f = filter{store: query.Get("storefront"), by: values(c, "fulfillment_type"), statuses: values(c, "status"), offer: query.Get("id_offer"), sort: query.Get("sort")}
	if f.store != "" && storeOf(f.store) == nil {
		return f, invalid("storefront", "not valid")
	}
	for name, of := range map[string][]string{"fulfillment_type": fulfillmentTypes, "status": statuses, "sort": unitSorts} {
		if bad := allIn(c, name, of); bad != nil {
			return f, bad
		}
	}
	if len(f.by) == 0 {
		f.by = fulfillmentTypes[:1]
	}
	for name, at := range map[string]*time.Time{"ts_created_from_iso": &f.created, updated: &f.updated} {
		if text := query.Get(name); text != "" {
			var err error
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				return f, invalid(name, "should be in YYYY-MM-ddTHH:mm:ssZ format")
			}
		}
	}
	f.window, bad = windowOf(c, 100)
	return f, bad
}

func windowOf(c *party.Call, most int) (w window, bad *party.Reply) {
	w.limit = 30
	for name, number := range map[string]*int{"limit": &w.limit, "offset": &w.offset} {
		if text := c.URL.Query().Get(name); text != "" {
			n, err := strconv.ParseInt(text, 10, 32)
			if err != nil || n < 0 || name == "limit" && (n == 0 || int(n) > most) {
				return w, invalid(name, fmt.Sprintf("must be an integer; a limit is from 1 to %d", most))
			}
			*number = int(n)
		}
	}
	return w, nil
}

func (f filter) wants(h *held) bool {
	by := fulfillmentTypes[0]
	if h.byKaufland {
		by = fulfillmentTypes[1]
	}
	return h.isOf(f.store) && slices.Contains(f.by, by) && h.placed.After(f.created)
}

func (f filter) wantsUnit(u *heldUnit) bool {
	return (len(f.statuses) == 0 || slices.Contains(f.statuses, u.status)) && (f.offer == "" || f.offer == u.offer) && u.updated.After(f.updated)
}

// listOrders shows the newest first.
func (a *API) listOrders(c *party.Call) party.Reply {
	f, bad := asked(c, "ts_units_updated_from_iso")
	if bad != nil {
		return *bad
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []*held
	for _, h := range slices.Backward(a.sold) {
		if f.wants(h) && h.updated.After(f.updated) {
			found = append(found, h)
		}
	}
	var shown []order
	for _, h := range cut(found, f.window) {
		o := *a.again(h)
		o.UnitsUpdated = wire.Instant(h.updated) // of one that was shown, when that was
		shown = append(shown, o)
	}
	return listed[order]{data: shown, offset: f.offset, limit: f.limit, total: len(found), write: (*order).writeListed}.reply()
}

// listUnits shows the newest first, or those that changed last.
func (a *API) listUnits(c *party.Call) party.Reply {
	f, bad := asked(c, "ts_updated_from_iso")
	if bad != nil {
		return *bad
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []place
	for _, h := range slices.Backward(a.sold) {
		if !f.wants(h) {
			continue
		}
		for i := range h.units {
			if f.wantsUnit(&h.units[i]) {
				found = append(found, place{h, i})
			}
		}
	}
	if f.sort == unitSorts[1] {
		slices.SortStableFunc(found, func(x, y place) int { return y.order.units[y.unit].updated.Compare(x.order.units[x.unit].updated) })
	}
	var shown []alone
	for _, at := range cut(found, f.window) {
		o := a.again(at.order)
		shown = append(shown, alone{unit: &o.Units[at.unit], of: o})
	}
	return listed[alone]{data: shown, offset: f.offset, limit: f.limit, total: len(found), write: (*alone).write}.reply()
}

// values of a parameter that is a list: given more than once, or with commas.
func values(c *party.Call, name string) (all []string) {
	for _, text := range c.URL.Query()[name] {
		for value := range strings.SplitSeq(text, ",") {
			if value != "" {
				all = append(all, value)
			}
		}
	}
	return all
}

// allIn says which parameter has a value that the specification does not name.
func allIn(c *party.Call, name string, of []string) *party.Reply {
	for _, value := range values(c, name) {
		if !slices.Contains(of, value) {
			return invalid(name, "must be one of: "+strings.Join(of, ", "))
		}
	}
	return nil
}

func storeOf(code string) *store {
	at := slices.IndexFunc(stores, func(s *store) bool { return strings.EqualFold(s.code, code) })
	if at < 0 {
		return nil
	}
	return stores[at]
}
