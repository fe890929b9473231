package kaufland

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// The units of an order as far as acceptance goes. "open" is what nobody has taken on yet; a unit is accepted by being put "in
// fulfilment", which makes it need_to_be_sent (v2.27.0, FulfilOrderUnit). After a quarter of an hour Kaufland does that itself.
const (
	unitOpen      = "open"
	unitCancelled = "cancelled"
)

type unitState struct {
	ID     int64  `json:"id_order_unit"`
	Status string `json:"status"`
}

// unitsOf are the units of an order as they stand.
func (a *Account) unitsOf(ctx context.Context, ref string) ([]unitState, []byte, error) {
	document, err := a.Fetch(ctx, schemas.FetchOrder, ref)
	if err != nil {
		return nil, nil, err
	}
	var order struct {
		Data struct {
			Units []unitState `json:"order_units"`
		}
	}
	if err := json.Unmarshal(document, &order); err != nil {
		return nil, nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "the order that was answered can not be read"}
	}
	said, err := json.Marshal(order.Data.Units) // without persons
	return order.Data.Units, said, err
}

// Accept puts those units in fulfilment that are still open.
func (a *Account) Accept(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	units, said, err := a.unitsOf(ctx, what.Ref)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		if u.Status == unitOpen {
			if err := a.act(ctx, u.ID, "fulfil", nil); err != nil {
				return nil, err
			}
		}
	}
	return said, nil
}

// Accepted looks whether no unit is open.
func (a *Account) Accepted(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	return a.settled(ctx, what, func(u unitState) bool { return u.Status == unitOpen })
}

// Reject cancels units, with one of Kaufland's reasons (OrderUnitCancelReason).
func (a *Account) Reject(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	units, said, err := a.unitsOf(ctx, what.Ref)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		if u.Status != unitCancelled && isRejected(u, what) {
			if err := a.act(ctx, u.ID, "cancel", map[string]string{"reason": what.Reason}); err != nil {
				return nil, err
			}
		}
	}
	return said, nil
}

// Rejected looks whether all those units are cancelled.
func (a *Account) Rejected(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	return a.settled(ctx, what, func(u unitState) bool { return u.Status != unitCancelled && isRejected(u, what) })
}

// settled looks at all units; remote.ErrAbsent if one is still as it should not be.
func (a *Account) settled(ctx context.Context, what schemas.Accepting, not func(unitState) bool) ([]byte, error) {
	units, said, err := a.unitsOf(ctx, what.Ref)
	if err == nil && slices.ContainsFunc(units, not) {
		err = remote.ErrAbsent
	}
	return said, err
}

// isRejected tells whether a unit is one of those that are not to be delivered.
func isRejected(u unitState, what schemas.Accepting) bool {
	return len(what.Pieces) == 0 || slices.ContainsFunc(what.Pieces, func(piece schemas.Rejected) bool {
		return slices.Contains(piece.UnitRefs, strconv.FormatInt(u.ID, 10))
	})
}

// duplicateAction is Kaufland's word that a unit is in that state already.
const duplicateAction = "duplicate-action"

// act changes a unit. That it was done before is as good.
func (a *Account) act(ctx context.Context, unit int64, verb string, send any) error {
	_, err := a.client.Send(ctx, http.MethodPatch, "/order-units/"+strconv.FormatInt(unit, 10)+"/"+verb, nil, send)
	err = understood(err)
	var f *remote.Failure
	if errors.As(err, &f) && f.Code == duplicateAction {
		return nil
	}
	return err
}
