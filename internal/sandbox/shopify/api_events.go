package shopify

import (
	"slices"
	"time"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/shelf"
)

// eventStatuses are those of FulfillmentEventStatus (Admin API, GraphQL).
var eventStatuses = []string{
	"LABEL_PURCHASED", "LABEL_PRINTED", "READY_FOR_PICKUP", "CONFIRMED", "CARRIER_PICKED_UP", "IN_TRANSIT", "DELAYED", "OUT_FOR_DELIVERY", "ATTEMPTED_DELIVERY",
	"DELIVERED", "FAILURE",
}

// events tells which were told of each parcel.
func (a *API) events(c *party.Call) party.Reply {
	var asked struct{ ID string }
	if !variables(c, &asked) {
		return wrong("variables are missing")
	}
	a.Lock()
	defer a.Unlock()
	o := a.Find(idOf(asked.ID))
	if o == nil {
		return data(map[string]any{"order": nil})
	}
	parcels := []any{}
	for _, p := range o.Parcels {
		nodes := []any{}
		for _, e := range p.Events {
			nodes = append(nodes, map[string]string{"status": e.Status, "happenedAt": e.At})
		}
		parcels = append(parcels, map[string]any{
			"id": gid("Fulfillment", p.ID), "status": "SUCCESS", "trackingInfo": []any{map[string]string{"number": p.Number}}, "events": map[string]any{"nodes": nodes},
		})
	}
	return data(map[string]any{"order": map[string]any{"fulfillments": parcels}})
}

// told is the answer of fulfillmentEventCreate; with a message, nothing was done.
func told(message string) party.Reply {
	answer := map[string]any{"fulfillmentEvent": nil, "userErrors": []any{}}
	if message != "" {
		answer["userErrors"] = []any{map[string]any{"field": []string{"fulfillmentEvent"}, "message": message}}
	} else {
		answer["fulfillmentEvent"] = map[string]string{"id": gid("FulfillmentEvent", "1")}
	}
	return data(map[string]any{"fulfillmentEventCreate": answer})
}

// tell adds an event to a parcel. Whoever tells it twice has two.
func (a *API) tell(c *party.Call) party.Reply {
	var asked struct {
		Event struct {
			ID     string `json:"fulfillmentId"`
			Status string `json:"status"`
			At     string `json:"happenedAt"`
		} `json:"fulfillmentEvent"`
	}
	if !variables(c, &asked) {
		return wrong("variables are missing")
	}
	e := asked.Event
	if _, err := time.Parse(time.RFC3339, e.At); err != nil || !slices.Contains(eventStatuses, e.Status) {
		return wrong("Variable $fulfillmentEvent of type FulfillmentEventInput! was provided invalid value")
	}
	a.Lock()
	defer a.Unlock()
	o, parcel := a.parcel(idOf(e.ID))
	if parcel == nil {
		return told("Fulfillment does not exist.")
	}
	subject := o.Ref + " " + parcel.Number + " " + e.Status
	if c.Pretend(subject) {
		return told("")
	}
	parcel.Events = append(parcel.Events, shelf.Event{Status: e.Status, At: e.At})
	c.Done(subject, parcel.ID)
	return told("")
}

// parcel finds one by its id, which begins with that of its order: how many digits those are, nobody knows.
func (a *API) parcel(id string) (*shelf.Order, *shelf.Parcel) {
	for cut := len(id) - 1; cut > 0; cut-- {
		o := a.Find(id[:cut])
		if o == nil {
			continue
		}
		if at := slices.IndexFunc(o.Parcels, func(p shelf.Parcel) bool { return p.ID == id }); at >= 0 {
			return o, &o.Parcels[at]
		}
	}
	return nil, nil
}
