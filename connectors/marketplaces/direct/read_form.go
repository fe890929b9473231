package direct

import (
	"strings"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
)

// Limits of an order.
const (
	quantityMax = 1_000_000
	eansMax     = 100 // of a line
	nameMax     = 40  // characters of an unknown field's name that is told
)

// readForm reads what stands in the document. Where there is no order to go on with, the findings say why.
func readForm(document []byte) (*form, *reading.Findings) {
	f := new(form)
	found, ok := reading.Strict(document, formFields, f, stranger)
	if !ok {
		return nil, found
	}
	return f, found
}

// stranger refuses a field that this format does not have, because a slip of the pen must not be lost. What the sender wants to
// keep with the order for himself is called x, or begins with x_. A name that could be anything, even somebody's, is not told.
func stranger(r *reading.Reader, name string) {
	switch {
	case name == "x" || strings.HasPrefix(name, "x_"):
	case !isName(name):
		r.FaultAt("*", reading.UnknownField, "a field of another name than this format has")
	default:
		r.FaultAt(name, reading.UnknownField, "no field of this format; what is only to be kept is called x, or begins with x_")
	}
}

// isName tells whether it could be the name of a field.
func isName(name string) bool {
	return len(name) <= nameMax && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

var formFields = []reading.Field[form]{
	reading.Named("ref", func(r *reading.Reader, f *form) { f.ref = r.Word() }),
	reading.Named("revision", func(r *reading.Reader, f *form) { f.revision = r.Word() }),
	reading.Named("status", func(r *reading.Reader, f *form) { f.status = r.Text() }),
	reading.Named("source", func(r *reading.Reader, f *form) { f.source = r.Text() }),
	reading.Named("placed_at", func(r *reading.Reader, f *form) { f.placedAt = r.Instant() }),
	reading.Named("currency", func(r *reading.Reader, f *form) { f.currency = r.Text() }),
	reading.Named("total", func(r *reading.Reader, f *form) { f.total = r.Word() }),
	reading.Named("prices_include_tax", func(r *reading.Reader, f *form) { f.pricesIncludeTax = flag(r) }),
	reading.Named("lines", func(r *reading.Reader, f *form) { f.lines = reading.Many(r, lineFields) }),
	reading.Named("charges", func(r *reading.Reader, f *form) { f.charges = reading.Some(r, chargeFields) }),
	reading.Named("discounts", func(r *reading.Reader, f *form) { f.discounts = reading.Some(r, discountFields) }),
	reading.Named("payments", func(r *reading.Reader, f *form) { f.payments = reading.Some(r, paymentFields) }),
	reading.Named("buyer", func(r *reading.Reader, f *form) { f.buyer.given = reading.Object(r, buyerFields, &f.buyer) }),
	reading.Named("ship_to", func(r *reading.Reader, f *form) { f.shipTo.given = reading.Object(r, personFields, &f.shipTo) }),
	reading.Named("bill_to", func(r *reading.Reader, f *form) { f.billTo.given = reading.Object(r, personFields, &f.billTo) }),
	reading.Named("invoice_required", func(r *reading.Reader, f *form) { f.invoiceRequired = r.Flag() }),
	reading.Named("delivery_method", func(r *reading.Reader, f *form) { f.deliveryMethod = r.Text() }),
	reading.Named("pickup_point", func(r *reading.Reader, f *form) { f.pickupPoint.given = reading.Object(r, pointFields, &f.pickupPoint) }),
	reading.Named("ship_by", func(r *reading.Reader, f *form) { f.shipBy = r.Instant() }),
	reading.Named("deliver_from", func(r *reading.Reader, f *form) { f.deliverFrom = r.Instant() }),
	reading.Named("deliver_by", func(r *reading.Reader, f *form) { f.deliverBy = r.Instant() }),
	reading.Named("buyer_note", func(r *reading.Reader, f *form) { f.buyerNote = r.Text() }),
	reading.Named("seller_note", func(r *reading.Reader, f *form) { f.sellerNote = r.Text() }),
	reading.Named("delivery_note", func(r *reading.Reader, f *form) { f.deliveryNote = r.Text() }),
	reading.Named("gift_note", func(r *reading.Reader, f *form) { f.giftNote = r.Text() }),
	reading.Named("purchase_order", func(r *reading.Reader, f *form) { f.purchaseOrder = r.Word() }),
	reading.Named("business", func(r *reading.Reader, f *form) { f.business = r.Flag() }),
	reading.Named("seller_ref", func(r *reading.Reader, f *form) { f.sellerRef = r.Word() }),
}

// flag is nil where there is none.
func flag(r *reading.Reader) *bool {
	if r.Next() != jx.Bool {
		r.Flag()
		return nil
	}
	return new(r.Flag())
}
