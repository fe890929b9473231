package allegro

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// judge says how far the order is and who ships it. Only READY_FOR_PROCESSING is final: before it, the address and the basket
// may still change (ALL#2668). An unknown status is a fault, because nobody may act on a guess.
func (t *translation) judge() {
	f, o := t.form, t.order
	o.ChannelStatus, o.FulfilledBy = f.status, schemas.FulfilledBySeller
	if f.fulfillment.status != "" {
		o.ChannelStatus += "/" + f.fulfillment.status
	}
	switch f.fulfillment.provider.id {
	case "ALLEGRO": // One Fulfillment: it leaves from Allegro's own warehouse
		o.FulfilledBy = schemas.FulfilledByChannel
	case "SELLER", "":
	default:
		t.warn(reading.UnknownProvider, "$.fulfillment.provider.id", "neither SELLER nor ALLEGRO; taken for the seller")
	}
	fulfilled := t.fulfilled()
	switch f.status {
	case "BOUGHT", "FILLED_IN":
		o.Status = schemas.StatusPending
	case "READY_FOR_PROCESSING":
		o.Status = fulfilled
	case "CANCELLED":
		o.Status = schemas.StatusCancelled
	case "":
		t.found.Add(reading.MissingStatus, "$.status", "no status, so nobody knows whether to ship")
	default:
		t.found.Add(reading.UnknownStatus, "$.status", "a status that Allegro's specification does not have")
	}
	if fulfilled == schemas.StatusCancelled {
		o.Status = fulfilled
	}
	if f.delivery.cancelledAt != nil && o.Status != schemas.StatusCancelled {
		t.warn(reading.DeliveryCancelled, "$.delivery.cancellation", "the delivery was cancelled, the order was not")
	}
}

// fulfilled is what the seller's own status makes of an order that is final. The channel knows no state for "on hold", so a
// reading.Suspended order stays ready, with a warning; nor one for "partly shipped": what is sent in part is still to be shipped.
func (t *translation) fulfilled() string {
	f := t.form.fulfillment
	switch f.sent {
	case "NONE", "SOME", "ALL", "":
	default:
		t.found.Add(reading.UnknownStatus, "$.fulfillment.shipmentSummary.lineItemsSent", "neither NONE, SOME nor ALL")
	}
	switch f.status {
	case "NEW", "PROCESSING", "READY_FOR_SHIPMENT", "":
	case "SUSPENDED":
		t.warn(reading.Suspended, "$.fulfillment.status", "the seller has put the order on hold at the channel")
	case "SENT":
		if f.sent != "SOME" {
			return schemas.StatusShipped
		}
	case "READY_FOR_PICKUP", "PICKED_UP", "RETURNED": // it waits at the seller's own counter, or is past it
		return schemas.StatusShipped
	case "CANCELLED":
		return schemas.StatusCancelled
	default:
		t.found.Add(reading.UnknownStatus, "$.fulfillment.status", "a status that Allegro's specification does not have")
	}
	return schemas.StatusReady
}
