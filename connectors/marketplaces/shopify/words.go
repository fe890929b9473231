package shopify

import "waybill/schemas"

// Words are what is told of a parcel on its way: a FulfillmentEventStatus (Admin API, GraphQL).
var Words = map[string]schemas.Word{
	schemas.ParcelCreated:        {Send: "LABEL_PURCHASED"},
	schemas.ParcelPickedUp:       {Send: "CARRIER_PICKED_UP"},
	schemas.ParcelInTransit:      {Send: "IN_TRANSIT"},
	schemas.ParcelOutForDelivery: {Send: "OUT_FOR_DELIVERY"},
	schemas.ParcelAtPickupPoint:  {Send: "READY_FOR_PICKUP"},
	schemas.ParcelFailedAttempt:  {Send: "ATTEMPTED_DELIVERY"},
	schemas.ParcelException:      {Send: "DELAYED"}, // FAILURE would be its end
	schemas.ParcelDelivered:      {Send: "DELIVERED"},
	schemas.ParcelReturned:       {Why: "no event says so: what comes back is a return, and a refund"},
}
