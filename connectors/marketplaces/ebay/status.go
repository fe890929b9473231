package ebay

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// moneys are what the money says (OrderPaymentStatusEnum). eBay asks to ship nothing before it is paid.
var moneys = map[string]string{
	"PENDING": schemas.StatusPending, "FAILED": schemas.StatusPending,
	"PAID": schemas.StatusReady, "PARTIALLY_REFUNDED": schemas.StatusReady, "FULLY_REFUNDED": schemas.StatusCancelled,
}

// fulfilments are what became of the goods (OrderFulfillmentStatus). What is sent in part is still to be shipped.
var fulfilments = map[string]string{"NOT_STARTED": schemas.StatusReady, "IN_PROGRESS": schemas.StatusReady, fulfilled: schemas.StatusShipped}

const (
	fulfilled   = "FULFILLED"
	cancelAsked = "IN_PROGRESS" // CancelStateEnum: somebody asks for it
	cancelled   = "CANCELED"
)

// judge says how far the order is, and who ships it. A status that nobody knows is a fault, because nobody may act on a guess.
func (f *form) judge(found *reading.Findings) {
	f.ChannelStatus = f.money + "/" + f.fulfilment
	money, known := moneys[f.money]
	goods, knownToo := fulfilments[f.fulfilment]
	switch {
	case f.money == "":
		found.Add(reading.MissingStatus, "$.orderPaymentStatus", "no status, so nobody knows whether to ship")
	case !known:
		found.Add(reading.UnknownStatus, "$.orderPaymentStatus", "a status that eBay's specification does not have")
	}
	switch {
	case f.fulfilment == "":
		found.Add(reading.MissingStatus, "$.orderFulfillmentStatus", "no status, so nobody knows whether to ship")
	case !knownToo:
		found.Add(reading.UnknownStatus, "$.orderFulfillmentStatus", "a status that eBay's specification does not have")
	}
	if f.Status = money; goods == schemas.StatusShipped {
		f.Status = goods
	}
	switch f.cancel {
	case "", "NONE_REQUESTED":
	case cancelled:
		f.Status, f.ChannelStatus = schemas.StatusCancelled, f.cancel+"/"+f.ChannelStatus
	case cancelAsked:
		if f.Status != schemas.StatusShipped {
			reading.Warn(&f.Order, reading.CancelRequested, "$.cancelStatus.cancelState", "somebody asks to cancel it")
		}
	default:
		found.Add(reading.UnknownStatus, "$.cancelStatus.cancelState", "a status that eBay's specification does not have")
	}
	f.FulfilledBy = f.shipper(found)
	if f.Status == schemas.StatusReady && (f.refunded() || f.money == "PARTIALLY_REFUNDED") {
		reading.Warn(&f.Order, reading.PartlyRefunded, "$.paymentSummary.refunds", "money was paid back; the lines are as they were bought")
	}
}

// shipper is who ships. From a vault eBay itself does; to one, the seller.
func (f *form) shipper(found *reading.Findings) string {
	switch {
	case f.fulfiller == "EBAY", f.vault == "VAULT_TO_VAULT", f.vault == "VAULT_TO_BUYER":
		return schemas.FulfilledByChannel
	case f.fulfiller != "":
		found.Add(reading.UnknownFulfiller, "$.program.fulfillmentProgram.fulfilledBy", "not eBay, so nobody knows who ships")
	case len(f.instructions) == 0:
		return schemas.FulfilledBySeller
	}
	switch f.instructions[0].kind {
	case "PREPARE_FOR_PICKUP":
		return schemas.FulfilledByPickup
	case "DIGITAL":
		return schemas.FulfilledByDownload
	}
	return schemas.FulfilledBySeller
}

// refunded tells whether money was paid back, of a line or of all.
func (f *form) refunded() bool {
	if len(f.refunds) > 0 {
		return true
	}
	for i := range f.lines {
		if len(f.lines[i].refunds) > 0 {
			return true
		}
	}
	return false
}
