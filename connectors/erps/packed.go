package erps

import (
	"errors"
	"fmt"

	"waybill/connectors/erps/odoo"
	"waybill/connectors/erps/sandbox"
	"waybill/connectors/erps/tryton"
	"waybill/schemas"
)

// Packed is how a shipment was packed, in what a system said of it when it was ready. It asks nobody.
func Packed(system string, said []byte) (schemas.Readied, error) {
	switch system {
	case "odoo":
		return odoo.Readied(said)
	case "sandbox":
		return sandbox.Readied(said)
	case "tryton":
		each, err := tryton.Readied(said)
		if err == nil && len(each) == 0 {
			err = errors.New("a shipment in it is none")
		}
		if err != nil {
			return schemas.Readied{}, err
		}
		return each[0], nil // it is packed the same for each of its orders
	}
	return schemas.Readied{}, fmt.Errorf("erp.system %q: there is no such system", system)
}
