package allegro

import "waybill/schemas"

const (
	covered   = "SENT says so already: Allegro follows the carrier itself"
	ownPickup = "READY_FOR_PICKUP and PICKED_UP are of a shop's own counter (fulfillment.status), not of a carrier's"
	automatic = "Allegro sets RETURNED by itself, and refuses it from a seller (422)"
)

// Words are what is told of a parcel on its way. A form has but a coarse status of the seller's (PUT /order/checkout-forms/{id}/fulfillment), and
// SENT, which goes with the parcel, is the last of it that a carrier's word leads to.
var Words = map[string]schemas.Word{
	schemas.ParcelCreated:        {Why: covered},
	schemas.ParcelPickedUp:       {Why: covered},
	schemas.ParcelInTransit:      {Why: covered},
	schemas.ParcelOutForDelivery: {Why: covered},
	schemas.ParcelAtPickupPoint:  {Why: ownPickup},
	schemas.ParcelFailedAttempt:  {Why: covered},
	schemas.ParcelException:      {Why: covered},
	schemas.ParcelDelivered:      {Why: ownPickup},
	schemas.ParcelReturned:       {Why: automatic},
}
