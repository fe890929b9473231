package marketplaces

import "waybill/schemas"

// refusals are how each channel says that a payment was refused, and what it is told of that (item 15). Who takes the money itself knows it
// first: such a channel is told nothing.
var refusals = map[string]schemas.Refusal{
	"allegro":  {Word: schemas.Word{Why: "Allegro takes the money itself: an order is READY_FOR_PROCESSING once it has it, and is taken back if it never comes"}},
	"amazon":   {Word: schemas.Word{Why: "Amazon takes the money itself: an order is Pending until it has it, and is cancelled if it never comes"}},
	"direct":   {Says: "unpaid", Word: schemas.Word{Why: "who sent the order has said so"}},
	"ebay":     {Says: "FAILED", Word: schemas.Word{Why: "eBay takes the money itself and has said so, and its Fulfillment API has no call to cancel an order (v1.20.7)"}},
	"kaufland": {Word: schemas.Word{Why: "Kaufland takes the money itself: a unit can be sent once it has it"}},
	// OrderDisplayFinancialStatus EXPIRED: not captured by the provider's deadline, or the provider could not process it; and
	// OrderCancelReason DECLINED (Admin API, GraphQL). "voided" is an order that somebody has cancelled.
	"shopify": {Says: "expired", Word: schemas.Word{Send: "DECLINED"}},
	// The status "failed" (WooCommerce, Order statuses).
	"woocommerce": {Says: "failed", Word: schemas.Word{Why: "the shop has said so itself, and lets its buyer pay again"}},
}

// RefusalOf is a channel's.
func RefusalOf(channel string) schemas.Refusal { return refusals[channel] }

// WhyNotRejected is why a channel is not told that an order is rejected; "" if it has a call for it.
func WhyNotRejected(channel string) string {
	if refusals[channel].Send != "" {
		return ""
	}
	return WhyNotAccepted(channel)
}
