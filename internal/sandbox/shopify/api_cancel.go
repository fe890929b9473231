package shopify

import (
	"slices"
	"strings"

	"waybill/internal/sandbox/party"
)

// What the money of an order says (OrderDisplayFinancialStatus, which the REST API writes small).
const (
	moneyPending = "pending"
	moneyExpired = "expired"
)

// RefusePayments has the provider refuse the payments of up to so many orders that are not paid yet, and names those orders.
func (a *API) RefusePayments(most int) (refused []string) {
	a.Lock()
	defer a.Unlock()
	refused = []string{}
	for _, o := range a.All() {
		if s, _ := a.again(o); s.money == moneyPending && s.cancelled == nil && !s.sent && len(o.Parcels) == 0 && len(refused) < most {
			o.Money = moneyExpired
			a.Touch(o)
			refused = append(refused, o.Ref)
		}
	}
	return refused
}

// paying tells how the money of an order stands.
func (a *API) paying(c *party.Call) party.Reply {
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
	s, _ := a.again(o)
	return data(map[string]any{"order": map[string]any{"cancelledAt": s.cancelled, "displayFinancialStatus": strings.ToUpper(s.money)}})
}

// cancelReasons are those of OrderCancelReason (Admin API, GraphQL).
var cancelReasons = []string{"CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"}

// ended is the answer of orderCancel; with a message, nothing was done.
func ended(message string) party.Reply {
	answer := map[string]any{"job": nil, "orderCancelUserErrors": []any{}}
	if message != "" {
		answer["orderCancelUserErrors"] = []any{map[string]any{"field": []string{"orderId"}, "message": message, "code": "INVALID"}}
	} else {
		answer["job"] = map[string]any{"id": "gid://shopify/Job/1", "done": false}
	}
	return data(map[string]any{"orderCancel": answer})
}

// cancelOrder cancels an order, whoever has paid what.
func (a *API) cancelOrder(c *party.Call) party.Reply {
	var asked struct {
		ID     string `json:"orderId"`
		Reason string
		Refund *struct{} `json:"refundMethod"`
	}
	if !variables(c, &asked) || asked.Refund == nil {
		return wrong("Variable $refundMethod of type OrderCancelRefundMethodInput! was provided invalid value")
	}
	if !slices.Contains(cancelReasons, asked.Reason) {
		return wrong("Variable $reason of type OrderCancelReason! was provided invalid value")
	}
	a.Lock()
	defer a.Unlock()
	o := a.Find(idOf(asked.ID))
	if o == nil {
		return ended("Order does not exist")
	}
	s, _ := a.again(o)
	switch {
	case s.cancelled != nil:
		return ended("Cannot cancel an order that has already been canceled")
	case s.sent || len(o.Parcels) > 0:
		return ended("Cannot cancel an order that has outstanding fulfillments")
	case c.Pretend(o.Ref):
		return ended("")
	}
	a.Touch(o)
	o.Ended = new(o.Changed)
	c.Done(o.Ref, o.Ref)
	return ended("")
}
