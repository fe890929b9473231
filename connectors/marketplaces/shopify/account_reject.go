package shopify

import (
	"context"
	"encoding/json"
	"slices"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// paying is how the money of an order stands, and whether the order is cancelled.
type paying struct {
	Cancelled *string `json:"cancelledAt"`
	Money     string  `json:"displayFinancialStatus"`
}

const payingQuery = `query($id: ID!) { order(id: $id) { cancelledAt displayFinancialStatus } }`

func (a *Account) payingOf(ctx context.Context, ref string) (*paying, error) {
	var answer struct{ Order *paying }
	if err := a.ask(ctx, payingQuery, map[string]any{"id": gid("Order", ref)}, &answer); err != nil {
		return nil, err
	}
	if answer.Order == nil {
		return nil, remote.ErrAbsent
	}
	return answer.Order, nil
}

// unpaid are the states of an order that nobody has paid anything of (OrderDisplayFinancialStatus).
var unpaid = []string{"PENDING", "EXPIRED", "AUTHORIZED", "VOIDED"}

const cancelMutation = `mutation($orderId: ID!, $reason: OrderCancelReason!, $refundMethod: OrderCancelRefundMethodInput!) {
  orderCancel(orderId: $orderId, reason: $reason, refundMethod: $refundMethod, restock: true, notifyCustomer: false) { job { id } orderCancelUserErrors { message } }
}`

// Reject cancels the whole order (orderCancel), with one of Shopify's reasons (OrderCancelReason), and gives back the stock. It can not be taken
// back, and pays no money back: what was paid for is refused here. The shop does it a moment later.
func (a *Account) Reject(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	if len(what.Pieces) > 0 {
		return nil, &remote.Failure{Class: remote.Business, Code: "not_divisible", Reason: "Shopify cancels whole orders only: refund the pieces there"}
	}
	p, err := a.payingOf(ctx, what.Ref)
	switch {
	case err != nil:
		return nil, err
	case p.Cancelled != nil:
		return json.Marshal(p)
	case !slices.Contains(unpaid, p.Money):
		return nil, &remote.Failure{Class: remote.Business, Code: "paid", Reason: "the order is paid: cancel it in the shop, where it is said how the money goes back"}
	}
	var answer struct {
		Cancelled *struct {
			Job    *struct{ ID string } `json:"job"`
			Errors userErrors           `json:"orderCancelUserErrors"`
		} `json:"orderCancel"`
	}
	err = a.ask(ctx, cancelMutation, map[string]any{
		"orderId": gid("Order", what.Ref), "reason": what.Reason, "refundMethod": map[string]bool{"originalPaymentMethodsRefund": false},
	}, &answer)
	if err != nil {
		return nil, err
	}
	if answer.Cancelled == nil {
		return nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and nothing of a cancellation", Perhaps: true}
	}
	if err := answer.Cancelled.Errors.failure(); err != nil {
		return nil, err
	}
	return json.Marshal(p)
}

// Rejected looks whether the order is cancelled.
func (a *Account) Rejected(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	p, err := a.payingOf(ctx, what.Ref)
	if err == nil && p.Cancelled == nil {
		err = remote.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(p)
}
