package erps

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"waybill/connectors/erps/odoo"
	"waybill/connectors/erps/sandbox"
	"waybill/connectors/erps/tryton"
	"waybill/schemas"
)

// Packed is how a shipment of an order was packed, in what a system said of it when it was ready. It asks nobody.
func Packed(system, orderID string, said []byte) (schemas.Readied, error) {
	switch system {
	case "odoo":
		return odoo.Readied(said)
	case "sandbox":
		return sandbox.Readied(said)
	case "tryton":
		each, err := tryton.Readied(said)
		if err != nil || len(each) == 0 {
			return schemas.Readied{}, cmp.Or(err, errors.New("a shipment in it is none"))
		}
		// An order that somebody has linked to it by hand stands there under another name.
		return each[max(0, slices.IndexFunc(each, func(r schemas.Readied) bool { return r.OrderID == orderID }))], nil
	}
	return schemas.Readied{}, fmt.Errorf("erp.system %q: there is no such system", system)
}
