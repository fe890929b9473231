package topics

import (
	"fmt"

	"waybill/schemas"
)

// OrdersNormalized is the order in our words.
var OrdersNormalized = &Topic{
	Name:         "orders.normalized",
	Doc:          "the order in our words",
	Schema:       schemas.OrderSchema,
	Key:          "order id",
	Retention:    30 * day,
	MessageBytes: 2 * mib,
	Lands:        true,
	Line: func(value any) Line {
		o := value.(*schemas.Order)
		kind := "normalized"
		if o.Change != schemas.ChangeReceived {
			kind = o.Change
		}
		return Line{
			OrderID: o.OrderID, Party: o.Party, Seller: o.Seller, Kind: kind,
			Summary: fmt.Sprintf("%s, %s, %s %s", o.Status, count(len(o.Lines), "line"), o.Total, o.Total.Currency), ShipBy: o.ShipBy,
		}
	},
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
