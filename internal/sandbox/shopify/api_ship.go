package shopify

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/shelf"
)

// pageMax is how many orders a page of the search has; 250 in reality.
const pageMax = 50

// variables are those of a query.
func variables(c *party.Call, into any) bool {
	var asked struct {
		Variables json.RawMessage
	}
	return json.Unmarshal(c.Body, &asked) == nil && json.Unmarshal(asked.Variables, into) == nil
}

// wrong is a query that GraphQL does not take.
func wrong(message string) party.Reply {
	return party.JSON(200, map[string]any{"errors": []any{map[string]any{"message": message, "extensions": map[string]string{"code": "BAD_REQUEST"}}}})
}

// search lists orders by when they changed; a cursor is how many came before.
func (a *API) search(c *party.Call) party.Reply {
	var asked struct {
		Query string
		After *string
	}
	if !variables(c, &asked) {
		return wrong("variables are missing")
	}
	text := strings.Trim(strings.TrimPrefix(asked.Query, "updated_at:>="), "'")
	from, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return wrong("the sandbox knows no such query")
	}
	at := 0
	if asked.After != nil {
		at, _ = strconv.Atoi(*asked.After)
	}
	a.Lock()
	defer a.Unlock()
	all := a.Changed(from, time.Time{})
	page := all[min(at, len(all)):min(at+pageMax, len(all))]
	nodes := []any{}
	for _, o := range page {
		nodes = append(nodes, map[string]any{"legacyResourceId": o.Ref, "updatedAt": o.Changed.Format(time.RFC3339)})
	}
	return data(map[string]any{"orders": map[string]any{
		"nodes": nodes, "pageInfo": map[string]any{"hasNextPage": at+pageMax < len(all), "endCursor": strconv.Itoa(at + len(page))},
	}})
}

func gid(kind, id string) string { return "gid://shopify/" + kind + "/" + id }

func idOf(gid string) string { return gid[strings.LastIndexByte(gid, '/')+1:] }

// look tells what is to be sent, all of it from one location, and what was.
func (a *API) look(c *party.Call) party.Reply {
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
	s, _ := a.market.at(o.Number, o.Version)
	lines, open := []any{}, false
	for i := range s.lines {
		left := s.left(i, o)
		open = open || left > 0
		lines = append(lines, map[string]any{
			"id": gid("FulfillmentOrderLineItem", s.lines[i].id), "remainingQuantity": left, "lineItem": map[string]string{"id": gid("LineItem", s.lines[i].id)},
		})
	}
	status := "CLOSED"
	if open {
		status = "OPEN"
	}
	parcels := []any{}
	for _, p := range o.Parcels {
		sent := []any{}
		for line, n := range p.Pieces {
			sent = append(sent, map[string]any{"quantity": n, "lineItem": map[string]string{"id": gid("LineItem", line)}})
		}
		parcels = append(parcels, map[string]any{
			"id": gid("Fulfillment", p.ID), "status": "SUCCESS", "trackingInfo": []any{map[string]string{"number": p.Number}}, "fulfillmentLineItems": map[string]any{"nodes": sent},
		})
	}
	return data(map[string]any{"order": map[string]any{
		"fulfillmentOrders": map[string]any{"nodes": []any{map[string]any{
			"id": gid("FulfillmentOrder", o.Ref), "status": status, "assignedLocation": map[string]any{"location": map[string]string{"id": gid("Location", "1")}},
			"lineItems": map[string]any{"nodes": lines},
		}}},
		"fulfillments": parcels,
	}})
}

// created is the answer of fulfillmentCreate; with a message, nothing was done (recorded texts: airhorns/shopify-draft-proxy).
func created(parcel *shelf.Parcel, message string) party.Reply {
	answer := map[string]any{"fulfillment": nil, "userErrors": []any{}}
	if message != "" {
		answer["userErrors"] = []any{map[string]any{"field": []string{"fulfillment"}, "message": message}}
	} else {
		answer["fulfillment"] = map[string]string{"id": gid("Fulfillment", parcel.ID), "status": "SUCCESS"}
	}
	return data(map[string]any{"fulfillmentCreate": answer})
}

// ship adds a parcel to an order.
func (a *API) ship(c *party.Call) party.Reply {
	var asked struct {
		Fulfillment struct {
			Lines []struct {
				ID    string `json:"fulfillmentOrderId"`
				Lines []struct {
					ID       string
					Quantity int
				} `json:"fulfillmentOrderLineItems"`
			} `json:"lineItemsByFulfillmentOrder"`
			Tracking struct {
				Company, Number, URL string
			} `json:"trackingInfo"`
		}
	}
	if !variables(c, &asked) || len(asked.Fulfillment.Lines) != 1 {
		return wrong("the sandbox has one fulfillment order for each order")
	}
	f := asked.Fulfillment
	a.Lock()
	defer a.Unlock()
	o := a.Find(idOf(f.Lines[0].ID))
	if o == nil {
		return created(nil, "Fulfillment order does not exist.")
	}
	s, _ := a.market.at(o.Number, o.Version)
	left, open := map[string]int{}, false
	for i := range s.lines {
		left[s.lines[i].id] = s.left(i, o)
		open = open || left[s.lines[i].id] > 0
	}
	parcel := shelf.Parcel{ID: fmt.Sprintf("%s%d", o.Ref, len(o.Parcels)+1), Carrier: f.Tracking.Company, Number: f.Tracking.Number, Pieces: map[string]int{}}
	if !open {
		return created(nil, "Fulfillment order "+o.Ref+" has an unfulfillable status= closed.")
	}
	for _, l := range f.Lines[0].Lines {
		line := idOf(l.ID)
		if l.Quantity < 1 || l.Quantity > left[line] {
			return created(nil, "Invalid fulfillment order line item quantity requested.")
		}
		left[line] -= l.Quantity
		parcel.Pieces[line] += l.Quantity
	}
	if len(f.Lines[0].Lines) == 0 { // everything that is left
		for line, n := range left {
			if n > 0 {
				parcel.Pieces[line] = n
			}
		}
	}
	subject := o.Ref + " " + parcel.Number
	if c.Pretend(subject) {
		return created(&parcel, "")
	}
	o.Parcels = append(o.Parcels, parcel)
	a.Touch(o)
	c.Done(subject, parcel.ID)
	return created(&parcel, "")
}
