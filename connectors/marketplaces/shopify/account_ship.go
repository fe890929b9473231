package shopify

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// standing is how far the goods of an order are, without persons.
type standing struct {
	Orders struct {
		Nodes []fulfillmentOrder `json:"nodes"`
	} `json:"fulfillmentOrders"`
	Parcels []parcel `json:"fulfillments"`
}

// fulfillmentOrder is what one location has to send.
type fulfillmentOrder struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Location struct {
		Location *struct {
			ID string `json:"id"`
		} `json:"location"`
	} `json:"assignedLocation"`
	Lines struct {
		Nodes []struct {
			ID        string `json:"id"`
			Remaining int64  `json:"remainingQuantity"`
			Line      struct {
				ID string `json:"id"`
			} `json:"lineItem"`
		} `json:"nodes"`
	} `json:"lineItems"`
}

// parcel is what was sent together.
type parcel struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Tracking []struct {
		Number string `json:"number"`
	} `json:"trackingInfo"`
	Lines struct {
		Nodes []struct {
			Quantity int64 `json:"quantity"`
			Line     struct {
				ID string `json:"id"`
			} `json:"lineItem"`
		} `json:"nodes"`
	} `json:"fulfillmentLineItems"`
}

// isGood tells whether it has left, as far as the shop knows.
func (p *parcel) isGood() bool {
	return p.Status != "CANCELLED" && p.Status != "ERROR" && p.Status != "FAILURE"
}

const standingQuery = `query($id: ID!) { order(id: $id) {
  fulfillmentOrders(first: 20) { nodes { id status assignedLocation { location { id } }
    lineItems(first: 50) { nodes { id remainingQuantity lineItem { id } } } } }
  fulfillments(first: 50) { id status trackingInfo { number } fulfillmentLineItems(first: 50) { nodes { quantity lineItem { id } } } }
} }`

func (a *Account) standingOf(ctx context.Context, ref string) (*standing, error) {
	var answer struct{ Order *standing }
	if err := a.ask(ctx, standingQuery, map[string]any{"id": gid("Order", ref)}, &answer); err != nil {
		return nil, err
	}
	if answer.Order == nil {
		return nil, remote.ErrAbsent
	}
	return answer.Order, nil
}

// under is how many pieces of each line have left under a number, and whether there is a parcel of it at all.
func (s *standing) under(number string) (pieces map[string]int64, is bool) {
	pieces = map[string]int64{}
	for _, p := range s.Parcels {
		if !p.isGood() {
			continue
		}
		for _, t := range p.Tracking {
			if t.Number != number {
				continue
			}
			is = true
			for _, l := range p.Lines.Nodes {
				pieces[ref(l.Line.ID)] += l.Quantity
			}
		}
	}
	return pieces, is
}

// lacks is what of a parcel the shop does not have under its number. Of one that names no lines, a parcel is enough.
func (s *standing) lacks(what schemas.Shipping) (pieces map[string]int64, some bool) {
	under, is := s.under(what.Number)
	if len(what.Lines) == 0 {
		return nil, !is
	}
	pieces = map[string]int64{}
	for _, l := range what.Lines {
		pieces[l.LineRef] += l.Quantity
	}
	for line := range pieces {
		if pieces[line] -= under[line]; pieces[line] > 0 {
			some = true
		}
	}
	return pieces, some
}

// fulfillmentInput is FulfillmentInput, and its parts.
type fulfillmentInput struct {
	Lines    []fromOrder    `json:"lineItemsByFulfillmentOrder"`
	Tracking map[string]any `json:"trackingInfo"`
	Notify   bool           `json:"notifyCustomer"` // never: the customer hears of it from whoever the seller chose
}

type fromOrder struct {
	ID    string      `json:"fulfillmentOrderId"`
	Lines []fromLines `json:"fulfillmentOrderLineItems"`
}

type fromLines struct {
	ID       string `json:"id"`
	Quantity int64  `json:"quantity"`
}

const createMutation = `mutation($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id status } userErrors { field message } }
}`

// Ship says that a parcel has left (fulfillmentCreate), as far as the shop does not have it under its number. What lies at several locations
// is several fulfillments with one number, because one can not have two.
func (a *Account) Ship(ctx context.Context, what schemas.Shipping) ([]byte, error) {
	s, err := a.standingOf(ctx, what.Ref)
	if err != nil {
		return nil, err
	}
	pieces, some := s.lacks(what)
	if !some {
		return json.Marshal(s.Parcels)
	}
	inputs, err := s.take(pieces)
	for i := 0; err == nil && i < len(inputs); i++ {
		inputs[i].Tracking = trackingOf(what)
		err = a.create(ctx, inputs[i])
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(inputs)
}

func (a *Account) create(ctx context.Context, input fulfillmentInput) error {
	var answer struct {
		Created *struct {
			Fulfillment *parcel    `json:"fulfillment"`
			Errors      userErrors `json:"userErrors"`
		} `json:"fulfillmentCreate"`
	}
	if err := a.ask(ctx, createMutation, map[string]any{"fulfillment": input}, &answer); err != nil {
		return err
	}
	if answer.Created == nil {
		return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and no fulfillment", Perhaps: true}
	}
	return answer.Created.Errors.failure()
}

// Shipped looks whether the shop has all of a parcel under its number.
func (a *Account) Shipped(ctx context.Context, what schemas.Shipping) ([]byte, error) {
	s, err := a.standingOf(ctx, what.Ref)
	if err != nil {
		return nil, err
	}
	if _, some := s.lacks(what); some {
		return nil, remote.ErrAbsent
	}
	return json.Marshal(s.Parcels)
}

// take takes those pieces, or all there are if nil, from what is to be sent: an input for each location.
func (s *standing) take(pieces map[string]int64) (inputs []fulfillmentInput, err error) {
	var locations []string
	held := false
	for _, o := range s.Orders.Nodes {
		held = held || o.Status == "ON_HOLD"
		from := fromOrder{ID: o.ID}
		for _, l := range o.Lines.Nodes {
			n := l.Remaining
			if pieces != nil {
				n = min(n, pieces[ref(l.Line.ID)])
			}
			if n > 0 && (o.Status == "OPEN" || o.Status == "IN_PROGRESS") {
				from.Lines = append(from.Lines, fromLines{l.ID, n})
				if pieces != nil {
					pieces[ref(l.Line.ID)] -= n
				}
			}
		}
		if len(from.Lines) == 0 {
			continue
		}
		location := ""
		if o.Location.Location != nil {
			location = o.Location.Location.ID
		}
		at := slices.Index(locations, location)
		if at < 0 {
			at, locations, inputs = len(locations), append(locations, location), append(inputs, fulfillmentInput{})
		}
		inputs[at].Lines = append(inputs[at].Lines, from)
	}
	for _, n := range pieces {
		if n > 0 {
			return nil, refusal(held)
		}
	}
	if len(inputs) == 0 {
		return nil, refusal(held)
	}
	return inputs, nil
}

// refusal is why nothing more can be sent.
func refusal(held bool) error {
	if held {
		return &remote.Failure{Class: remote.Business, Code: "on_hold", Reason: "the shop holds the goods back: release them there"}
	}
	return &remote.Failure{Class: remote.Business, Code: "nothing_left", Reason: "the shop has nothing more of it to send: it is cancelled, or has left under another number"}
}

// carriers are Shopify's names, each an exact text (shopify.dev, FulfillmentTrackingInfo.company): of those the shop knows where people follow
// a parcel. Of any other it is told.
var carriers = map[string]string{
	"bpost": "bpost", "chronopost": "Chronopost", "colissimo": "Colissimo", "correos": "Correos", "deutsche-post": "Deutsche Post", "dhl": "DHL",
	"dhl-ecommerce": "DHL eCommerce", "dhl-express": "DHL Express", "dpd": "DPD", "evri": "Evri", "fedex": "FedEx", "gls": "GLS", "inpost": "InPost",
	"mondial-relay": "Mondial Relay", "postnl": "PostNL", "postnord": "PostNord DK", "poste-italiane": "Poste Italiane", "royal-mail": "Royal Mail", "seur": "SEUR",
	"ups": "UPS", "usps": "USPS",
}

func trackingOf(what schemas.Shipping) map[string]any {
	info := map[string]any{"company": cmp.Or(carriers[what.Carrier], what.CarrierName, what.Carrier), "number": what.Number}
	if what.URL != "" {
		info["url"] = what.URL
	}
	return info
}
