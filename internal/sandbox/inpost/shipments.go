package inpost

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/label"
	"waybill/internal/sandbox/party"
)

func (i *InPost) create(c *party.Call) party.Reply {
	var wanted order
	if err := c.Read(&wanted); err != nil {
		return problem(http.StatusBadRequest, "invalid_parameter", "The body can not be read.", nil)
	}
	if wrong := wanted.wrong(); len(wrong) > 0 {
		return problem(http.StatusBadRequest, "validation_failed", "There are some validation errors. Check details object for more info.", wrong)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.shipments) >= i.options.ShipmentsMax {
		return i.Refuse(http.StatusServiceUnavailable, "no more shipments are kept", 0)
	}
	now := i.options.Now()
	k := newKept(i.options.Seed, len(i.shipments)+1, wanted, now, i.broke)
	i.shipments = append(i.shipments, k)
	i.byID[strconv.Itoa(k.id)], i.byNumber[k.trackedBy()] = k, k
	if !k.unpaid {
		i.lives.Add(k.trackedBy(), wanted.Reference, wanted.Service == locker, now.Add(k.bought))
	}
	c.Done(wanted.Reference, strconv.Itoa(k.id))
	r := party.JSON(http.StatusCreated, i.shown(c, k, now))
	r.Header = http.Header{"Location": {c.Base("inpost") + "/v1/shipments/" + strconv.Itoa(k.id)}}
	return r
}

func (i *InPost) get(c *party.Call) party.Reply {
	i.mu.Lock()
	defer i.mu.Unlock()
	k := i.byID[c.PathValue("id")]
	if k == nil {
		return notThere()
	}
	return party.JSON(http.StatusOK, i.shown(c, k, i.options.Now()))
}

// shown is a shipment as it stands now: what is bought has the state of its parcel.
func (i *InPost) shown(c *party.Call, k *kept, now time.Time) map[string]any {
	shown := k.shown(c.Base("inpost"), now)
	if p, is := i.lives.Find(k.trackedBy()); is && k.status(now) == "confirmed" {
		shown["status"] = saysOf(p.Last(), p.Point)
	}
	return shown
}

func notThere() party.Reply {
	return problem(http.StatusNotFound, "resource_not_found", "Resource not found.", nil)
}

func (i *InPost) label(c *party.Call) party.Reply {
	i.mu.Lock()
	defer i.mu.Unlock()
	k, now := i.byID[c.PathValue("id")], i.options.Now()
	if k == nil {
		return notThere()
	}
	switch status := k.status(now); status {
	case "confirmed":
	case "canceled":
		return problem(http.StatusBadRequest, "validation_failed", "There are some validation errors. Check details object for more info.",
			map[string]any{"tracking_number": []string{"you_can_not_generate_labels_for_unpaid_shipments"}})
	default:
		return problem(http.StatusBadRequest, "invalid_action", "shipment_status_incorrect", map[string]any{"action": "get_label", "shipment_status": status, "shipment_id": k.id})
	}
	lines := []string{k.trackedBy(), "InPost " + k.order.Service, k.order.Reference, k.order.Attributes.TargetPoint}
	switch strings.ToLower(c.URL.Query().Get("format")) {
	case "", "pdf":
		return party.Reply{Status: http.StatusOK, Body: label.PDF(lines...), Type: "application/pdf"}
	case "zpl":
		return party.Reply{Status: http.StatusOK, Body: label.ZPL(lines...), Type: "text/zpl"}
	case "epl":
		return party.Reply{Status: http.StatusOK, Body: label.EPL(lines...), Type: "text/epl2"}
	}
	return problem(http.StatusBadRequest, "invalid_parameter", "Provided unsupported value to parameter (format)", nil)
}

func (i *InPost) delete(c *party.Call) party.Reply {
	i.mu.Lock()
	defer i.mu.Unlock()
	k := i.byID[c.PathValue("id")]
	if k == nil {
		return notThere()
	}
	if status := k.status(i.options.Now()); status != "created" && status != "offers_prepared" {
		return problem(http.StatusBadRequest, "invalid_action", "Action is not allowed in the current shipment status.", nil)
	}
	k.cancelled = true
	i.lives.Cancel(k.trackedBy())
	c.Done(c.PathValue("id"), k.order.Reference)
	return party.Reply{Status: http.StatusNoContent}
}

// pageMost is how many rows it serves, whatever it is asked for and says.
const pageMost = 30

func (i *InPost) list(c *party.Call) party.Reply {
	query := c.URL.Query()
	page, perPage := max(number(query.Get("page")), 1), number(query.Get("per_page"))
	since, now := i.since(query.Get("created_at_gteq")), i.options.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	var rows []*kept
	for _, k := range i.shipments {
		if !k.cancelled && !k.at.Before(since) && now.Sub(k.at) >= k.listed {
			rows = append(rows, k)
		}
	}
	if query.Get("sort_order") != "asc" {
		slices.Reverse(rows)
	}
	served := pageMost
	if perPage > 0 {
		served = min(served, perPage)
	}
	items := []any{}
	for _, k := range rows[min(max((page-1)*served-1, 0), len(rows)):min(page*served, len(rows))] {
		items = append(items, i.shown(c, k, now))
	}
	return party.JSON(http.StatusOK, map[string]any{"href": c.Address(), "count": len(rows), "page": page, "per_page": max(perPage, 1), "items": items})
}

func number(text string) int {
	n, _ := strconv.Atoi(text) // none is 0
	return n
}

// since is a Unix time, or one as ISO 8601 writes it.
func (i *InPost) since(text string) time.Time {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	at, _ := time.Parse(time.RFC3339, text) // none is ever
	return at
}
