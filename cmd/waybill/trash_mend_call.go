package main

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// withinCall is the path of a name in the payload of a call that places an order. A name of the order's own (ship_to.postal_code) needs
// no more than that. Whether there is such a field, the check tells: one that is empty stands nowhere.
func withinCall(name string) (reading.Path, bool, error) {
	name = strings.TrimPrefix(name, "$.")
	switch first, _, _ := strings.Cut(name, "."); first {
	case "customer", "customer_ref", "order":
	default:
		name = "order." + name
	}
	path, err := reading.ParsePath(name)
	return path, true, err
}

// checkCall reads the edited call as its connector would. It stays the call of the same order.
func (m *mending) checkCall() schemas.Faults {
	var faults schemas.Faults
	switch p, err := schemas.ParsePlacing(m.task.Payload); {
	case err != nil:
		faults.Add("unreadable", "$", "%v", err)
	case p.Order.OrderID != m.task.OrderID:
		faults.Add("another_order", "$.order.order_id", "it is about another order now")
	}
	return faults
}
