package ebay

import (
	"cmp"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// form is an order as it is read. What needs no thought goes right into ours.
type form struct {
	schemas.Order
	notified                       bool
	fulfilment, money, cancel      string
	pricing                        pricing
	buyer                          buyer
	instructions                   []instruction
	lines                          []line
	payments                       []payment
	refunds                        []refund
	fulfiller, vault, verification string // of the program
	off                            int64  // taken off lines
}

// pricing is what the order costs. What lowers it should be below zero.
type pricing struct {
	subtotal, off, delivery, deliveryOff, tax, adjustment, fee, total price
}

// buyer is who bought.
type buyer struct {
	name, taxID string
	registered  *contact
}

// instruction is how the goods go.
type instruction struct {
	kind, carrier, service, reference string
	by                                bool // eBay carries it on
	from, until                       *schemas.Millis
	to                                *contact
	final                             bool // it says where the buyer is
}

// payment is one of the buyer's.
type payment struct {
	schemas.Payment
	status string
	amount price
	held   bool // eBay keeps the seller's money for now
}

// refund is money that was paid back, less the taxes that eBay collects.
type refund struct {
	id, status string
	at         *schemas.Millis // nil until it was issued
	amount     price
}

// in is the amount in the currency of the order, as far as it has one in it.
func (b *refund) in(currency string) reading.Refund {
	if b.amount.currency != currency && b.amount.beforeIn == currency {
		return reading.Refund{Amount: b.amount.before, Currency: currency}
	}
	return reading.Refund{Amount: b.amount.value, Currency: b.amount.currency}
}

var formFields = []reading.Field[form]{
	reading.Named("orderId", func(r *reading.Reader, f *form) { f.Ref = r.Word() }),
	reading.Named("salesRecordReference", func(r *reading.Reader, f *form) { f.SellerRef = r.Word() }),
	reading.Named("creationDate", func(r *reading.Reader, f *form) { f.PlacedAt = *cmp.Or(r.Instant(), new(schemas.Millis)) }),
	reading.Named("lastModifiedDate", func(r *reading.Reader, f *form) { f.dated(r.Stamp()) }),
	reading.Named("orderFulfillmentStatus", func(r *reading.Reader, f *form) { f.fulfilment = r.Text() }),
	reading.Named("orderPaymentStatus", func(r *reading.Reader, f *form) { f.money = r.Text() }),
	reading.Named("buyer", func(r *reading.Reader, f *form) { reading.Object(r, buyerFields, &f.buyer) }),
	reading.Named("buyerCheckoutNotes", func(r *reading.Reader, f *form) { f.BuyerNote = schemas.Text(r.Text()) }),
	reading.Named("pricingSummary", func(r *reading.Reader, f *form) { reading.Object(r, pricingFields, &f.pricing) }),
	reading.Named("cancelStatus", func(r *reading.Reader, f *form) { reading.Object(r, cancelFields, &f.cancel) }),
	reading.Named("paymentSummary", func(r *reading.Reader, f *form) { reading.Object(r, paymentFields, f) }),
	reading.Named("fulfillmentStartInstructions", func(r *reading.Reader, f *form) { f.instructions = reading.Some(r, instructionFields) }),
	reading.Named("lineItems", func(r *reading.Reader, f *form) { f.lines = reading.Many(r, lineFields) }),
	reading.Named("program", func(r *reading.Reader, f *form) { reading.Object(r, programFields, f) }),
	reading.Named("notification", func(r *reading.Reader, f *form) { f.notified = r.Says() }),
}

var pricingFields = []reading.Field[pricing]{
	reading.Named("priceSubtotal", func(r *reading.Reader, p *pricing) { p.subtotal.read(r) }),
	reading.Named("priceDiscount", func(r *reading.Reader, p *pricing) { p.off.read(r) }),
	reading.Named("deliveryCost", func(r *reading.Reader, p *pricing) { p.delivery.read(r) }),
	reading.Named("deliveryDiscount", func(r *reading.Reader, p *pricing) { p.deliveryOff.read(r) }),
	reading.Named("tax", func(r *reading.Reader, p *pricing) { p.tax.read(r) }),
	reading.Named("adjustment", func(r *reading.Reader, p *pricing) { p.adjustment.read(r) }),
	reading.Named("fee", func(r *reading.Reader, p *pricing) { p.fee.read(r) }),
	reading.Named("total", func(r *reading.Reader, p *pricing) { p.total.read(r) }),
}

var cancelFields = []reading.Field[string]{
	reading.Named("cancelState", func(r *reading.Reader, state *string) { *state = r.Text() }),
}

var paymentFields = []reading.Field[form]{
	reading.Named("payments", func(r *reading.Reader, f *form) { f.payments = reading.Some(r, paidFields) }),
	reading.Named("refunds", func(r *reading.Reader, f *form) { f.refunds = reading.Some(r, refundFields) }),
}

// refundFields are those of an order's refund and of a line's (OrderRefund, LineItemRefund).
var refundFields = []reading.Field[refund]{
	reading.Named("refundId", func(r *reading.Reader, b *refund) { b.id = r.Word() }),
	reading.Named("refundStatus", func(r *reading.Reader, b *refund) { b.status = r.Text() }),
	reading.Named("refundDate", func(r *reading.Reader, b *refund) { b.at = r.Instant() }),
	reading.Named("amount", func(r *reading.Reader, b *refund) { b.amount.read(r) }),
}

var paidFields = []reading.Field[payment]{
	reading.Named("paymentMethod", func(r *reading.Reader, p *payment) { p.Provider = r.Text() }),
	reading.Named("paymentReferenceId", func(r *reading.Reader, p *payment) { p.Ref = r.Word() }),
	reading.Named("paymentDate", func(r *reading.Reader, p *payment) { p.PaidAt = r.Instant() }),
	reading.Named("paymentStatus", func(r *reading.Reader, p *payment) { p.status = r.Text() }),
	reading.Named("amount", func(r *reading.Reader, p *payment) { p.amount.read(r) }),
	reading.Named("paymentHolds", func(r *reading.Reader, p *payment) { p.held = held(r) }),
}

// held tells whether one of the holds is on.
func held(r *reading.Reader) (on bool) {
	for _, state := range reading.Some(r, holdFields) {
		on = on || state == "HELD" || state == "HELD_PENDING"
	}
	return on
}

var holdFields = []reading.Field[string]{
	reading.Named("holdState", func(r *reading.Reader, state *string) { *state = r.Text() }),
}

// programFields say who ships, where it is not the seller alone.
var programFields = []reading.Field[form]{
	reading.Named("fulfillmentProgram", func(r *reading.Reader, f *form) {
		reading.Object(r, []reading.Field[string]{reading.Named("fulfilledBy", func(r *reading.Reader, by *string) { *by = r.Text() })}, &f.fulfiller)
	}),
	reading.Named("ebayVault", func(r *reading.Reader, f *form) {
		reading.Object(r, []reading.Field[string]{reading.Named("fulfillmentType", func(r *reading.Reader, kind *string) { *kind = r.Text() })}, &f.vault)
	}),
	reading.Named("authenticityVerification", func(r *reading.Reader, f *form) {
		reading.Object(r, []reading.Field[string]{reading.Named("status", func(r *reading.Reader, status *string) { *status = r.Text() })}, &f.verification)
	}),
}

var instructionFields = []reading.Field[instruction]{
	reading.Named("fulfillmentInstructionsType", func(r *reading.Reader, i *instruction) { i.kind = r.Text() }),
	reading.Named("ebaySupportedFulfillment", func(r *reading.Reader, i *instruction) { i.by = r.FlagOrText() }),
	reading.Named("minEstimatedDeliveryDate", func(r *reading.Reader, i *instruction) { i.from = r.Instant() }),
	reading.Named("maxEstimatedDeliveryDate", func(r *reading.Reader, i *instruction) { i.until = r.Instant() }),
	reading.Named("finalDestinationAddress", func(r *reading.Reader, i *instruction) { i.final = r.Says() }),
	reading.Named("shippingStep", func(r *reading.Reader, i *instruction) { reading.Object(r, stepFields, i) }),
}

var stepFields = []reading.Field[instruction]{
	reading.Named("shipTo", func(r *reading.Reader, i *instruction) { i.to = person(r) }),
	reading.Named("shipToReferenceId", func(r *reading.Reader, i *instruction) { i.reference = r.Word() }),
	reading.Named("shippingCarrierCode", func(r *reading.Reader, i *instruction) { i.carrier = r.Text() }),
	reading.Named("shippingServiceCode", func(r *reading.Reader, i *instruction) { i.service = r.Text() }),
}

// dated says when it changed last: that also tells one version of an order from another.
func (f *form) dated(at reading.Stamp) { f.UpdatedAt, f.Revision = at.At, at.Text }
