package ebay

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// line is a line of what was bought. Its costs are for all pieces.
type line struct {
	schemas.Line
	item, variation, status string
	listed, sold            string // the sites
	cost, discounted        price
	delivery                lineDelivery
	collected               []collected
	refunds                 []refund
	shipBy, from, until     *schemas.Millis
}

// lineDelivery is what a line's own delivery costs.
type lineDelivery struct{ cost, off, handling, importing price }

// collected is a tax that eBay takes from the buyer and pays to the state.
type collected struct {
	amount       price
	name, number string // under which eBay is registered: IOSS, OSS, GST
}

// quantityMax is more than anybody orders of one article.
const quantityMax = 1_000_000

var lineFields = []reading.Field[line]{
	reading.Named("lineItemId", func(r *reading.Reader, l *line) { l.LineRef = r.Word() }),
	reading.Named("legacyItemId", func(r *reading.Reader, l *line) { l.item = r.Word() }),
	reading.Named("legacyVariationId", func(r *reading.Reader, l *line) { l.variation = r.Word() }),
	reading.Named("sku", func(r *reading.Reader, l *line) { l.SKU = r.Word() }),
	reading.Named("title", func(r *reading.Reader, l *line) { l.Title = r.Text() }),
	reading.Named("variationAspects", func(r *reading.Reader, l *line) { l.LineNote = aspects(r) }),
	reading.Named("giftDetails", func(r *reading.Reader, l *line) { reading.Object(r, giftFields, l) }),
	reading.Named("quantity", func(r *reading.Reader, l *line) { l.Quantity = r.Whole(1, quantityMax, reading.BadQuantity) }),
	reading.Named("lineItemCost", func(r *reading.Reader, l *line) { l.cost.read(r) }),
	reading.Named("discountedLineItemCost", func(r *reading.Reader, l *line) { l.discounted.read(r) }),
	reading.Named("deliveryCost", func(r *reading.Reader, l *line) { reading.Object(r, deliveryFields, &l.delivery) }),
	reading.Named("appliedPromotions", func(r *reading.Reader, l *line) { l.Discounts = promotions(r) }),
	reading.Named("ebayCollectAndRemitTaxes", func(r *reading.Reader, l *line) { l.collected = reading.Some(r, collectedFields) }),
	reading.Named("lineItemFulfillmentStatus", func(r *reading.Reader, l *line) { l.status = r.Text() }),
	reading.Named("lineItemFulfillmentInstructions", func(r *reading.Reader, l *line) { reading.Object(r, promiseFields, l) }),
	reading.Named("listingMarketplaceId", func(r *reading.Reader, l *line) { l.listed = r.Text() }),
	reading.Named("purchaseMarketplaceId", func(r *reading.Reader, l *line) { l.sold = r.Text() }),
	reading.Named("refunds", func(r *reading.Reader, l *line) { l.refunds = reading.Some(r, refundFields) }),
}

var deliveryFields = []reading.Field[lineDelivery]{
	reading.Named("shippingCost", func(r *reading.Reader, d *lineDelivery) { d.cost.read(r) }),
	reading.Named("discountAmount", func(r *reading.Reader, d *lineDelivery) { d.off.read(r) }),
	reading.Named("handlingCost", func(r *reading.Reader, d *lineDelivery) { d.handling.read(r) }),
	reading.Named("importCharges", func(r *reading.Reader, d *lineDelivery) { d.importing.read(r) }),
}

var collectedFields = []reading.Field[collected]{
	reading.Named("amount", func(r *reading.Reader, c *collected) { c.amount.read(r) }),
	reading.Named("ebayReference", func(r *reading.Reader, c *collected) { reading.Object(r, referenceFields, c) }),
}

var referenceFields = []reading.Field[collected]{
	reading.Named("name", func(r *reading.Reader, c *collected) { c.name = r.Text() }),
	reading.Named("value", func(r *reading.Reader, c *collected) { c.number = r.Word() }),
}

var promiseFields = []reading.Field[line]{
	reading.Named("shipByDate", func(r *reading.Reader, l *line) { l.shipBy = r.Instant() }),
	reading.Named("minEstimatedDeliveryDate", func(r *reading.Reader, l *line) { l.from = r.Instant() }),
	reading.Named("maxEstimatedDeliveryDate", func(r *reading.Reader, l *line) { l.until = r.Instant() }),
}

// giftFields are those of a digital gift card; whom it is for stands in the document alone.
var giftFields = []reading.Field[line]{
	reading.Named("message", func(r *reading.Reader, l *line) { l.GiftNote = schemas.Text(r.Text()) }),
}

// aspects are what tells one variation from the others: "colour: blue".
func aspects(r *reading.Reader) *schemas.Body {
	var text strings.Builder
	for _, a := range reading.Some(r, aspectFields) {
		if a[1] != "" {
			text.WriteString("\n" + a[0] + ": " + a[1])
		}
	}
	return schemas.Text(strings.TrimPrefix(text.String(), "\n"))
}

var aspectFields = []reading.Field[[2]string]{
	reading.Named("name", func(r *reading.Reader, a *[2]string) { a[0] = r.Text() }),
	reading.Named("value", func(r *reading.Reader, a *[2]string) { a[1] = r.Text() }),
}

// promotions name those that made a line cheaper.
func promotions(r *reading.Reader) (ids []string) {
	for _, id := range reading.Some(r, promotionFields) {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

var promotionFields = []reading.Field[string]{
	reading.Named("promotionId", func(r *reading.Reader, id *string) { *id = r.Word() }),
}
