package woocommerce

import (
	"cmp"
	"html"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// form is an order as it is read. What needs no thought goes right into ours.
type form struct {
	schemas.Order
	payment                         schemas.Payment
	refunds                         []reading.Refund
	billing, shipping               schemas.Person
	gross                           bool // prices include the tax
	total, totalTax                 string
	lines, shippings, fees, coupons []item
}

// item is a line of any kind. Its amounts are for all pieces; subtotal is before coupons, and all are without the tax.
type item struct {
	schemas.Line
	method, code, subtotal, subtotalTax, total, totalTax string
}

var formFields = []reading.Field[form]{
	reading.Named("id", func(r *reading.Reader, f *form) { f.Ref = r.Word() }),
	reading.Named("number", func(r *reading.Reader, f *form) { f.SellerRef = r.Word() }),
	reading.Named("status", func(r *reading.Reader, f *form) { f.ChannelStatus = r.Text() }),
	reading.Named("currency", func(r *reading.Reader, f *form) { f.Total.Currency = r.Text() }),
	reading.Named("date_created_gmt", func(r *reading.Reader, f *form) { f.PlacedAt = *cmp.Or(r.InstantUTC(), new(schemas.Millis)) }),
	reading.Named("date_modified_gmt", func(r *reading.Reader, f *form) { f.UpdatedAt = r.InstantUTC() }),
	reading.Named("total", func(r *reading.Reader, f *form) { f.total = r.Word() }),
	reading.Named("total_tax", func(r *reading.Reader, f *form) { f.totalTax = r.Word() }),
	reading.Named("prices_include_tax", func(r *reading.Reader, f *form) { f.gross = r.FlagOrText() }),
	reading.Named("customer_id", func(r *reading.Reader, f *form) { f.BuyerRef = known(r) }),
	reading.Named("customer_note", func(r *reading.Reader, f *form) { f.BuyerNote = schemas.Text(r.Text()) }),
	reading.Named("billing", func(r *reading.Reader, f *form) { reading.Object(r, personFields, &f.billing) }),
	reading.Named("shipping", func(r *reading.Reader, f *form) { reading.Object(r, personFields, &f.shipping) }),
	reading.Named("payment_method", func(r *reading.Reader, f *form) { f.payment.Provider = r.Text() }),
	reading.Named("transaction_id", func(r *reading.Reader, f *form) { f.payment.Ref = r.Word() }),
	reading.Named("date_paid_gmt", func(r *reading.Reader, f *form) { f.payment.PaidAt = r.InstantUTC() }),
	reading.Named("line_items", func(r *reading.Reader, f *form) { f.lines = reading.Many(r, itemFields) }),
	reading.Named("shipping_lines", func(r *reading.Reader, f *form) { f.shippings = reading.Some(r, itemFields) }),
	reading.Named("fee_lines", func(r *reading.Reader, f *form) { f.fees = reading.Some(r, itemFields) }),
	reading.Named("coupon_lines", func(r *reading.Reader, f *form) { f.coupons = reading.Some(r, itemFields) }),
	reading.Named("refunds", func(r *reading.Reader, f *form) { f.refunds = reading.Some(r, refundFields) }),
}

// known is an id; 0 stands for a guest, a product that was deleted, no variation.
func known(r *reading.Reader) string { return strings.TrimLeft(r.Word(), "0") }

var itemFields = []reading.Field[item]{
	reading.Named("id", func(r *reading.Reader, i *item) { i.LineRef = r.Word() }),
	reading.Named("name", func(r *reading.Reader, i *item) { i.Title = html.UnescapeString(r.Text()) }),
	reading.Named("method_title", func(r *reading.Reader, i *item) { i.Title = html.UnescapeString(r.Text()) }),
	reading.Named("method_id", func(r *reading.Reader, i *item) { i.method = r.Text() }),
	reading.Named("code", func(r *reading.Reader, i *item) { i.code = r.Text() }),
	reading.Named("product_id", func(r *reading.Reader, i *item) { i.ProductRef = known(r) }),
	reading.Named("variation_id", func(r *reading.Reader, i *item) { i.OfferRef = known(r) }),
	reading.Named("sku", func(r *reading.Reader, i *item) { i.SKU = r.Word() }),
	reading.Named("quantity", func(r *reading.Reader, i *item) { i.Quantity = r.Whole(1, 1_000_000, reading.BadQuantity) }),
	reading.Named("subtotal", func(r *reading.Reader, i *item) { i.subtotal = r.Word() }),
	reading.Named("subtotal_tax", func(r *reading.Reader, i *item) { i.subtotalTax = r.Word() }),
	reading.Named("total", func(r *reading.Reader, i *item) { i.total = r.Word() }),
	reading.Named("total_tax", func(r *reading.Reader, i *item) { i.totalTax = r.Word() }),
	reading.Named("meta_data", func(r *reading.Reader, i *item) { i.LineNote = wishes(r) }),
}

var refundFields = reading.RefundFields("total")

// wishes are what the buyer chose or wrote: a variation, an engraving. A key that begins with _ is not for people.
func wishes(r *reading.Reader) *schemas.Body {
	var text string
	for _, m := range reading.Some(r, metaFields) {
		if m[1] != "" && !strings.HasPrefix(m[0], "_") {
			text += "\n" + m[0] + ": " + m[1]
		}
	}
	return schemas.Text(strings.TrimPrefix(text, "\n"))
}

var metaFields = []reading.Field[[2]string]{
	reading.Named("key", func(r *reading.Reader, m *[2]string) { m[0] = r.Text() }),
	reading.Named("value", func(r *reading.Reader, m *[2]string) { m[1] = r.TextOnly() }), // what plugins keep there besides is not for people
}

// personFields are those of either address. What stands in two fields is put together, whichever comes first.
var personFields = []reading.Field[schemas.Person]{
	reading.Named("first_name", func(r *reading.Reader, p *schemas.Person) { p.Name = strings.TrimSpace(r.Text() + " " + p.Name) }),
	reading.Named("last_name", func(r *reading.Reader, p *schemas.Person) { p.Name = strings.TrimSpace(p.Name + " " + r.Text()) }),
	reading.Named("company", func(r *reading.Reader, p *schemas.Person) { p.Company = r.Text() }),
	reading.Named("address_1", func(r *reading.Reader, p *schemas.Person) { p.Street = strings.Trim(r.Text()+", "+p.Street, ", ") }),
	reading.Named("address_2", func(r *reading.Reader, p *schemas.Person) { p.Street = strings.Trim(p.Street+", "+r.Text(), ", ") }),
	reading.Named("city", func(r *reading.Reader, p *schemas.Person) { p.City = r.Text() }),
	reading.Named("state", func(r *reading.Reader, p *schemas.Person) { p.Region = r.Text() }),
	reading.Named("postcode", func(r *reading.Reader, p *schemas.Person) { p.PostalCode = r.Text() }),
	reading.Named("country", func(r *reading.Reader, p *schemas.Person) { p.Country = strings.ToUpper(r.Text()) }),
	reading.Named("email", func(r *reading.Reader, p *schemas.Person) { p.Email = r.Text() }),
	reading.Named("phone", func(r *reading.Reader, p *schemas.Person) { p.Phone = r.Text() }),
}

// Places is where an order has what an operator corrects. A name of two words is corrected word by word, by the order's own fields.
var (
	Places = reading.Places{"lines[].sku": {"$.line_items[].sku"}}.People("ship_to", "$.shipping", people).People("bill_to", "$.billing", people)
	people = map[string]string{"company": "company", "street": "address_1", "postal_code": "postcode", "city": "city", "region": "state", "country": "country", "phone": "phone", "email": "email"}
)
