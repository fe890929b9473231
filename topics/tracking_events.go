package topics

import (
	"fmt"

	"waybill/schemas"
)

// TrackingEvents is each thing that a carrier said of a parcel, once, in our words.
var TrackingEvents = &Topic{
	Name:         "tracking.events",
	Doc:          "each thing that a carrier said of a parcel, once, in our words, and how the parcel stands since",
	Schema:       schemas.ParcelEventSchema,
	Key:          "order id",
	Retention:    30 * day,
	MessageBytes: 256 * kib,
	Lands:        true,
	Line: func(value any) Line {
		e := value.(*schemas.ParcelEvent)
		line := Line{OrderID: e.OrderID, Party: e.Party, Kind: "parcel_" + e.Status}
		line.Summary = fmt.Sprintf("parcel %s: %s, by %s", e.Number, e.Status, e.Origin)
		if e.Code != "" {
			line.Summary += ", code " + e.Code
		}
		if e.Trouble != "" {
			line.Summary += ", trouble: " + e.Trouble
		}
		if e.ExpectedAt != nil && !e.Ended {
			line.Summary += ", expected by " + e.ExpectedAt.Time().UTC().Format("2006-01-02 15:04")
		}
		switch {
		case e.Why != "":
			line.Summary += "; it stands as " + e.Standing + ": " + e.Why
		case !e.Counts && e.Standing != "":
			line.Summary += "; it stands as " + e.Standing
		}
		return line
	},
}

// OrdersDelivery is how all parcels of an order stand together.
var OrdersDelivery = &Topic{
	Name:         "orders.delivery",
	Doc:          "how all parcels of an order stand together, each time that is otherwise",
	Schema:       schemas.DeliverySchema,
	Key:          "order id",
	Retention:    30 * day,
	MessageBytes: 16 * kib,
	Lands:        true,
	Line: func(value any) Line {
		d := value.(*schemas.Delivery)
		return Line{
			OrderID: d.OrderID, Party: d.Party, Kind: "delivery_" + d.Status,
			Summary: fmt.Sprintf("%d of %d parcels are delivered, %d are returned: %s", d.Delivered, d.Parcels, d.Returned, d.Status),
		}
	},
}

// TrackingDue is the parcels that carriers are to be asked for.
var TrackingDue = &Topic{
	Name:         "tracking.due",
	Doc:          "parcels that their carriers are to be asked for",
	Schema:       schemas.ParcelDueSchema,
	Key:          "party",
	Retention:    7 * day,
	MessageBytes: 16 * kib,
}
