package shopify

import (
	"slices"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// financials are what the money says (Order.financial_status). Who has authorized has the money set aside, and many shops take it when the
// goods go: that is the seller's word to give, so that it may be shipped.
var financials = map[string]string{
	"pending": schemas.StatusPending, "partially_paid": schemas.StatusPending, "expired": schemas.StatusPending, "unpaid": schemas.StatusPending,
	"authorized": schemas.StatusReady, "paid": schemas.StatusReady, "partially_refunded": schemas.StatusReady,
	"refunded": schemas.StatusCancelled, "voided": schemas.StatusCancelled,
}

// fulfilments are what became of the goods (Order.fulfillment_status; the longer list is that of the GraphQL API). What is sent in part is
// still to be shipped.
var fulfilments = map[string]string{
	"": schemas.StatusReady, "unfulfilled": schemas.StatusReady, "unshipped": schemas.StatusReady, "partial": schemas.StatusReady, "open": schemas.StatusReady,
	"in_progress": schemas.StatusReady, "pending": schemas.StatusReady, "pending_fulfillment": schemas.StatusReady, "request_declined": schemas.StatusReady,
	"on_hold": schemas.StatusPending, "scheduled": schemas.StatusPending,
	"fulfilled": schemas.StatusShipped, "shipped": schemas.StatusShipped, "restocked": schemas.StatusCancelled,
}

// judge says how far the order is. A status that nobody knows is a fault, because nobody may act on a guess.
func (f *form) judge(found *reading.Findings) {
	f.ChannelStatus = f.financial
	if f.fulfilment != "" {
		f.ChannelStatus += "/" + f.fulfilment
	}
	money, paid := financials[f.financial]
	goods, known := fulfilments[f.fulfilment]
	switch {
	case f.cancelledAt != nil: // financial_status stays what it was
		f.Status, f.ChannelStatus = schemas.StatusCancelled, "cancelled/"+f.ChannelStatus
		return
	case f.financial == "":
		found.Add(reading.MissingStatus, "$.financial_status", "no status, so nobody knows whether to ship")
	case !paid:
		found.Add(reading.UnknownStatus, "$.financial_status", "a status that Shopify's documentation does not have")
	case !known:
		found.Add(reading.UnknownStatus, "$.fulfillment_status", "a status that Shopify's documentation does not have")
	}
	f.Status = together(f.agreed(money), goods)
	switch {
	case f.Status == schemas.StatusReady && f.test:
		f.Status = schemas.StatusPending
		reading.Warn(&f.Order, reading.TestOrder, "$.test", "a test order: nobody pays it, so it is not shipped")
	case f.Status == schemas.StatusReady && len(f.lines) > 0 && !slices.ContainsFunc(f.lines, isWanted):
		f.Status = schemas.StatusCancelled
	}
}

// together is the order by its money and its goods. What is sent is sent, whatever becomes of the money.
func together(money, goods string) string {
	switch {
	case goods == schemas.StatusShipped || goods == schemas.StatusCancelled:
		return goods
	case money == schemas.StatusReady:
		return goods
	}
	return money
}

// agreed is what the money says where it comes later by agreement: on delivery, or on terms of payment.
func (f *form) agreed(money string) string {
	if money == schemas.StatusPending && (slices.ContainsFunc(f.gateways, isOnDelivery) || isLater(f.terms)) {
		return schemas.StatusReady
	}
	return money
}

// isLater tells terms by which the goods go first (PaymentTermsType). Those "on receipt" are due at once.
func isLater(terms string) bool {
	switch terms {
	case "net", "fixed", "fulfillment", "NET", "FIXED", "FULFILLMENT":
		return true
	}
	return false
}

func isWanted(l line) bool { return l.tip || l.Quantity == 0 || l.Quantity > l.Cancelled }
