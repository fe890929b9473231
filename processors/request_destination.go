package processors

import (
	"encoding/json"
	"fmt"
	"slices"

	"waybill/schemas"
)

// noteDestination takes down where the channel says that an order goes. If that is what the ERP has, now or before it has heard the news, nobody
// has changed it there.
func (r *requesting) noteDestination(order *schemas.Order) error {
	k := r.known
	if k.Destinations == nil && k.Order != nil { // it was written down by a version that took no note
		before := new(schemas.Order)
		if err := json.Unmarshal(k.Order.Bytes, before); err != nil {
			return fmt.Errorf("read what was known of order %s: %w", r.event.Key, err)
		}
		k.Destinations = destinationMarks(before, r.sources.terms(before.Party))
	}
	k.Destinations = noted(k.Destinations, destinationMarks(order, r.sources.terms(order.Party))...)
	return nil
}

// goesTo takes down where the ERP says that the order goes.
func (r *requesting) goesTo(to *schemas.Destination) (isNews bool, err error) {
	if to == nil {
		return false, nil
	}
	if r.known.ERPTo != nil {
		was, err := schemas.ParseDestination(r.known.ERPTo)
		if err != nil || was == *to {
			return false, err
		}
	}
	r.known.ERPTo, err = to.Body()
	return true, err
}

// redirect has the order go where the ERP says, if somebody has changed that there: the ERP owns it (item 43). A pickup point stays, for no ERP
// has a field for it.
func (r *requesting) redirect() error {
	if r.known.ERPTo == nil || len(r.known.Destinations) == 0 {
		return nil
	}
	to, err := schemas.ParseDestination(r.known.ERPTo)
	if err != nil {
		return fmt.Errorf("order %s: %w", r.event.Key, err)
	}
	if !slices.Contains(r.known.Destinations, to.Mark()) {
		r.order.ShipTo = to.Redirected(r.order.ShipTo)
	}
	return nil
}
