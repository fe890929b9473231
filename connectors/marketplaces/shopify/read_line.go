package shopify

import (
	"strings"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// quantityMax is more than anybody orders of one article.
const quantityMax = 1_000_000

// line is a line of what was bought. Its price is that of one piece, before discounts.
type line struct {
	schemas.Line
	variant, service, status string
	title                    string // without the variant, which the name has
	left                     *int64 // pieces that were not taken out again; nil if it does not say
	download                 bool   // it needs no shipping
	tip                      bool
	price, discount          sum
	allocations              []allocation
	taxes                    []taxLine
}

// allocation is a line's share of a discount.
type allocation struct{ amount sum }

// taxLine is one of the taxes on a line. Whoever is liable pays it to the state.
type taxLine struct {
	price   sum
	rate    string
	channel bool // the channel is liable
}

var lineFields = []reading.Field[line]{
	reading.Named("id", func(r *reading.Reader, l *line) { l.LineRef = r.Word() }),
	reading.Named("variant_id", func(r *reading.Reader, l *line) { l.variant = r.Word() }),
	reading.Named("product_id", func(r *reading.Reader, l *line) { l.ProductRef = r.Word() }),
	reading.Named("sku", func(r *reading.Reader, l *line) { l.SKU = r.Word() }),
	reading.Named("name", func(r *reading.Reader, l *line) { l.Title = r.Text() }),
	reading.Named("title", func(r *reading.Reader, l *line) { l.title = r.Text() }),
	reading.Named("quantity", func(r *reading.Reader, l *line) { l.Quantity = r.Whole(1, quantityMax, reading.BadQuantity) }),
	reading.Named("current_quantity", func(r *reading.Reader, l *line) { l.left = count(r) }),
	reading.Named("fulfillment_service", func(r *reading.Reader, l *line) { l.service = r.Text() }),
	reading.Named("fulfillment_status", func(r *reading.Reader, l *line) { l.status = r.Text() }),
	reading.Named("requires_shipping", func(r *reading.Reader, l *line) { l.download = r.Next() == jx.Bool && !r.Flag() }),
	reading.Named("tip_payment_gateway", func(r *reading.Reader, l *line) { l.tip = r.Says() || l.tip }), // only tips have one
	reading.Named("tip_payment_method", func(r *reading.Reader, l *line) { l.tip = r.Says() || l.tip }),
	reading.Named("price", func(r *reading.Reader, l *line) { l.price.plain(r) }),
	reading.Named("price_set", func(r *reading.Reader, l *line) { l.price.set(r) }),
	reading.Named("total_discount", func(r *reading.Reader, l *line) { l.discount.plain(r) }),
	reading.Named("total_discount_set", func(r *reading.Reader, l *line) { l.discount.set(r) }),
	reading.Named("discount_allocations", func(r *reading.Reader, l *line) { l.allocations = reading.Some(r, allocationFields) }),
	reading.Named("tax_lines", func(r *reading.Reader, l *line) { l.taxes = reading.Some(r, taxFields) }),
	reading.Named("properties", func(r *reading.Reader, l *line) { l.LineNote = wishes(r) }),
}

// count is the number of pieces that comes next, nil if none.
func count(r *reading.Reader) *int64 {
	if r.Next() != jx.Number {
		r.Whole(0, quantityMax, reading.BadQuantity)
		return nil
	}
	n := r.Whole(0, quantityMax, reading.BadQuantity)
	return &n
}

var allocationFields = []reading.Field[allocation]{
	reading.Named("amount", func(r *reading.Reader, a *allocation) { a.amount.plain(r) }),
	reading.Named("amount_set", func(r *reading.Reader, a *allocation) { a.amount.set(r) }),
}

var taxFields = []reading.Field[taxLine]{
	reading.Named("price", func(r *reading.Reader, t *taxLine) { t.price.plain(r) }),
	reading.Named("price_set", func(r *reading.Reader, t *taxLine) { t.price.set(r) }),
	reading.Named("rate", func(r *reading.Reader, t *taxLine) { t.rate = r.Word() }),
	reading.Named("channel_liable", func(r *reading.Reader, t *taxLine) { t.channel = r.FlagOrText() }),
}

// wishes are what the buyer chose or wrote: an engraving, a day. A name that begins with _ is not for people.
func wishes(r *reading.Reader) *schemas.Body {
	var text strings.Builder
	for _, w := range reading.Some(r, wishFields) {
		if w[1] != "" && !strings.HasPrefix(w[0], "_") {
			text.WriteString("\n" + w[0] + ": " + w[1])
		}
	}
	return schemas.Text(strings.TrimPrefix(text.String(), "\n"))
}

var wishFields = []reading.Field[[2]string]{
	reading.Named("name", func(r *reading.Reader, w *[2]string) { w[0] = r.Text() }),
	reading.Named("value", func(r *reading.Reader, w *[2]string) { w[1] = r.TextOnly() }),
}
