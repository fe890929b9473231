package dpd

import "waybill/internal/sandbox/parcel"

// word is how DPD says that something happened: the status of a push (Tracking Push Service), and the milestone that its SOAP service has for it.
// That one has none for a return and for a loss: the milestone before stands.
type word struct{ push, milestone, text string }

var scans = map[parcel.Kind]word{
	parcel.Announced:    {"start_order", "", "The order data have been received."},
	parcel.PickedUp:     {"pickup_driver", "PickedUp", "DPD has received your parcel."},
	parcel.InTransit:    {"delivery_depot", "Depot", "At parcel delivery centre."},
	parcel.Out:          {"delivery_carload", "Courier", "The parcel has left the parcel delivery centre and is on its way to the consignee."},
	parcel.Failed:       {"delivery_nab", "DeliveryFailure", "Unfortunately we have not been able to deliver your parcel."},
	parcel.AtPoint:      {"delivery_shop", "ParcelShop", "Delivered by driver to Pickup parcelshop"},
	parcel.NotCollected: {"no_pickup_by_consignee", "ReturningFromDelivery", "The parcel was not collected and is back at the recipient depot."},
	parcel.TurnedBack:   {"delivery_notification", "ReturningFromDelivery", "After an unsuccessful delivery attempt the parcel is back at the recipient depot."},
	parcel.Damaged:      {"delivery_notification", "Warehouse", "The parcel was damaged and is being repacked."},
	parcel.Held:         {"delivery_notification", "Warehouse", "The parcel is stored at the parcel delivery centre."},
	parcel.Missing:      {"delivery_notification", "Warehouse", "We are looking for your parcel."},
	parcel.Delivered:    {"delivery_customer", "Delivered", "Your parcel has been delivered."},
	parcel.Neighbour:    {"delivery_customer", "Delivered", "Your parcel has been delivered to a neighbour."},
	parcel.Collected:    {"pickup_by_consignee", "Delivered", "The consignee has collected the parcel."},
	parcel.Returned:     {"error_return", "ReturningFromDelivery", "The parcel has been returned to the sender."},
}

var (
	left         = word{"pickup_depot", "BetweenDepots", "The parcel is at the parcel dispatch centre."}
	onTheWayBack = word{"pickup_depot", "ReturningFromDelivery", "The parcel is on its way to the sender."}
)

func saysOf(s parcel.Scan) word {
	switch {
	case s.Left:
		return left
	case s.Back && s.Kind == parcel.InTransit:
		return onTheWayBack
	}
	return scans[s.Kind]
}
