package amazon

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// statusOf is how far an order is, in our words: "" if nobody knows.
func statusOf(status string) (ours string, known bool) {
	switch status {
	case "PENDING_AVAILABILITY", "PENDING", "PendingAvailability", "Pending":
		return schemas.StatusPending, true
	case "UNSHIPPED", "PARTIALLY_SHIPPED", "Unshipped", "PartiallyShipped": // what is shipped in part is still to be shipped
		return schemas.StatusReady, true
	case "SHIPPED", "Shipped", "InvoiceUnconfirmed":
		return schemas.StatusShipped, true
	case "CANCELLED", "Canceled", "Cancelled", "CANCELED":
		return schemas.StatusCancelled, true
	case "UNFULFILLABLE", "Unfulfillable": // nobody will ship it: an order to Amazon's warehouse from elsewhere
		return schemas.StatusCancelled, true
	}
	return "", false
}

// mayLack is true of an order of which Amazon may not yet say, or no longer, what it costs, what it holds, and where it goes.
func mayLack(status string) bool {
	return status == schemas.StatusPending || status == schemas.StatusCancelled
}

// fulfiller is who ships: nobody may act on a guess, for a parcel that two send is sent twice.
func (s *sale) fulfilledBy() (ours string, known bool) {
	switch s.fulfiller {
	case "AMAZON", "AFN":
		return schemas.FulfilledByChannel, true
	case "MERCHANT", "MFN", "":
		if s.inStore {
			return schemas.FulfilledByPickup, true
		}
		return schemas.FulfilledBySeller, true
	}
	return "", false
}

// needsAddress is true of an order that the seller may ship.
func (s *sale) needsAddress() bool {
	status, _ := statusOf(s.status)
	by, _ := s.fulfilledBy()
	return status == schemas.StatusReady && by == schemas.FulfilledBySeller
}

// needsPrices is true of an order that somebody bought here and has to pay. A replacement costs nothing; what was sold elsewhere
// Amazon does not know the price of.
func (s *sale) needsPrices() bool {
	status, known := statusOf(s.status)
	return known && !mayLack(status) && !s.replacement && !s.nonAmazon
}

// judge says how far the order is and who ships it. Packages say nothing of it: what becomes of them is tracked.
func (t *translation) judge() {
	o := t.order
	o.ChannelStatus = t.status
	var known bool
	o.Status, known = statusOf(t.status)
	switch {
	case t.status == "":
		t.found.Add(reading.MissingStatus, t.at(t.says.status), "no status, so nobody knows whether to ship")
	case !known:
		t.found.Add(reading.UnknownStatus, t.at(t.says.status), "a status that Amazon's specification does not have")
	case t.status == "UNFULFILLABLE" || t.status == "Unfulfillable":
		t.warn(reading.Unfulfillable, t.at(t.says.status), "Amazon can not fulfil it; taken as cancelled")
	}
	o.FulfilledBy, known = t.fulfilledBy()
	switch {
	case !known:
		t.found.Add(reading.UnknownFulfiller, t.at(t.says.fulfiller), "neither Amazon nor the seller, so nobody knows who ships")
	case t.fulfiller == "":
		t.warn(reading.UnknownProvider, t.at(t.says.fulfiller), "nothing says who ships; taken for the seller")
	}
}
