package shopify

import (
	"context"
	"encoding/json"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// followed is a fulfillment, with what the shop was told of it on its way.
type followed struct {
	parcel

	Events struct {
		Nodes []struct {
			Status string    `json:"status"`
			At     time.Time `json:"happenedAt"`
		} `json:"nodes"`
	} `json:"events"`
}

const eventsQuery = `query($id: ID!) { order(id: $id) {
  fulfillments(first: 50) { id status trackingInfo { number } events(first: 100) { nodes { status happenedAt } } }
} }`

// followedUnder are the fulfillments of an order that have a number; remote.ErrAbsent if none has.
func (a *Account) followedUnder(ctx context.Context, ref, number string) (under []followed, err error) {
	var answer struct {
		Order *struct {
			Fulfillments []followed `json:"fulfillments"`
		}
	}
	if err := a.ask(ctx, eventsQuery, map[string]any{"id": gid("Order", ref)}, &answer); err != nil {
		return nil, err
	}
	if answer.Order == nil {
		return nil, remote.ErrAbsent
	}
	for _, f := range answer.Order.Fulfillments {
		for _, t := range f.Tracking {
			if t.Number == number && f.isGood() {
				under = append(under, f)
				break
			}
		}
	}
	if under == nil {
		return nil, remote.ErrAbsent
	}
	return under, nil
}

// knows tells whether the shop was told of a standing. It keeps whole seconds.
func (f *followed) knows(s *schemas.Standing) bool {
	for _, e := range f.Events.Nodes {
		if e.Status == s.Word && e.At.Unix() == int64(s.At)/1000 {
			return true
		}
	}
	return false
}

const eventMutation = `mutation($fulfillmentEvent: FulfillmentEventInput!) {
  fulfillmentEventCreate(fulfillmentEvent: $fulfillmentEvent) { fulfillmentEvent { id } userErrors { field message } }
}`

// Tell adds an event to each fulfillment that has the parcel's number, if it does not have it (fulfillmentEventCreate).
func (a *Account) Tell(ctx context.Context, s schemas.Standing) ([]byte, error) {
	under, err := a.followedUnder(ctx, s.Ref, s.Number)
	if err != nil {
		return nil, err
	}
	for i := range under {
		if under[i].knows(&s) {
			continue
		}
		if err := a.addEvent(ctx, under[i].ID, &s); err != nil {
			return nil, err
		}
	}
	return json.Marshal(under)
}

func (a *Account) addEvent(ctx context.Context, fulfillment string, s *schemas.Standing) error {
	var answer struct {
		Created *struct {
			Event  *struct{ ID string } `json:"fulfillmentEvent"`
			Errors userErrors           `json:"userErrors"`
		} `json:"fulfillmentEventCreate"`
	}
	input := map[string]any{"fulfillmentId": fulfillment, "status": s.Word, "happenedAt": time.UnixMilli(int64(s.At)).UTC().Format(time.RFC3339)}
	if err := a.ask(ctx, eventMutation, map[string]any{"fulfillmentEvent": input}, &answer); err != nil {
		return err
	}
	if answer.Created == nil {
		return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and no event", Perhaps: true}
	}
	return answer.Created.Errors.failure()
}

// Told looks whether each fulfillment that has the number has the event.
func (a *Account) Told(ctx context.Context, s schemas.Standing) ([]byte, error) {
	under, err := a.followedUnder(ctx, s.Ref, s.Number)
	if err != nil {
		return nil, err
	}
	for i := range under {
		if !under[i].knows(&s) {
			return nil, remote.ErrAbsent
		}
	}
	return json.Marshal(under)
}
