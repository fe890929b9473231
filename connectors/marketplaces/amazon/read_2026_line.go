package amazon

import "waybill/connectors/reading"

var line2026 = []reading.Field[line]{
	reading.Named("orderItemId", func(r *reading.Reader, l *line) { l.id = r.Word() }),
	reading.Named("quantityOrdered", func(r *reading.Reader, l *line) { l.count(r) }),
	reading.Named("measurement", func(r *reading.Reader, l *line) { reading.Object(r, measure2026, &l.measure) }),
	reading.Named("associatedOrderItems", func(r *reading.Reader, l *line) { l.drop(r, "a service was bought with it") }),
	reading.Named("programs", linePrograms),
	reading.Named("product", func(r *reading.Reader, l *line) { l.product = reading.Object(r, product2026, l) }),
	reading.Named("proceeds", func(r *reading.Reader, l *line) { reading.Object(r, lineProceeds2026, l) }),
	reading.Named("promotion", func(r *reading.Reader, l *line) { reading.Object(r, promotion2026, l) }),
	reading.Named("cancellation", func(r *reading.Reader, l *line) { reading.Object(r, cancellation2026, l) }),
	reading.Named("fulfillment", func(r *reading.Reader, l *line) { reading.Object(r, lineFulfillment2026, l) }),
	reading.Named("tax", func(r *reading.Reader, l *line) { reading.Object(r, lineTax2026, l) }),
}

var measure2026 = []reading.Field[measure]{
	reading.Named("unit", func(r *reading.Reader, m *measure) { m.unit = r.Text() }),
	reading.Named("value", func(r *reading.Reader, m *measure) { m.value = r.Word() }),
}

var product2026 = []reading.Field[line]{
	reading.Named("asin", func(r *reading.Reader, l *line) { l.asin = r.Word() }),
	reading.Named("title", func(r *reading.Reader, l *line) { l.title = r.Text() }),
	reading.Named("sellerSku", func(r *reading.Reader, l *line) { l.sku = r.Word() }),
	reading.Named("condition", func(r *reading.Reader, l *line) { reading.Object(r, condition2026, l) }),
	reading.Named("price", func(r *reading.Reader, l *line) { reading.Object(r, price2026, l) }),
	reading.Named("customization", func(r *reading.Reader, l *line) { reading.Object(r, customization2026, l) }),
}

var condition2026 = []reading.Field[line]{
	reading.Named("conditionType", func(r *reading.Reader, l *line) { l.condition = r.Text() }),
	reading.Named("conditionSubtype", func(r *reading.Reader, l *line) { l.subtype = r.Text() }),
	reading.Named("conditionNote", func(r *reading.Reader, l *line) { l.conditionNote = r.Text() }),
}

var price2026 = []reading.Field[line]{
	reading.Named("unitPrice", func(r *reading.Reader, l *line) { l.unit = prices2026.Read(r, reading.NegativePrice) }),
}

var customization2026 = []reading.Field[line]{
	reading.Named("customizedUrl", func(r *reading.Reader, l *line) { l.customized = r.Text() }),
}

var lineProceeds2026 = []reading.Field[line]{
	reading.Named("breakdowns", func(r *reading.Reader, l *line) { l.parts = breakdowns(r) }),
}

// breakdowns are what is paid, by category. The total of them is not read: it is their sum.
func breakdowns(r *reading.Reader) []part {
	parts := reading.List(r, breakdown2026, itemsMax, reading.TooManyItems)
	for i := range parts {
		p := &parts[i]
		p.name, p.i = "proceeds.breakdowns[%d].subtotal", i
		p.lowers = p.kind == "DISCOUNT"
	}
	return parts
}

var breakdown2026 = []reading.Field[part]{
	reading.Named("type", func(r *reading.Reader, p *part) { p.kind = r.Text() }),
	reading.Named("status", func(r *reading.Reader, p *part) { p.pending = r.Text() == "PENDING" }),
	reading.Named("subtotal", func(r *reading.Reader, p *part) { p.Amount = prices2026.Read(r, "") }),
}

var promotion2026 = []reading.Field[line]{
	reading.Named("breakdowns", func(r *reading.Reader, l *line) {
		for _, p := range reading.List(r, promotionID2026, itemsMax, reading.TooManyItems) {
			l.promotions = append(l.promotions, p.id)
		}
	}),
}

var promotionID2026 = []reading.Field[named]{
	reading.Named("promotionId", func(r *reading.Reader, n *named) { n.id = r.Word() }),
}

var cancellation2026 = []reading.Field[line]{
	reading.Named("cancellationRequest", func(r *reading.Reader, l *line) { l.cancelAsked = reading.Object(r, request2026, l) }),
	reading.Named("cancellationExecution", func(r *reading.Reader, l *line) {
		l.cancelDone = reading.Object(r, execution2026, l)
	}),
}

var request2026 = []reading.Field[line]{
	reading.Named("cancelReason", func(r *reading.Reader, l *line) { l.cancelReason = r.Text() }),
}

// execution2026 has nothing we use but that it is there: who cancelled, and why, changes nothing any more.
var execution2026 []reading.Field[line]

var lineTax2026 = []reading.Field[line]{
	reading.Named("taxCalculationBreakdowns", func(r *reading.Reader, l *line) { l.collect(r, scheme2026, "IOSS", "UOSS") }),
	reading.Named("taxCollections", func(r *reading.Reader, l *line) { l.collect(r, collection2026, "MARKETPLACE_FACILITATOR") }),
}

var scheme2026 = []reading.Field[named]{
	reading.Named("reportingScheme", func(r *reading.Reader, n *named) { n.kind = r.Text() }),
}

var collection2026 = []reading.Field[named]{
	reading.Named("model", func(r *reading.Reader, n *named) { n.kind = r.Text() }),
}

// collect tells whether Amazon pays the tax, as one of these kinds says.
func (l *line) collect(r *reading.Reader, fields []reading.Field[named], kinds ...string) {
	for _, n := range reading.List(r, fields, itemsMax, reading.TooManyItems) {
		for _, kind := range kinds {
			l.collected = l.collected || n.kind == kind
		}
	}
}
