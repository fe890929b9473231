package shopify

import (
	"cmp"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// form is an order as it is read. What needs no thought goes right into ours.
type form struct {
	schemas.Order
	of                                     string // the order that it is about, where it is none itself
	source                                 string
	financial, fulfilment                  string
	test, gross                            bool // gross: prices include the tax
	booked, paidIn                         string
	total, current, tax, discounts, duties sum
	fees, tip                              sum
	email, phone                           string
	customer                               *person
	billing, shipping                      *person
	gateways                               []string
	terms                                  string // on which it is paid later
	codes                                  []string
	lines                                  []line
	shippings                              []shipping
	fulfillments                           []fulfillment
	refunds                                []refund
	cancelledAt, processed                 *schemas.Millis
	personal                               bool
	foreign                                bool          // what the buyer pays is in another currency than the shop's
	bought                                 schemas.Money // all of it, before anything was taken out again
	off, removed, removedTax               int64         // taken off lines; taken out again, with its tax; that tax
}

// shipping is a way to deliver, of which an order has one as a rule.
type shipping struct {
	code, title, category string
	removed               bool
	price, discounted     sum
	allocations           []allocation
}

// fulfillment is what was sent together.
type fulfillment struct {
	status string
	pieces []piece
}

// refund is what was taken back together, whether it was sent before or not, and what was paid for it.
type refund struct {
	pieces       []piece
	transactions []transaction
}

// transaction is money that moved, in the currency in which the buyer pays (OrderTransaction).
type transaction struct{ kind, status, amount, currency string }

// piece is how many of a line.
type piece struct {
	line, how string
	quantity  int64
}

var formFields = []reading.Field[form]{
	reading.Named("id", func(r *reading.Reader, f *form) { f.Ref = r.Word() }),
	reading.Named("order_id", func(r *reading.Reader, f *form) { f.of = r.Word() }),
	reading.Named("name", func(r *reading.Reader, f *form) { f.SellerRef = r.Word() }),
	reading.Named("po_number", func(r *reading.Reader, f *form) { f.PurchaseOrder = r.Word() }),
	reading.Named("source_name", func(r *reading.Reader, f *form) { f.source = r.Word() }),
	reading.Named("created_at", func(r *reading.Reader, f *form) { f.PlacedAt = *cmp.Or(r.Instant(), new(schemas.Millis)) }),
	reading.Named("processed_at", func(r *reading.Reader, f *form) { f.processed = r.Instant() }),
	reading.Named("updated_at", func(r *reading.Reader, f *form) { f.dated(r.Stamp()) }),
	reading.Named("cancelled_at", func(r *reading.Reader, f *form) { f.cancelledAt = r.Instant() }),
	reading.Named("financial_status", func(r *reading.Reader, f *form) { f.financial = r.Text() }),
	reading.Named("fulfillment_status", func(r *reading.Reader, f *form) { f.fulfilment = r.Text() }),
	reading.Named("test", func(r *reading.Reader, f *form) { f.test = r.FlagOrText() }),
	reading.Named("currency", func(r *reading.Reader, f *form) { f.booked = r.Text() }),
	reading.Named("presentment_currency", func(r *reading.Reader, f *form) { f.paidIn = r.Text() }),
	reading.Named("taxes_included", func(r *reading.Reader, f *form) { f.gross = r.FlagOrText() }),
	reading.Named("total_price", func(r *reading.Reader, f *form) { f.total.plain(r) }),
	reading.Named("total_price_set", func(r *reading.Reader, f *form) { f.total.set(r) }),
	reading.Named("current_total_price", func(r *reading.Reader, f *form) { f.current.plain(r) }),
	reading.Named("current_total_price_set", func(r *reading.Reader, f *form) { f.current.set(r) }),
	reading.Named("total_tax", func(r *reading.Reader, f *form) { f.tax.plain(r) }),
	reading.Named("total_tax_set", func(r *reading.Reader, f *form) { f.tax.set(r) }),
	reading.Named("total_discounts", func(r *reading.Reader, f *form) { f.discounts.plain(r) }),
	reading.Named("total_discounts_set", func(r *reading.Reader, f *form) { f.discounts.set(r) }),
	reading.Named("original_total_duties_set", func(r *reading.Reader, f *form) { f.duties.set(r) }),
	reading.Named("original_total_additional_fees_set", func(r *reading.Reader, f *form) { f.fees.set(r) }),
	reading.Named("total_tip_received", func(r *reading.Reader, f *form) { f.tip.plain(r) }),
	reading.Named("email", func(r *reading.Reader, f *form) { f.email = cmp.Or(r.Text(), f.email) }),
	reading.Named("contact_email", func(r *reading.Reader, f *form) { f.email = cmp.Or(f.email, r.Text()) }),
	reading.Named("phone", func(r *reading.Reader, f *form) { f.phone = r.Text() }),
	reading.Named("customer", func(r *reading.Reader, f *form) { f.customer = somebody(r) }),
	reading.Named("company", func(r *reading.Reader, f *form) { f.Business = r.Says() }),
	reading.Named("billing_address", func(r *reading.Reader, f *form) { f.billing = somebody(r) }),
	reading.Named("shipping_address", func(r *reading.Reader, f *form) { f.shipping = somebody(r) }),
	reading.Named("note", func(r *reading.Reader, f *form) { f.BuyerNote = schemas.Text(r.Text()) }),
	reading.Named("note_attributes", func(r *reading.Reader, f *form) { f.DeliveryNote = wishes(r) }),
	reading.Named("payment_gateway_names", func(r *reading.Reader, f *form) { f.gateways = r.Words(reading.ItemsMax, reading.TooManyItems) }),
	reading.Named("payment_terms", func(r *reading.Reader, f *form) { reading.Object(r, termsFields, &f.terms) }),
	reading.Named("discount_codes", func(r *reading.Reader, f *form) { f.codes = codes(r) }),
	reading.Named("line_items", func(r *reading.Reader, f *form) { f.lines = reading.Many(r, lineFields) }),
	reading.Named("shipping_lines", func(r *reading.Reader, f *form) { f.shippings = reading.Some(r, shippingFields) }),
	reading.Named("fulfillments", func(r *reading.Reader, f *form) { f.fulfillments = reading.Some(r, fulfillmentFields) }),
	reading.Named("refunds", func(r *reading.Reader, f *form) { f.refunds = reading.Some(r, refundFields) }),
	// Of a request about personal data (shopify.dev, Privacy law compliance), which names a shop and no order.
	reading.Named("shop_domain", func(r *reading.Reader, f *form) { f.personal = r.Says() }),
}

var termsFields = []reading.Field[string]{
	reading.Named("payment_terms_type", func(r *reading.Reader, terms *string) { *terms = r.Text() }),
}

var shippingFields = []reading.Field[shipping]{
	reading.Named("code", func(r *reading.Reader, s *shipping) { s.code = r.Text() }),
	reading.Named("title", func(r *reading.Reader, s *shipping) { s.title = r.Text() }),
	reading.Named("delivery_category", func(r *reading.Reader, s *shipping) { s.category = r.Text() }),
	reading.Named("is_removed", func(r *reading.Reader, s *shipping) { s.removed = r.FlagOrText() }),
	reading.Named("price", func(r *reading.Reader, s *shipping) { s.price.plain(r) }),
	reading.Named("price_set", func(r *reading.Reader, s *shipping) { s.price.set(r) }),
	reading.Named("discounted_price", func(r *reading.Reader, s *shipping) { s.discounted.plain(r) }),
	reading.Named("discounted_price_set", func(r *reading.Reader, s *shipping) { s.discounted.set(r) }),
	reading.Named("discount_allocations", func(r *reading.Reader, s *shipping) { s.allocations = reading.Some(r, allocationFields) }),
}

var fulfillmentFields = []reading.Field[fulfillment]{
	reading.Named("status", func(r *reading.Reader, f *fulfillment) { f.status = r.Text() }),
	reading.Named("line_items", func(r *reading.Reader, f *fulfillment) { f.pieces = reading.Many(r, sentFields) }),
}

var sentFields = []reading.Field[piece]{
	reading.Named("id", func(r *reading.Reader, p *piece) { p.line = r.Word() }),
	reading.Named("quantity", func(r *reading.Reader, p *piece) { p.quantity = r.Whole(0, quantityMax, reading.BadQuantity) }),
}

var refundFields = []reading.Field[refund]{
	reading.Named("refund_line_items", func(r *reading.Reader, f *refund) { f.pieces = reading.Many(r, returnedFields) }),
	reading.Named("transactions", func(r *reading.Reader, f *refund) { f.transactions = reading.Some(r, transactionFields) }),
}

var transactionFields = []reading.Field[transaction]{
	reading.Named("kind", func(r *reading.Reader, t *transaction) { t.kind = r.Text() }),
	reading.Named("status", func(r *reading.Reader, t *transaction) { t.status = r.Text() }),
	reading.Named("amount", func(r *reading.Reader, t *transaction) { t.amount = r.Word() }),
	reading.Named("currency", func(r *reading.Reader, t *transaction) { t.currency = r.Text() }),
}

var returnedFields = []reading.Field[piece]{
	reading.Named("line_item_id", func(r *reading.Reader, p *piece) { p.line = r.Word() }),
	reading.Named("quantity", func(r *reading.Reader, p *piece) { p.quantity = r.Whole(0, quantityMax, reading.BadQuantity) }),
	reading.Named("restock_type", func(r *reading.Reader, p *piece) { p.how = r.Text() }),
}

// codes are those that the buyer typed in.
func codes(r *reading.Reader) (all []string) {
	for _, c := range reading.Some(r, codeFields) {
		if c != "" {
			all = append(all, c)
		}
	}
	return all
}

var codeFields = []reading.Field[string]{
	reading.Named("code", func(r *reading.Reader, c *string) { *c = r.Text() }),
}

// dated says when it changed last: that also tells one version of an order from another.
func (f *form) dated(at reading.Stamp) { f.UpdatedAt, f.Revision = at.At, at.Text }
