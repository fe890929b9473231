package topics

import "waybill/schemas"

// OrdersPlaced is the order once it stands in the ERP: the same one, richer by where it stands there.
var OrdersPlaced = &Topic{
	Name:         "orders.placed",
	Doc:          "the order that stands in the ERP",
	Schema:       schemas.OrderSchema,
	Key:          "order id",
	Retention:    30 * day,
	MessageBytes: 2 * mib,
	Lands:        true,
	Line: func(value any) Line {
		o := value.(*schemas.Order)
		line := Line{OrderID: o.OrderID, Party: o.Party, Seller: o.Seller, Kind: "placed", Summary: "it stands in the ERP"}
		if p := o.Placement; p != nil {
			line.Summary = "it stands in " + p.Party + " as " + p.OrderRef + ", for customer " + p.CustomerRef
		}
		return line
	},
}
