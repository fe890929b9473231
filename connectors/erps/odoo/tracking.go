package odoo

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

func refOf(id int64) string { return strconv.FormatInt(id, 10) }

// between stands between the numbers of several parcels, as Odoo's own carriers write it (stock_delivery, send_to_shipper).
const between = ","

// tracked is a delivery, with the numbers of its parcels (module stock_delivery).
type tracked struct {
	ID      json.Number `json:"id"`
	State   string      `json:"state"`
	Numbers text        `json:"carrier_tracking_ref"`
}

func (t *tracked) has(number string) bool { return slices.Contains(t.numbers(), number) }

func (t *tracked) numbers() []string {
	return strings.FieldsFunc(string(t.Numbers), func(r rune) bool { return r == ',' || r == ' ' })
}

// WriteTracking writes a parcel's number into the tracking reference of the order's deliveries that have not left, behind those of other
// parcels; if all have left, of the last. What stands there already is not written again. Odoo has no field for a carrier's status, and makes
// the link itself, of its own carrier: both are not written.
func (e *ERP) WriteTracking(ctx context.Context, t schemas.Tracking) error {
	select { // Odoo keeps the last of two that write at once: one at a time
	case e.tracking <- struct{}{}:
	case <-ctx.Done():
		return late()
	}
	defer func() { <-e.tracking }()
	deliveries, err := e.deliveriesOf(ctx, t)
	if err != nil || isTracked(deliveries, t.Number) {
		return err
	}
	targets := slices.DeleteFunc(slices.Clone(deliveries), func(d tracked) bool { return d.State == stateGone })
	if len(targets) == 0 {
		targets = deliveries[len(deliveries)-1:]
	}
	for _, d := range targets {
		numbers := strings.Join(append(d.numbers(), t.Number), between)
		if _, err := e.do(ctx, nil, "stock.picking", "write", nil, []json.Number{d.ID}, map[string]any{"carrier_tracking_ref": numbers}); err != nil {
			return err
		}
	}
	if deliveries, err = e.deliveriesOf(ctx, t); err == nil && !isTracked(deliveries, t.Number) { // somebody in Odoo wrote at the same time
		err = &remote.Failure{Class: remote.Transient, Code: "not_applied", Perhaps: true, Reason: "parcel " + t.Number + " is not at order " + t.OrderRef + " as it was written"}
	}
	return err
}

// isTracked tells whether a delivery has the number. One that left with it keeps it, when what remains leaves later.
func isTracked(deliveries []tracked, number string) bool {
	return slices.ContainsFunc(deliveries, func(d tracked) bool { return d.has(number) })
}

// deliveriesOf are those of an order that are not cancelled, the oldest first.
func (e *ERP) deliveriesOf(ctx context.Context, t schemas.Tracking) (found []tracked, err error) {
	_, err = e.list(ctx, &found, "stock.picking", 0, domain{
		where("sale_id", "=", json.Number(t.OrderRef)), where("picking_type_code", "=", "outgoing"), where("state", "!=", stateCancelled),
	}, "state", "carrier_tracking_ref")
	if err == nil && len(found) == 0 {
		err = &remote.Failure{Class: remote.Business, Code: "no_delivery", Reason: "order " + t.OrderRef + " has no delivery in Odoo that the number of a parcel could stand on"}
	}
	return found, err
}
